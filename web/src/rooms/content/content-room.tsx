import './content.css';
import type { ContentList, ContentPack } from '#contract/platform/content';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { contentQuery } from '../../api/content.ts';
import { useApi, useKeys, useMay } from '../../app/context.tsx';
import { HealthMark } from '../../parts/marks.tsx';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { Ago } from '../../parts/when.tsx';
import { AddPack } from './add-pack.tsx';
import { Keys } from './keys.tsx';
import { PackPane } from './pack-pane.tsx';
import { factsOf, SignatureMark } from './words.tsx';

/** Everything that was imported, in its versions. */
export function ContentRoom() {
  const search = useSearch({ from: '/inside/content' });
  const navigate = useNavigate({ from: '/content' });
  const query = useQuery(contentQuery(useApi()));
  const may = useMay('content.manage');
  const [adding, setAdding] = useState(false);
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  useKeys([
    {
      keys: 'Escape',
      group: 'Content',
      says: 'Close the pane',
      run: () => change({ at: undefined, with: undefined }),
    },
  ]);
  const list = query.data;
  const view = search.view === 'keys' ? 'keys' : 'packs';
  const shown = view === 'packs' ? search.at : undefined;
  return (
    <div className={shown ? 'split' : 'split single'}>
      <section className="list" aria-label="Content" style={{ overflow: 'auto' }}>
        <div className="room-head">
          <h1>Content</h1>
          <span className="line" role="group" aria-label="What to show">
            {(['packs', 'keys'] as const).map((one) => (
              <button
                key={one}
                type="button"
                className="chip"
                aria-pressed={view === one}
                onClick={() => change({ view: one === 'packs' ? undefined : one, at: undefined })}
              >
                {one === 'packs' ? 'Packs' : 'Trusted keys'}
                <b>{list?.[one].length ?? ''}</b>
              </button>
            ))}
          </span>
          {may && (
            <button type="button" className="btn main" onClick={() => setAdding(true)}>
              Import content
            </button>
          )}
        </div>
        {query.isError && (
          <Failure
            what="The content could not be loaded"
            error={query.error}
            retry={() => void query.refetch()}
          />
        )}
        {query.isPending && !query.isError && <Progress what="Loading the content" />}
        {list && view === 'packs' && (
          <Packs list={list} at={shown} open={(at) => change({ at, with: undefined })} />
        )}
        {list && view === 'keys' && <Keys list={list} />}
      </section>
      {shown && list && (
        <PackPane
          key={shown}
          id={shown}
          list={list}
          compared={search.with}
          compare={(other) => change({ with: other })}
          close={() => change({ at: undefined, with: undefined })}
        />
      )}
      {adding && list && <AddPack list={list} close={() => setAdding(false)} />}
    </div>
  );
}

function Packs({
  list,
  at,
  open,
}: {
  list: ContentList;
  at: string | undefined;
  open: (id: string) => void;
}) {
  if (list.packs.length === 0)
    return (
      <Empty title="No content">
        Rules, catalogues and feeds are imported as packs: a file, a folder or an archive. Versions stay side
        by side.
      </Empty>
    );
  const groups = Map.groupBy(list.packs, ({ kind }) => kind);
  return [...groups].map(([kind, packs]) => (
    <section key={kind} className="section">
      <h2>{list.kinds.find((one) => one.kind === kind)?.title ?? kind}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={`Packs: ${kind}`}>
        <table className="table packs">
          <thead>
            <tr>
              <th>Pack</th>
              <th>Version</th>
              <th>State</th>
              <th>Signature</th>
              <th>What</th>
              <th>From</th>
              <th className="number">Imported</th>
              <th>By</th>
            </tr>
          </thead>
          <tbody>
            {packs.map((pack) => (
              <Row key={pack.id} pack={pack} here={pack.id === at} open={() => open(pack.id)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  ));
}

function Row({ pack, here, open }: { pack: ContentPack; here: boolean; open: () => void }) {
  return (
    <tr className={here ? 'picked' : ''}>
      <td>
        <button type="button" className="textual" onClick={open}>
          <b>{pack.name}</b>
        </button>
      </td>
      <td className="mono">{pack.version}</td>
      <td>
        {pack.active ? <HealthMark state="healthy" word="Active" /> : <span className="muted">At rest</span>}
        {pack.older && <div className="high small">made before one that was taken</div>}
      </td>
      <td>
        <SignatureMark pack={pack} />
      </td>
      <td>{factsOf(pack)}</td>
      <td className="muted clip-cell">{pack.origin}</td>
      <td className="number muted">
        <Ago at={pack.importedAt} />
      </td>
      <td className="muted">{pack.importedBy}</td>
    </tr>
  );
}
