import './posture.css';
import type { MaturityDetail, MaturitySummary } from '#contract/essential-eight';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import {
  coverageQuery,
  maturityDetailQuery,
  maturityHistoryQuery,
  maturityQuery,
} from '../../api/posture.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { EnvironmentBadge } from '../../parts/marks.tsx';
import { Empty, Failure, FormProblem, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { plural } from '../../parts/words.ts';
import { Changes } from './changes.tsx';
import { Coverage } from './coverage.tsx';
import { Eight } from './eight.tsx';
import { Gaps } from './gaps.tsx';
import { Others } from './others.tsx';
import { StrategyControls } from './strategy-controls.tsx';
import { Trend } from './trend.tsx';
import { metWords } from './words.tsx';

/** The page of whoever answers for an environment: what is met, what is not, what nobody knows, and what to do next. */
export function PostureRoom() {
  const query = useQuery(maturityQuery(useApi()));
  const search = useSearch({ from: '/inside/posture' });
  const environments = query.data?.environments ?? [];
  const picked =
    environments.find(({ environment }) => environment === search.environment) ?? environments[0];
  return (
    <div className="page">
      {query.isError && (
        <Failure
          what="The posture could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Reading the posture" />}
      {query.data && picked === undefined && (
        <>
          <h1>Posture</h1>
          <Empty title="There is no environment here that you may see">
            The posture is of the provider's own environments. Ask an administrator of the provider for a role
            there.
          </Empty>
        </>
      )}
      {picked && <OfEnvironment environments={environments} picked={picked} />}
      {picked && query.data && <Others others={query.data.others} />}
    </div>
  );
}

function OfEnvironment({
  environments,
  picked,
}: {
  environments: readonly MaturitySummary[];
  picked: MaturitySummary;
}) {
  const api = useApi();
  const navigate = useNavigate({ from: '/posture' });
  const search = useSearch({ from: '/inside/posture' });
  const { environment } = picked;
  const query = useQuery(maturityDetailQuery(api, environment));
  const history = useQuery(maturityHistoryQuery(api, environment));
  const coverage = useQuery(coverageQuery(api, environment));
  const detail = query.data;
  const open = (at: string | undefined) => void navigate({ search: (before) => ({ ...before, at }) });
  const pick = (strategy: string) =>
    void navigate({
      search: (before) => ({
        ...before,
        strategy: before.strategy === strategy ? undefined : strategy,
        at: undefined,
      }),
    });
  return (
    <>
      <div className="room-head">
        <h1>Posture, {picked.name}</h1>
        <span className="line" role="group" aria-label="Environment">
          {environments.map((one) => (
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
        <Target summary={detail ?? picked} />
      </div>
      <Standing summary={detail ?? picked} />
      {query.isError && (
        <Failure
          what="What this environment lacks could not be read"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      <div className="posture-grid">
        <Eight summary={detail ?? picked} picked={search.strategy} pick={pick} />
        {detail ? (
          <Gaps detail={detail} open={open} picked={search.at} />
        ) : (
          <Progress what="Reading the gaps" />
        )}
        {history.data ? (
          <Trend history={history.data} strategies={picked.strategies} />
        ) : (
          <Progress what="Reading the trend" />
        )}
        {detail && <Changes detail={detail} open={open} />}
        {coverage.data && <Coverage posture={coverage.data} />}
      </div>
      {detail && (
        <StrategyControls
          detail={detail}
          strategy={
            search.strategy !== undefined && strategyOfAt(detail, search.strategy, search.at)
              ? search.strategy
              : undefined
          }
          at={search.at}
          open={open}
        />
      )}
    </>
  );
}

/** A control that was opened from elsewhere is shown, even where the strategy picked before doesn't hold it. */
const strategyOfAt = (detail: MaturityDetail, strategy: string, at: string | undefined): boolean => {
  const control = detail.controls.find((one) => one.control === at);
  return control === undefined || control.strategies.some((one) => one === strategy);
};

function Standing({ summary }: { summary: MaturitySummary }) {
  const aside = summary.strategies.filter(({ applies }) => !applies).length;
  return (
    <p className="muted small">
      {metWords[summary.met]}; levels from{' '}
      {summary.levelsFrom === 'catalogue' ? 'the active catalogue' : 'the table that ships'}
      {summary.differences.length > 0 && (
        <span className="high">
          , {plural(summary.differences.length, 'difference')} to the table that ships
        </span>
      )}
      {aside > 0 && `; ${plural(aside, 'strategy', 'strategies')} answered as not applicable`}
      {summary.asOf !== null && (
        <>
          ; oldest evidence <Ago at={summary.asOf} suffix />
        </>
      )}
      ; counted <Ago at={summary.counted} suffix />
    </p>
  );
}

function Target({ summary }: { summary: MaturitySummary }) {
  const api = useApi();
  const cache = useQueryClient();
  const may = useMay('governance.manage');
  const change = useMutation({
    mutationFn: (level: number) =>
      api.send<MaturitySummary>('PUT', `/essential-eight/${summary.environment}/target`, { level }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['essential-eight'] }),
  });
  if (!may) return null;
  return (
    <span className="line">
      <label className="line small muted">
        Target
        <select
          className="field"
          value={summary.target}
          disabled={change.isPending}
          onChange={(event) => change.mutate(Number(event.target.value))}
        >
          {[1, 2, 3].map((level) => (
            <option key={level} value={level}>
              ML{level}
            </option>
          ))}
        </select>
      </label>
      <FormProblem error={change.error} />
    </span>
  );
}
