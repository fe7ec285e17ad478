import { Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi, useSession } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { CopyButton } from '../../parts/value.tsx';

const spans = ['7', '30', '90', '180', '366'].map((days) => ({ value: days, label: `${days} days` }));

export function AddToken({ close }: { close: () => void }) {
  const api = useApi();
  const queryClient = useQueryClient();
  // Nobody can hand out a right they don't have.
  const { permissions, tenancies } = useSession();
  const [name, setName] = useState('');
  const [may, setMay] = useState<string[]>([]);
  const [only, setOnly] = useState<string[]>([]);
  const [days, setDays] = useState<string | null>('90');
  const add = useMutation({
    mutationFn: () =>
      api.send<{ secret: string }>('POST', '/tokens', {
        name: name.trim(),
        permissions: may,
        tenancies: only,
        days: Number(days),
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (add.data)
    return (
      <Modal opened onClose={close} title={`The token “${name}”`} size={560}>
        <p>
          <b>Copy it now: it is shown this once.</b>
        </p>
        <div className="line section">
          <span className="mono grow box code">{add.data.secret}</span>
          <CopyButton text={add.data.secret} what="token" />
        </div>
        <p className="muted small section">
          Send it as <span className="mono">Authorization: Bearer …</span>
        </p>
        <div className="dialog-foot">
          <button type="button" className="btn main" onClick={close}>
            Done
          </button>
        </div>
      </Modal>
    );
  return (
    <Modal opened onClose={close} title="Make an API token" size={480}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() && may.length > 0) add.mutate();
        }}
      >
        <TextInput
          label="Name"
          description="What will use it."
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={120}
          data-autofocus
        />
        <MultiSelect label="It may" required searchable data={permissions} value={may} onChange={setMay} />
        <MultiSelect
          label="Tenancies"
          description="Left empty: all of yours."
          searchable
          data={tenancies.map((one) => ({ value: one.id, label: `${one.organisationName}, ${one.marking}` }))}
          value={only}
          onChange={setOnly}
        />
        <Select label="Ends after" allowDeselect={false} data={spans} value={days} onChange={setDays} />
        <FormProblem error={add.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            className="btn main"
            disabled={!name.trim() || may.length === 0 || add.isPending}
          >
            Make the token
          </button>
        </div>
      </form>
    </Modal>
  );
}
