import { Checkbox, Modal, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { engineersQuery, requestSupport } from '../../api/support.ts';
import { useApi, useSession } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';

const noSystem = { name: 'system-1', host: '', port: 22, account: '', hostKey: '' };

/** What is asked for is what both sides sign: scope, reason, minutes, who. */
export function RequestForm({ close }: { close: () => void }) {
  const api = useApi();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { tenancies } = useSession();
  const engineers = useQuery(engineersQuery(api)).data?.engineers ?? [];
  const [kind, setKind] = useState<'planned' | 'break-glass'>('planned');
  const [tenancy, setTenancy] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const [minutes, setMinutes] = useState<number | string>(60);
  const [named, setNamed] = useState<string[]>([]);
  const [system, setSystem] = useState(noSystem);
  const [recordInput, setRecordInput] = useState(false);
  const most = kind === 'planned' ? 240 : 60;
  const ask = useMutation({
    mutationFn: () =>
      requestSupport(api, {
        kind,
        tenancy: tenancy ?? '',
        reason,
        ticket: ticket.trim() === '' ? null : ticket.trim(),
        minutes: Number(minutes),
        systems: [system],
        engineers: named,
        recordInput,
      }),
    onSuccess: ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: ['support'] });
      close();
      void navigate({ to: '/support/$id', params: { id } });
    },
  });
  const set = (part: Partial<typeof noSystem>) => setSystem({ ...system, ...part });
  return (
    <Modal opened onClose={close} title="Ask for a support session" size={640}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          ask.mutate();
        }}
      >
        <Select
          label="Kind"
          allowDeselect={false}
          data={[
            { value: 'planned', label: 'Planned: approved by the customer, then by the CISO or COO' },
            { value: 'break-glass', label: 'Break glass: two people, both CISOs told at once' },
          ]}
          value={kind}
          onChange={(value) => setKind(value === 'break-glass' ? 'break-glass' : 'planned')}
        />
        <Select
          label="Tenancy"
          required
          searchable
          data={tenancies
            .filter(({ internal }) => !internal)
            .map(({ id, organisationName, marking }) => ({
              value: id,
              label: `${organisationName} (${marking})`,
            }))}
          value={tenancy}
          onChange={setTenancy}
        />
        <Textarea
          label="What is to be done, and why"
          required
          minLength={10}
          maxLength={2000}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <div className="line">
          <TextInput
            label="Ticket"
            value={ticket}
            onChange={(event) => setTicket(event.currentTarget.value)}
          />
          <NumberInput
            label={`Minutes (at most ${most})`}
            min={1}
            max={most}
            value={minutes}
            onChange={setMinutes}
            required
          />
        </div>
        <MultiSelect
          label="Engineers"
          required
          searchable
          data={engineers.map(({ id, name }) => ({ value: id, label: name }))}
          value={named}
          onChange={setNamed}
          maxValues={5}
        />
        <div className="line">
          <TextInput
            label="System’s name"
            required
            value={system.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <TextInput
            label="Host"
            required
            value={system.host}
            onChange={(event) => set({ host: event.currentTarget.value })}
          />
          <NumberInput
            label="Port"
            min={1}
            max={65_535}
            value={system.port}
            onChange={(value) => set({ port: Number(value) })}
          />
          <TextInput
            label="Account"
            required
            value={system.account}
            onChange={(event) => set({ account: event.currentTarget.value })}
          />
        </div>
        <TextInput
          label="Host key"
          description="The fingerprint that ssh-keygen -lf shows. No other key is taken."
          placeholder="SHA256:…"
          required
          value={system.hostKey}
          onChange={(event) => set({ hostKey: event.currentTarget.value.trim() })}
        />
        <Checkbox
          label="Record what is typed too (it may hold passwords)"
          checked={recordInput}
          onChange={(event) => setRecordInput(event.currentTarget.checked)}
        />
        <FormProblem error={ask.error} />
        <div className="dialog-foot">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button
            type="submit"
            className="btn main"
            disabled={ask.isPending || tenancy === null || named.length === 0}
          >
            Ask for it
          </button>
        </div>
      </form>
    </Modal>
  );
}
