import type { SourceAuthentication, SourceCreated } from '#contract/soc/sources';
import { Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addSource, doorsQuery } from '../../api/sources.ts';
import { useApi, useSession } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { FormProblem } from '../../parts/states.tsx';
import { Instructions } from './instructions.tsx';

type Kind = SourceAuthentication['kind'];
const kinds: readonly { value: Kind; label: string }[] = [
  { value: 'token', label: 'A token: Beats, Fluent Bit, Vector, syslog-ng, scripts' },
  { value: 'basic', label: 'User and password: rsyslog, older shippers' },
  { value: 'client-certificate', label: 'A client certificate' },
  { value: 'listener', label: 'Syslog: by listener and sender address' },
];
const formats = ['windows', 'sysmon', 'linux', 'zeek', 'suricata', 'aws-cloudtrail', 'kubernetes-audit'];
const silences: readonly { value: string; label: string }[] = [
  { value: '900', label: '15 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '14400', label: '4 hours' },
  { value: '86400', label: '1 day' },
  { value: '', label: 'Never' },
];

/** Two steps: what it is, then what to copy into the shipper. */
export function AddSource({ close }: { close: (id?: string) => void }) {
  const [created, setCreated] = useState<SourceCreated>();
  return (
    <Modal
      opened
      onClose={() => close(created?.source.id)}
      title={created ? `${created.source.name} is ready` : 'Add a source'}
      size={created ? 760 : 520}
    >
      {created ? (
        <>
          <p className="muted">
            Copy these into the shipper and restart it. The source turns to “Sending” with its first event.
          </p>
          <Instructions source={created.source} secret={created.secret ?? undefined} />
          <div className="dialog-foot">
            <button type="button" className="btn main" onClick={() => close(created.source.id)}>
              Done
            </button>
          </div>
        </>
      ) : (
        <SourceForm done={setCreated} close={() => close()} />
      )}
    </Modal>
  );
}

function SourceForm({ done, close }: { done: (created: SourceCreated) => void; close: () => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const { tenancies } = useSession();
  const scope = useScope();
  const { data: doors } = useQuery(doorsQuery(api));
  const listeners = doors?.doors.filter((door) => door.kind !== 'bulk') ?? [];
  const choices = tenancies.filter((one) => !scope.tenancies || scope.tenancies.includes(one.id));
  const [name, setName] = useState('');
  const [ownId, setOwnId] = useState<string>();
  const [tenancy, setTenancy] = useState<string | null>(
    choices.length === 1 ? (choices[0]?.id ?? null) : null,
  );
  const [kind, setKind] = useState<Kind>('token');
  const [username, setUsername] = useState('');
  const [fingerprint, setFingerprint] = useState('');
  const [listener, setListener] = useState<string | null>(null);
  const [from, setFrom] = useState('');
  const [format, setFormat] = useState<string | null>(null);
  const [silent, setSilent] = useState<string | null>('3600');
  const [recorded, setRecorded] = useState(false);
  const id =
    ownId ??
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 63);

  const create = useMutation({
    mutationFn: () =>
      addSource(api, {
        id,
        name: name.trim(),
        tenancy,
        authentication: authentication(),
        format,
        silentAfterSeconds: silent ? Number(silent) : null,
        recorded,
      }),
    onSuccess: (created) => {
      void queryClient.invalidateQueries({ queryKey: ['sources'] });
      done(created);
    },
  });
  const authentication = (): SourceAuthentication => {
    switch (kind) {
      case 'token':
        return { kind };
      case 'basic':
        return { kind, username: username.trim() || id };
      case 'client-certificate':
        return { kind, sha256Fingerprint: fingerprint.replaceAll(':', '').trim().toLowerCase() };
      case 'listener':
        return { kind, listener: listener ?? '', from: from.trim() || '0.0.0.0/0' };
    }
  };
  const ready =
    name.trim() !== '' && id !== '' && tenancy !== null && (kind !== 'listener' || listener !== null);
  return (
    <form
      className="form-grid"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) create.mutate();
      }}
    >
      <TextInput
        label="Name"
        placeholder="Domain controllers"
        required
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={120}
      />
      <TextInput
        label="Id"
        description="In searches and counters, and fixed from now on."
        required
        value={id}
        onChange={(event) => setOwnId(event.currentTarget.value)}
        maxLength={63}
        pattern="[a-z0-9][a-z0-9_.\-]*"
      />
      <Select
        label="Tenancy"
        description="Everything it sends belongs to this tenancy and to no other."
        required
        searchable
        data={choices.map((one) => ({
          value: one.id,
          label: `${one.organisationName}${one.internal ? ' (internal)' : ''}, ${one.marking}`,
        }))}
        value={tenancy}
        onChange={setTenancy}
      />
      <Select
        label="It proves who it is with"
        allowDeselect={false}
        data={[...kinds]}
        value={kind}
        onChange={(value) => setKind(kinds.find((one) => one.value === value)?.value ?? 'token')}
      />
      {kind === 'basic' && (
        <TextInput
          label="User name"
          placeholder={id}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          maxLength={120}
        />
      )}
      {kind === 'client-certificate' && (
        <TextInput
          label="SHA-256 fingerprint of the certificate"
          description="openssl x509 -in client.pem -noout -fingerprint -sha256"
          required
          value={fingerprint}
          onChange={(event) => setFingerprint(event.currentTarget.value)}
        />
      )}
      {kind === 'listener' && (
        <>
          <Select
            label="Listener"
            required
            data={listeners.map((door) => ({
              value: door.id,
              label: `${door.kind.replace('syslog-', '').toUpperCase()} ${door.host}:${door.port}`,
            }))}
            value={listener}
            onChange={setListener}
            nothingFoundMessage="No syslog listener is configured"
          />
          <TextInput
            label="Sender network"
            placeholder="10.20.0.0/16"
            description="Empty: any address. The narrowest network wins."
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
        </>
      )}
      <Select
        label="Format"
        description="Left empty, each line is recognised by itself."
        clearable
        data={formats}
        value={format}
        onChange={setFormat}
      />
      <Select
        label="Raise an alert when silent for"
        allowDeselect={false}
        data={[...silences]}
        value={silent}
        onChange={setSilent}
      />
      <Checkbox
        label="Old recordings"
        description="Its events keep their own time, however old."
        checked={recorded}
        onChange={(event) => {
          setRecorded(event.currentTarget.checked);
          // A recording ends; that it is silent then is no news.
          if (event.currentTarget.checked) setSilent('');
        }}
      />
      <FormProblem error={create.error} />
      <div className="dialog-foot">
        <button type="button" className="btn" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="btn main" disabled={!ready || create.isPending}>
          Add the source
        </button>
      </div>
    </form>
  );
}
