import type { CausesView, RiskPage, RiskResultView } from '#contract/governance/risk';
import { useMutation } from '@tanstack/react-query';
import { whatIf } from '../../api/risk.ts';
import { useApi } from '../../app/context.tsx';
import { FormProblem } from '../../parts/states.tsx';
import { outcomeId } from './outcomes.tsx';
import { days, lossOf, percent } from './words.ts';

/** Why the picked outcome happens: each way from what was found, with what its number rests on; and what if it were gone. */
export function Causes({
  environment,
  page,
  result,
  picked,
}: {
  environment: string;
  page: RiskPage;
  result: RiskResultView;
  picked: string | undefined;
}) {
  const causes =
    result.causes.find((one) => outcomeId(one) === picked) ??
    (picked === undefined ? result.causes[0] : undefined);
  const outcome = result.outcomes.find((one) => causes !== undefined && outcomeId(one) === outcomeId(causes));
  return (
    <section className="risk-panel risk-box" aria-label="Why">
      <h2>
        Why{' '}
        {outcome && (
          <span className="muted plain">
            {outcome.name} {lossOf[outcome.dimension]}
          </span>
        )}
      </h2>
      {causes === undefined && (
        <p className="muted">Causes are traced for the ten gravest outcomes. This one is not among them.</p>
      )}
      {causes?.sets.map((set) => (
        <Way
          key={set.roots.map(({ id }) => id).join() + set.steps.map(({ edge }) => edge).join()}
          {...{ environment, page, result, set }}
        />
      ))}
      {causes && (
        <p className="muted small">
          Of {causes.looked} draws in which it is lost, the way with the fewest steps in each.
        </p>
      )}
    </section>
  );
}

function Way({
  environment,
  page,
  result,
  set,
}: {
  environment: string;
  page: RiskPage;
  result: RiskResultView;
  set: CausesView['sets'][number];
}) {
  const api = useApi();
  const tried = useMutation({
    mutationFn: () =>
      whatIf(api, environment, {
        findings: set.roots.filter(({ kind }) => kind === 'finding').map(({ id }) => id),
        threats: set.roots.filter(({ kind }) => kind === 'threat').map(({ id }) => id),
      }),
  });
  const name = (asset: string) =>
    page.names[asset] ?? result.outcomes.find((one) => one.asset === asset)?.name ?? asset;
  const last = set.steps.at(-1);
  return (
    <details className="risk-way">
      <summary>
        <span className="num">{percent(set.share)}</span>{' '}
        {set.roots.map(({ title, name: on }) => `${title} on ${on}`).join(' and ')}
        {set.steps.length > 0 && last && (
          <span className="muted"> → {set.steps.map(({ to }) => name(to)).join(' → ')}</span>
        )}
      </summary>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Likelihood × exposure × what controls leave</th>
            <th scope="col">Rests on</th>
          </tr>
        </thead>
        <tbody>
          {set.roots.map((root) => (
            <tr key={root.id}>
              <td>{root.title}</td>
              <td className="num">
                {percent(root.likelihood)} × {root.exposure} × {percent(root.controlsLeave)} ={' '}
                {percent(root.probability)}
              </td>
              <td>
                {root.basis}; {days(root.ageDays)}
                {root.controls.length > 0 && <span className="muted">; {root.controls.join(', ')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" className="btn slim" disabled={tried.isPending} onClick={() => tried.mutate()}>
        What if it were gone?
      </button>
      <FormProblem error={tried.error} />
      {tried.data && (
        <ul className="risk-diff">
          {tried.data.differences.slice(0, 5).map((one) => (
            <li key={outcomeId(one)}>
              {name(one.asset)} {lossOf[one.dimension]}: <span className="num">{percent(one.before)}</span> to{' '}
              <span className="num ok">{percent(one.after)}</span>
            </li>
          ))}
          {tried.data.differences.length === 0 && (
            <li>Nothing would change: other ways lead there as often.</li>
          )}
        </ul>
      )}
    </details>
  );
}
