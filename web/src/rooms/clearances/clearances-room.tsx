import type { ClearanceView } from '#contract/community/clearances';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { clearancesQuery } from '../../api/organisations.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { plural } from '../../parts/words.ts';
import { ClearanceDetail } from './clearance-detail.tsx';
import { ImportClearances } from './import-clearances.tsx';
import { SetClearance } from './set-clearance.tsx';
import { levelWord, statusWord } from './words.ts';

/** Who is cleared, and whether it counts now. The provider's alone. */
export function ClearancesRoom() {
  const search = useSearch({ from: '/inside/clearances' });
  const navigate = useNavigate({ from: '/clearances' });
  const query = useQuery(clearancesQuery(useApi()));
  const may = useMay('clearance.manage');
  const [doing, setDoing] = useState<'import' | 'set'>();
  const all = query.data?.clearances ?? [];
  const due = all.filter(({ why }) => why.length > 0);
  const shown = search.view === 'due' ? due : all;
  const open = (id: string | undefined) => void navigate({ search: (before) => ({ ...before, at: id }) });
  const picked = all.find(({ person }) => person.id === search.at);
  const actions = may && (
    <>
      <button type="button" className="btn" onClick={() => setDoing('set')}>
        Record a clearance
      </button>
      <button type="button" className="btn main" onClick={() => setDoing('import')}>
        Import a spreadsheet
      </button>
    </>
  );
  return (
    <div className="page">
      <div className="room-head">
        <h1>Clearances</h1>
        {query.data && (
          <span className="line" role="group" aria-label="Which clearances">
            {(['all', 'due'] as const).map((view) => (
              <button
                key={view}
                type="button"
                className="chip"
                aria-pressed={(search.view === 'due') === (view === 'due')}
                onClick={() =>
                  void navigate({
                    search: (before) => ({ ...before, view: view === 'due' ? 'due' : undefined }),
                  })
                }
              >
                {view === 'due' ? `To be looked at (${due.length})` : `All (${all.length})`}
              </button>
            ))}
          </span>
        )}
        {all.length > 0 && actions}
      </div>
      {query.isError && (
        <Failure
          what="The clearances could not be loaded"
          error={query.error}
          retry={() => void query.refetch()}
        />
      )}
      {query.isPending && !query.isError && <Progress what="Loading clearances" />}
      {query.data && all.length === 0 && (
        <Empty title="No clearance is recorded" action={actions}>
          Level, status and sponsor are kept, and nothing of the vetting itself. A clearance counts once a
          security officer has confirmed it with its sponsor, and for a year from then.
        </Empty>
      )}
      {all.length > 0 && (
        <>
          <p className="muted small">
            {plural(all.filter(({ usable }) => usable).length, 'clearance')} of {all.length} count now
          </p>
          <Table clearances={shown} at={search.at} open={open} />
          {shown.length === 0 && <p className="muted section">All of them count, without a remark.</p>}
        </>
      )}
      {picked && <ClearanceDetail clearance={picked} close={() => open(undefined)} />}
      {doing === 'import' && <ImportClearances close={() => setDoing(undefined)} />}
      {doing === 'set' && <SetClearance close={() => setDoing(undefined)} />}
    </div>
  );
}

function Table({
  clearances,
  at,
  open,
}: {
  clearances: readonly ClearanceView[];
  at: string | undefined;
  open: (id: string) => void;
}) {
  return (
    <table className="table section">
      <thead>
        <tr>
          <th>Person</th>
          <th>Level</th>
          <th>Status</th>
          <th>Sponsor</th>
          <th>Confirmed</th>
          <th>Revalidation due</th>
          <th>Citizenship</th>
          <th>Counts</th>
        </tr>
      </thead>
      <tbody>
        {clearances.map((one) => (
          <tr key={one.person.id} className={one.person.id === at ? 'picked' : ''}>
            <td>
              <button type="button" className="textual" onClick={() => open(one.person.id)}>
                <b>{one.person.name}</b>
              </button>
              <div className="muted">{one.person.organisation}</div>
            </td>
            <td>{levelWord[one.level]}</td>
            <td>{statusWord[one.status]}</td>
            <td>
              {one.sponsor}
              {!one.sponsorActive && <span className="critical"> (ended)</span>}
            </td>
            <td>
              {one.confirmedAt === null ? (
                <span className="muted">never</span>
              ) : (
                <Ago at={one.confirmedAt} suffix />
              )}
            </td>
            <td className="mono">{one.revalidationDueOn ?? <span className="muted">none</span>}</td>
            <td>
              {one.citizenships.join(', ')}
              {one.waiver !== null && <span className="muted"> waived</span>}
            </td>
            <td>
              <Counts one={one} />
              {one.why.map(({ code, text }) => (
                <div key={code} className="muted small">
                  {text}
                </div>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Counts({ one }: { one: Pick<ClearanceView, 'usable' | 'why'> }) {
  if (!one.usable) return <HealthMark state="failing" word="Does not count" />;
  return one.why.length > 0 ? (
    <HealthMark state="degraded" word="Counts, with a remark" />
  ) : (
    <HealthMark state="healthy" word="Counts" />
  );
}
