import './assets.css';
import type { AssetSummary } from '#contract/assets';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { assetsQuery, proposalsQuery } from '../../api/assets.ts';
import { useApi, useMay } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { count, plural } from '../../parts/words.ts';
import { AddAsset } from './add-asset.tsx';
import { AssetTable } from './asset-table.tsx';
import { Facets } from './facets.tsx';
import { ImportAssets } from './import-assets.tsx';
import { Proposals } from './proposals.tsx';

const Graph = lazy(() => import('./graph-view.tsx').then(({ GraphView }) => ({ default: GraphView })));

/** The inventory: as a list, as a graph, and what events propose for it. */
export function AssetsRoom() {
  const search = useSearch({ from: '/inside/assets' });
  const navigate = useNavigate({ from: '/assets' });
  const api = useApi();
  const query = useQuery(assetsQuery(api));
  const proposals = useQuery(proposalsQuery(api));
  const may = useMay('asset.manage');
  const { tenancies } = useScope();
  const [doing, setDoing] = useState<'import' | 'add'>();
  const all = useMemo(
    () =>
      (query.data?.assets ?? []).filter(
        ({ tenancy }) => tenancies === undefined || tenancies.includes(tenancy),
      ),
    [query.data, tenancies],
  );
  const text = useDeferredValue(search.text ?? '');
  const shown = useMemo(
    () => all.filter(matching(search.kind, search.state, text)),
    [all, search.kind, search.state, text],
  );
  const waiting = (proposals.data?.proposals ?? []).filter(
    ({ state, tenancy }) => state === 'proposed' && (tenancies === undefined || tenancies.includes(tenancy)),
  );
  const view = search.view === 'graph' || search.view === 'proposed' ? search.view : 'list';
  const actions = may && (
    <>
      <button type="button" className="btn" onClick={() => setDoing('add')}>
        Add an asset
      </button>
      <button type="button" className="btn main" onClick={() => setDoing('import')}>
        Import a file
      </button>
    </>
  );
  const views = [
    ['list', `List (${count(all.length)})`],
    ['graph', 'Graph'],
    ['proposed', `Proposed (${count(waiting.length)})`],
  ] as const;
  return (
    <div className="split single">
      <section className="list" aria-label="Assets">
        <div className="room-head">
          <h1>Assets</h1>
          <span className="line" role="group" aria-label="View">
            {views.map(([name, word]) => (
              <button
                key={name}
                type="button"
                className="chip"
                aria-pressed={view === name}
                onClick={() =>
                  void navigate({
                    search: (before) => ({ ...before, view: name === 'list' ? undefined : name }),
                  })
                }
              >
                {word}
              </button>
            ))}
          </span>
          {all.length > 0 && actions}
        </div>
        {query.isError && (
          <Failure
            what="The inventory could not be loaded"
            error={query.error}
            retry={() => void query.refetch()}
          />
        )}
        {query.isPending && !query.isError && view !== 'graph' && <Progress what="Loading the inventory" />}
        {query.data && all.length === 0 && view === 'list' && (
          <Empty title="Nothing is in the inventory" action={actions}>
            What is worth protecting, and what it depends on. Import what you have: a spreadsheet, osquery,
            lists of packages, SBOMs, VMware and cloud inventories. Duplicates are found by their keys.
          </Empty>
        )}
        {all.length > 0 && view === 'list' && (
          <>
            <Facets all={all} shown={shown.length} />
            <AssetTable rows={shown} />
          </>
        )}
        {view === 'graph' && (
          <Suspense fallback={<Progress what="Loading the graph" />}>
            <Graph />
          </Suspense>
        )}
        {view === 'proposed' && (
          <Proposals all={proposals.data?.proposals ?? []} tenancies={tenancies} may={may} />
        )}
        <p className="unseen" role="status">
          {view === 'list' && query.data ? `${plural(shown.length, 'asset')} shown` : ''}
        </p>
      </section>
      {doing === 'import' && <ImportAssets close={() => setDoing(undefined)} />}
      {doing === 'add' && <AddAsset close={() => setDoing(undefined)} />}
    </div>
  );
}

function matching(kind: string | undefined, state: string | undefined, text: string) {
  const wanted = text.trim().toLowerCase();
  return (one: AssetSummary): boolean =>
    (kind === undefined || one.kind === kind) &&
    (state === undefined || one.state === state) &&
    (wanted === '' ||
      [one.name, one.owner, one.os, one.tenancy].some(
        (part) => part?.toLowerCase().includes(wanted) === true,
      ));
}
