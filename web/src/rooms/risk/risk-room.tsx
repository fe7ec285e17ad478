import './risk.css';
import type { System } from '#contract/governance';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { riskQuery, runNow, systemsQuery } from '../../api/risk.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { EnvironmentBadge } from '../../parts/marks.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count, plural } from '../../parts/words.ts';
import { Causes } from './causes.tsx';
import { Declared } from './declared.tsx';
import { DueFirst } from './due-first.tsx';
import { Outcomes } from './outcomes.tsx';
import { Register } from './register.tsx';
import { FiveByFive } from './table-5x5.tsx';
import { Treatments } from './treatments.tsx';
import { Trend } from './trend.tsx';
import { aud, days } from './words.ts';

/** What may happen, how sure that is, why, and what to do first. */
export function RiskRoom() {
  const query = useQuery(systemsQuery(useApi()));
  const search = useSearch({ from: '/inside/risk' });
  const systems = query.data?.systems ?? [];
  const picked = systems.find(({ environment }) => environment === search.environment) ?? systems[0];
  return (
    <div className="page">
      {query.isError && (
        <Failure
          what="The systems could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Reading the systems" />}
      {query.data && picked === undefined && (
        <>
          <h1>Risk</h1>
          <Empty title="There is no environment here that you may see">
            Risk is of the provider's own environments. Ask an administrator of the provider for a role there.
          </Empty>
        </>
      )}
      {picked && <OfSystem systems={systems} picked={picked} />}
    </div>
  );
}

function OfSystem({ systems, picked }: { systems: readonly System[]; picked: System }) {
  const api = useApi();
  const client = useQueryClient();
  const navigate = useNavigate({ from: '/risk' });
  const search = useSearch({ from: '/inside/risk' });
  const manages = useMay('governance.manage');
  const { environment } = picked;
  const query = useQuery(riskQuery(api, environment));
  const run = useMutation({
    mutationFn: () => runNow(api, environment),
    onSuccess: () => client.invalidateQueries({ queryKey: ['risk', environment] }),
  });
  const page = query.data;
  const result = page?.result;
  const open = (at: string | undefined) => void navigate({ search: (before) => ({ ...before, at }) });
  return (
    <>
      <div className="room-head">
        <h1>Risk, {picked.name}</h1>
        <span className="line" role="group" aria-label="Environment">
          {systems.map((one) => (
            <button
              key={one.environment}
              type="button"
              className="chip"
              aria-pressed={one.environment === environment}
              onClick={() => void navigate({ search: { environment: one.environment } })}
            >
              {one.environment} <EnvironmentBadge marking={one.marking} />
            </button>
          ))}
        </span>
        {manages && (
          <button type="button" className="btn" disabled={run.isPending} onClick={() => run.mutate()}>
            {run.isPending ? 'Working it out…' : 'Work it out now'}
          </button>
        )}
      </div>
      <FormProblem error={run.error} />
      {query.isError && (
        <Failure what="The risk could not be read" error={query.error} retry={() => void query.refetch()} />
      )}
      {query.isPending && !query.isError && <Progress what="Reading the risk" />}
      {page && page.run === null && (
        <Empty title="Nothing was worked out yet">
          Risk is about information assets: add one under Assets, say what its loss would mean, and what it
          depends on. It is then worked out with every change.
        </Empty>
      )}
      {page?.run && result && (
        <>
          <p className="muted small">
            In the next {result.parameters.horizonDays} days, {aud(result.loss.mean)} expected, more than{' '}
            {aud(result.loss.p95)} in 1 of 20. Worked out <Ago at={page.run.at} /> from{' '}
            {plural(result.basis.assets, 'asset')}, {plural(result.basis.findings, 'finding')}
            {result.basis.findingAgeDays && ` (the oldest ${days(result.basis.findingAgeDays.oldest)})`} and{' '}
            {plural(result.basis.controls, 'measure')}, of which nothing is known of{' '}
            {count(result.basis.controlsUnknown.length)}; {count(result.draws)} draws of seed {result.seed}.
          </p>
          <div className="risk-grid">
            <Outcomes page={page} result={result} picked={search.at} open={open} />
            <Causes environment={environment} page={page} result={result} picked={search.at} />
            <DueFirst environment={environment} />
            <Treatments environment={environment} result={result} />
            <FiveByFive page={page} result={result} />
            <Trend runs={page.trend} />
            <Declared environment={environment} />
          </div>
        </>
      )}
      {page && <Register environment={environment} result={result ?? null} />}
    </>
  );
}
