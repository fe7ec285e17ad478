import './sources.css';
import type { SourceWithBalance } from '#contract/soc/sources';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { sourcesQuery } from '../../api/sources.ts';
import { useApi, useKeys, useMay, useTenancies } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { TenancyBadge } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { count } from '../../parts/words.ts';
import { AddSource } from './add-source.tsx';
import { Balance, BalanceLegend } from './balance.tsx';
import { SourceDetail } from './source-detail.tsx';
import { SourceState } from './source-state.tsx';

export function SourcesRoom() {
  const search = useSearch({ from: '/inside/sources' });
  const navigate = useNavigate({ from: '/sources' });
  const { tenancies } = useScope();
  const may = useMay('source.manage');
  const query = useQuery(sourcesQuery(useApi(), true));
  const sources = (query.data?.sources ?? []).filter(
    (source) => !tenancies || tenancies.includes(source.tenancy),
  );
  const open = (at: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, at, add: undefined }), replace: true });
  const position = sources.findIndex((source) => source.id === search.at);
  const step = (by: number) =>
    open(sources[position < 0 ? 0 : Math.min(sources.length - 1, Math.max(0, position + by))]?.id);
  const shown = sources[position];

  useKeys([
    { keys: 'j', group: 'Sources', says: 'Next source', run: () => step(1) },
    { keys: 'k', group: 'Sources', says: 'Source before', run: () => step(-1) },
    { keys: 'Escape', group: 'Sources', says: 'Close the pane', run: () => open(undefined) },
  ]);
  const add = (
    <button
      type="button"
      className="btn main"
      onClick={() => void navigate({ search: (before) => ({ ...before, add: '1' }) })}
    >
      Add a source
    </button>
  );
  const silent = sources.filter((source) => source.balance.silent).length;
  const rate = sources.reduce((sum, source) => sum + source.balance.eventsPerSecond, 0);
  return (
    <div className={shown ? 'split' : 'split single'}>
      <section className="list" aria-label="Sources">
        <div className="room-head">
          <h1>Sources</h1>
          {sources.length > 0 && (
            <span className="muted small">
              {count(sources.length)} sources, {rate.toFixed(rate < 10 ? 1 : 0)} events/s
              {silent > 0 && `, ${silent} silent`}
            </span>
          )}
          {may && sources.length > 0 && add}
        </div>
        {sources.length > 0 && <BalanceLegend />}
        {query.isError && (
          <Failure
            what="The sources could not be loaded"
            error={query.error}
            retry={() => void query.refetch()}
          />
        )}
        {query.isPending && !query.isError && <Progress what="Loading sources" />}
        {query.isSuccess && sources.length === 0 && (
          <Empty title="No source sends to this system yet" action={may ? add : undefined}>
            A source is one sender of logs: a shipper, a syslog device, a script. It belongs to exactly one
            tenancy, and proves who it is. Add one, and copy its settings into the shipper you already run.
          </Empty>
        )}
        {sources.length > 0 && (
          <div className="scroll bleed" tabIndex={0} role="region" aria-label="All sources">
            <table className="table sources-table">
              <thead>
                <tr>
                  <th>Source</th>
                  <th>Tenancy</th>
                  <th>State</th>
                  <th className="number">Events/s</th>
                  <th className="balance-column">Balance</th>
                  <th className="number extra">Received</th>
                  <th className="number extra">Rejected</th>
                  <th className="number extra">Pending</th>
                  <th className="number">Last event</th>
                </tr>
              </thead>
              <tbody>
                {sources.map((source) => (
                  <SourceRow
                    key={source.id}
                    source={source}
                    here={source.id === search.at}
                    open={() => open(source.id)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      {shown && <SourceDetail key={shown.id} source={shown} />}
      {search.add && may && (
        <AddSource
          close={(id) =>
            void navigate({ search: (before) => ({ ...before, add: undefined, at: id ?? before.at }) })
          }
        />
      )}
    </div>
  );
}

function SourceRow({ source, here, open }: { source: SourceWithBalance; here: boolean; open: () => void }) {
  const tenancy = useTenancies().get(source.tenancy);
  const { balance } = source;
  return (
    <tr className={here ? 'openable picked' : 'openable'} onClick={open}>
      <td>
        <button
          type="button"
          className="textual plain"
          onClick={open}
          aria-current={here ? 'true' : undefined}
        >
          {source.name}
        </button>
        <div className="mono muted">{source.id}</div>
      </td>
      <td>
        <TenancyBadge tenancy={tenancy} id={source.tenancy} />
      </td>
      <td>
        <SourceState source={source} />
      </td>
      <td className="number">{balance.eventsPerSecond.toFixed(balance.eventsPerSecond < 10 ? 1 : 0)}</td>
      <td>
        <Balance balance={balance} />
      </td>
      <td className="number extra">{count(balance.received)}</td>
      <td className={balance.rejected > 0 ? 'number extra high' : 'number extra muted'}>
        {count(balance.rejected)}
      </td>
      <td className="number extra">{count(balance.pending)}</td>
      <td className="number muted">{balance.lastEventAt ? <Ago at={balance.lastEventAt} /> : 'never'}</td>
    </tr>
  );
}
