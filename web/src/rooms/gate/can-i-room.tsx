import type { RuleList } from '#contract/community/gate';
import { Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { rulesQuery } from '../../api/gate.ts';
import { useApi, useSession } from '../../app/context.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Answer } from './answer.tsx';
import { Requests } from './requests.tsx';
import './gate.css';

/** May I? Everything that is missing in one list, who can mend it, and a button to ask for it. */
export function CanIRoom() {
  const query = useQuery(rulesQuery(useApi()));
  const { action, type, id } = useSearch({ from: '/inside/can-i' });
  return (
    <div className="page">
      <div className="room-head">
        <h1>Can I?</h1>
      </div>
      {query.isError && (
        <Failure
          what="The rules of the gate could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading the rules of the gate" />}
      {query.data && <Ask key={`${action} ${type} ${id}`} rules={query.data} />}
      {action && type && id && <Answer question={{ action, resource: { type, id } }} />}
      <Requests />
    </div>
  );
}

const typeWord: Readonly<Record<string, string>> = {
  tenancy: 'Tenancy',
  service: 'Service',
  data: 'Data of a tenancy',
  agreement: 'Agreement',
  environment: 'Environment',
  system: 'System',
  change: 'Change',
  'support-session': 'Support session',
  'break-glass': 'Emergency session',
};

function Ask({ rules }: { rules: RuleList }) {
  const asked = useSearch({ from: '/inside/can-i' });
  const navigate = useNavigate({ from: '/can-i' });
  const { tenancies, permissions } = useSession();
  const [action, setAction] = useState(asked.action ?? null);
  const policy = action === null ? undefined : rules.parameters.actions[action];
  const [type, setType] = useState(asked.type ?? null);
  const [id, setId] = useState(asked.id ?? '');
  const types = policy?.resources ?? [];
  const chosen = types.find((one) => one === type) ?? types[0];
  // Staff of the provider find their own actions first; the others are there to be asked about too.
  const staff = permissions.includes('health.read');
  const listed = Object.entries(rules.parameters.actions).sort(
    ([, a], [, b]) => rank(a.by, staff) - rank(b.by, staff) || a.label.localeCompare(b.label),
  );
  const ready = chosen !== undefined && id.trim() !== '';
  return (
    <form
      className="gate-ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (action !== null && ready)
          void navigate({ search: (before) => ({ ...before, action, type: chosen, id: id.trim() }) });
      }}
    >
      <Select
        label="What"
        searchable
        data={listed.map(([value, { label }]) => ({ value, label }))}
        value={action}
        onChange={setAction}
        placeholder="What do you want to do?"
        w={280}
      />
      {types.length > 1 && (
        <Select
          label="To"
          allowDeselect={false}
          data={types.map((value) => ({ value, label: typeWord[value] ?? value }))}
          value={chosen ?? null}
          onChange={setType}
          w={180}
        />
      )}
      {chosen === 'tenancy' ? (
        <Select
          label="Which tenancy"
          searchable
          data={tenancies.map((one) => ({
            value: one.id,
            label: `${one.organisationName} (${one.marking})`,
          }))}
          value={id === '' ? null : id}
          onChange={(value) => setId(value ?? '')}
          w={280}
        />
      ) : (
        <TextInput
          label={chosen === undefined ? 'Which' : `Which ${(typeWord[chosen] ?? chosen).toLowerCase()}`}
          placeholder="its id"
          maxLength={200}
          disabled={chosen === undefined}
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          w={280}
        />
      )}
      <button type="submit" className="btn main" disabled={!ready}>
        Ask the gate
      </button>
    </form>
  );
}

const rank = (by: 'tenant' | 'provider' | 'either', staff: boolean): number =>
  by === 'either' ? 1 : (by === 'provider') === staff ? 0 : 2;
