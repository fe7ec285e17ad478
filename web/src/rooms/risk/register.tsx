import type { RiskResultView, RiskView } from '#contract/governance/risk';
import { Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { acceptRisk, addRisk, registerQuery } from '../../api/risk.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { FormDialog } from '../../parts/dialog.tsx';
import { Failure, Progress } from '../../parts/states.tsx';
import { Exact } from '../../parts/when.tsx';
import { outcomeId } from './outcomes.tsx';
import { lossOf, percent, treatmentWord } from './words.ts';

/** What people decided: each risk with its treatment, and whether an acceptance still holds. */
export function Register({ environment, result }: { environment: string; result: RiskResultView | null }) {
  const query = useQuery(registerQuery(useApi(), environment));
  const manages = useMay('governance.manage');
  const [adding, setAdding] = useState(false);
  return (
    <section className="risk-panel" aria-label="Register">
      <div className="line apart">
        <h2>Register</h2>
        {manages && result && (
          <button type="button" className="btn slim" onClick={() => setAdding(true)}>
            Write a risk down
          </button>
        )}
      </div>
      {query.isError && (
        <Failure
          what="The register could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Reading the register" />}
      {query.data?.risks.length === 0 && <p className="muted">No risk is written down here yet.</p>}
      {query.data && query.data.risks.length > 0 && (
        <div className="scroll-x">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Risk</th>
                <th scope="col">Now, 5 to 95 %</th>
                <th scope="col">Treatment</th>
                <th scope="col">Owner</th>
                <th scope="col">Due</th>
                <th scope="col">Accepted</th>
              </tr>
            </thead>
            <tbody>
              {query.data.risks.map((risk) => (
                <Line key={risk.id} environment={environment} risk={risk} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {adding && result && (
        <AddRisk environment={environment} result={result} close={() => setAdding(false)} />
      )}
    </section>
  );
}

function Line({ environment, risk }: { environment: string; risk: RiskView }) {
  const accepts = useMay('risk.accept');
  const [open, setOpen] = useState(false);
  return (
    <tr>
      <td>{risk.title}</td>
      <td className="num">
        {risk.now === null ? 'no figure' : `${percent(risk.now.low)} to ${percent(risk.now.high)}`}
      </td>
      <td>{treatmentWord[risk.treatment]}</td>
      <td>{risk.owner}</td>
      <td>{risk.dueAt === null ? '' : <Exact at={risk.dueAt} />}</td>
      <td>
        {risk.acceptance === null ? (
          <span className="muted">no </span>
        ) : risk.acceptance.lapsedBecause === null ? (
          <span>
            up to {percent(risk.acceptance.ceiling)} until <Exact at={risk.acceptance.until} />{' '}
          </span>
        ) : (
          <span className="high">Lapsed. {risk.acceptance.lapsedBecause} </span>
        )}
        {accepts && risk.closedAt === null && (
          <button type="button" className="btn slim" onClick={() => setOpen(true)}>
            Accept
          </button>
        )}
        {open && <Accept environment={environment} risk={risk} close={() => setOpen(false)} />}
      </td>
    </tr>
  );
}

function Accept({ environment, risk, close }: { environment: string; risk: RiskView; close: () => void }) {
  const api = useApi();
  const [ceiling, setCeiling] = useState(risk.now === null ? '' : String(Math.ceil(risk.now.high * 110)));
  const [until, setUntil] = useState('');
  const [why, setWhy] = useState('');
  const limit = Number(ceiling) / 100;
  return (
    <FormDialog
      title={`Accept “${risk.title}”`}
      verb="Accept it"
      ready={limit > 0 && limit <= 1 && until !== '' && why.trim() !== ''}
      send={() =>
        acceptRisk(api, risk.id, { ceiling: limit, until: `${until}T00:00:00.000Z`, why: why.trim() })
      }
      said={(one) => `“${one.title}” is accepted.`}
      asks={[['risk', environment, 'register']]}
      close={close}
    >
      <TextInput
        label="Ceiling, %"
        description="It lapses when the upper end of the interval is above."
        type="number"
        min="0.1"
        max="100"
        step="0.1"
        required
        value={ceiling}
        onChange={(event) => setCeiling(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Until"
        type="date"
        required
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Textarea
        label="Why"
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function AddRisk({
  environment,
  result,
  close,
}: {
  environment: string;
  result: RiskResultView;
  close: () => void;
}) {
  const api = useApi();
  const options = result.outcomes.filter(({ probability }) => probability > 0).slice(0, 100);
  const [picked, setPicked] = useState(options[0] ? outcomeId(options[0]) : null);
  const [treatment, setTreatment] = useState<RiskView['treatment']>('modify');
  const [owner, setOwner] = useState('');
  const outcome = options.find((one) => outcomeId(one) === picked);
  return (
    <FormDialog
      title="Write a risk down"
      verb="Add it"
      ready={outcome !== undefined && owner.trim() !== ''}
      send={() =>
        addRisk(api, environment, {
          title: `${outcome?.name ?? ''} ${lossOf[outcome?.dimension ?? 'A']}`,
          asset: outcome?.asset ?? '',
          dimension: outcome?.dimension ?? 'A',
          treatment,
          owner: owner.trim(),
        })
      }
      said={(one) => `“${one.title}” is in the register.`}
      asks={[['risk', environment, 'register']]}
      close={close}
    >
      <Select
        label="What may happen"
        allowDeselect={false}
        searchable
        data={options.map((one) => ({
          value: outcomeId(one),
          label: `${one.name} ${lossOf[one.dimension]}, ${percent(one.probability)}`,
        }))}
        value={picked}
        onChange={setPicked}
      />
      <Select
        label="Treatment"
        allowDeselect={false}
        data={treatments.map((value) => ({ value, label: treatmentWord[value] }))}
        value={treatment}
        onChange={(value) => setTreatment(treatments.find((one) => one === value) ?? 'modify')}
      />
      <TextInput
        label="Owner"
        required
        maxLength={200}
        value={owner}
        onChange={(event) => setOwner(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}
const treatments = ['avoid', 'modify', 'share', 'retain'] as const;
