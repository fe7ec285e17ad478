import type { AgreementOverview, AgreementStateView } from '#contract/community/agreements';
import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { agreementsKey } from '../../api/agreements.ts';
import { useApi } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Exact } from '../../parts/when.tsx';

type Standing = AgreementOverview['standings'][number];
type Given = { one: Standing; close: () => void };

const asks = [agreementsKey, ['organisations'], ['session']] as const;

function Why({ label, value, change }: { label: string; value: string; change: (to: string) => void }) {
  return (
    <Textarea
      label={label}
      required
      autosize
      minRows={2}
      maxLength={1000}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      data-autofocus
    />
  );
}

/** By the provider; it says why, and both sides see it. */
export function Suspend({ one, close }: Given) {
  const api = useApi();
  const [reason, setReason] = useState('');
  const { organisation, environment, name } = one;
  return (
    <FormDialog
      title={`Suspend ${name} in ${environment}`}
      verb="Suspend"
      ready={reason.trim() !== ''}
      send={() => api.send('POST', '/agreements/steps', { organisation, environment, do: 'suspend', reason })}
      said={() => `${name} is suspended in ${environment}. Its data and workloads are as they were.`}
      asks={asks}
      close={close}
    >
      <p className="small">
        New service, ordinary sign-in and support stop at once. Nothing is deleted, and running workloads are
        not touched.
      </p>
      <Why label="Why; the customer reads it" value={reason} change={setReason} />
    </FormDialog>
  );
}

export function Resume({ one, close }: Given) {
  const api = useApi();
  const { organisation, environment, name } = one;
  return (
    <FormDialog
      title={`Lift the suspension of ${name} in ${environment}`}
      verb="Lift it"
      ready
      send={() => api.send('POST', '/agreements/steps', { organisation, environment, do: 'resume' })}
      said={() => `The suspension of ${name} in ${environment} is lifted.`}
      asks={asks}
      close={close}
    >
      <p className="small">
        Suspended since {one.state.until === null ? 'a while' : <Exact at={one.state.until} />}
        {one.state.reason === null ? '.' : `: ${one.state.reason}`}
      </p>
    </FormDialog>
  );
}

/** The organisation has left: only a new invitation leads back, so the name is typed. */
export function End({ one, close }: Given) {
  const api = useApi();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const { organisation, environment, name } = one;
  return (
    <FormDialog
      title={`End the agreement of ${name} in ${environment}`}
      verb="End it for good"
      ready={reason.trim() !== '' && typed.trim() === name}
      send={() =>
        api.send('POST', '/agreements/steps', { organisation, environment, do: 'terminate', reason })
      }
      said={() => `The agreement of ${name} in ${environment} has ended.`}
      asks={asks}
      close={close}
    >
      <p className="small">
        Receipts stay. To come back, the organisation is invited again and signs the newest version.
      </p>
      <Why label="Why" value={reason} change={setReason} />
      <TextInput
        label={`Type “${name}”`}
        required
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** Notice by the organisation's CIO or CISO, and how its data leaves. */
export function Withdraw({ one, close }: Given) {
  const api = useApi();
  const [reason, setReason] = useState('');
  const [exitPlan, setExitPlan] = useState('');
  const [from, setFrom] = useState('');
  const [typed, setTyped] = useState('');
  const { environment, name } = one;
  return (
    <FormDialog
      title={`Withdraw from ${environment}`}
      verb="Withdraw"
      ready={reason.trim() !== '' && exitPlan.trim() !== '' && typed.trim() === name}
      send={() =>
        api.send<AgreementStateView>('POST', '/agreements/notices', {
          environment,
          do: 'withdraw',
          reason,
          exitPlan,
          ...(from !== '' && { effectiveAt: new Date(from).toISOString() }),
        })
      }
      said={({ state }) =>
        state === 'withdrawn'
          ? `The agreement for ${environment} is withdrawn.`
          : `Notice is given. The agreement for ${environment} ends when it takes effect.`
      }
      asks={asks}
      close={close}
    >
      <p className="small">
        From then on there is no service in {environment}. Officers can still take the data out, and it is
        kept for 30 days after your organisation has left.
      </p>
      <Why label="Why" value={reason} change={setReason} />
      <Textarea
        label="How the data leaves"
        description="Who takes what out, where to, by when."
        required
        autosize
        minRows={2}
        maxLength={4000}
        value={exitPlan}
        onChange={(event) => setExitPlan(event.currentTarget.value)}
      />
      <TextInput
        label="It takes effect"
        description="Left empty: at once."
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label={`Type “${name}”`}
        required
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

/** The one who signed holds no office any more; who holds it now stands by what was signed. */
export function Confirm({ one, close }: Given) {
  const api = useApi();
  const { environment, state } = one;
  return (
    <FormDialog
      title={`Stand by version ${state.version ?? ''} for ${environment}`}
      verb="I stand by it"
      ready
      send={() => api.send('POST', '/agreements/notices', { environment, do: 'confirm' })}
      said={() => `You stand by the agreement for ${environment}.`}
      asks={asks}
      close={close}
    >
      <p className="small">
        Whoever signed for your organisation holds the office no more. The organisation is bound all the same.
        As the new CIO or CISO you confirm that you know of it; read it under “Versions” first.
      </p>
    </FormDialog>
  );
}
