import type { AssetGraph } from '#contract/assets';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { graphQuery } from '../../api/assets.ts';
import { useApi } from '../../app/context.tsx';
import { useScope } from '../../app/scope.ts';
import { Empty, Failure, Progress } from '../../parts/states.tsx';
import { count, plural } from '../../parts/words.ts';
import { GraphCanvas } from './graph-canvas.tsx';
import {
  around,
  groupsOf,
  type Item,
  neighboursOf,
  type Picture,
  pictureOf,
  readable,
  within,
} from './graph-model.ts';
import { kindWord, stateWord } from './words.ts';

/** The inventory as a picture: layers by kind, groups that open, or one asset and what is around it. */
export function GraphView() {
  const query = useQuery(graphQuery(useApi()));
  if (query.isError)
    return (
      <Failure what="The graph could not be loaded" error={query.error} retry={() => void query.refetch()} />
    );
  if (query.data === undefined) return <Progress what="Loading the graph" />;
  return <Scoped graph={query.data} />;
}

function Scoped({ graph }: { graph: AssetGraph }) {
  const { tenancies, value } = useScope();
  const own = useMemo(() => within(graph, tenancies), [graph, tenancies]);
  if (own.ids.length === 0) return <Empty title="Nothing is in the inventory" />;
  return <Loaded key={value} graph={own} />;
}

function Loaded({ graph }: { graph: AssetGraph }) {
  const search = useSearch({ from: '/inside/assets' });
  const navigate = useNavigate({ from: '/assets' });
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(graph.ids.length <= readable ? groupsOf(graph).keys() : []),
  );
  const [steps, setSteps] = useState(2);
  const [picked, setPicked] = useState<{ picture: Picture; item: number }>();
  const [lines, setLines] = useState({ drawn: 0, inSight: 0 });
  const [asTable, setAsTable] = useState(false);
  const neighbours = useMemo(() => neighboursOf(graph), [graph]);
  const focus = search.at === undefined ? -1 : graph.ids.indexOf(search.at);
  const picture = useMemo(
    () => pictureOf(graph, focus < 0 ? undefined : around(neighbours, focus, steps), open),
    [graph, neighbours, focus, steps, open],
  );
  const chosen =
    picked?.picture === picture
      ? picked.item
      : picture.items.findIndex(({ node }) => node === focus && node >= 0);
  const choose = (item: number): void => setPicked({ picture, item });
  const focusOn = (id: string | undefined): void =>
    void navigate({ search: (before) => ({ ...before, at: id }) });
  const toggle = (group: string): void =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(group)) next.add(group);
      return next;
    });
  const enter = (at: number): void => {
    const item = picture.items[at];
    if (item === undefined) return;
    if (item.node < 0) toggle(item.group);
    else focusOn(graph.ids[item.node]);
  };
  const item = picture.items[chosen];
  return (
    <>
      <div className="graph-bar">
        <Find graph={graph} focusOn={focusOn} />
        {focus >= 0 && (
          <span className="line" role="group" aria-label="How far around it">
            {[1, 2, 3].map((far) => (
              <button
                key={far}
                type="button"
                className="chip"
                aria-pressed={steps === far}
                onClick={() => setSteps(far)}
              >
                {plural(far, 'step')}
              </button>
            ))}
            <button type="button" className="btn slim" onClick={() => focusOn(undefined)}>
              Whole graph
            </button>
          </span>
        )}
        {focus < 0 && <Groups graph={graph} open={open} toggle={toggle} setOpen={setOpen} />}
        <button type="button" className="chip" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          As a table
        </button>
      </div>
      {asTable ? (
        <GraphTable graph={graph} picture={picture} enter={enter} />
      ) : (
        <div className="asset-graph">
          <GraphCanvas
            picture={picture}
            chosen={chosen}
            choose={choose}
            enter={enter}
            back={() => (focus >= 0 ? focusOn(undefined) : setOpen(new Set()))}
            told={setLines}
          />
        </div>
      )}
      <p className="graph-foot small line wide wrap" role="status">
        {item === undefined ? (
          <span className="muted">
            Click an asset or a group to choose it, and again to open it. Drag to move, scroll to zoom.
          </span>
        ) : (
          <Chosen item={item} graph={graph} />
        )}
        <span className="muted">
          {plural(picture.items.length, 'item')}, {plural(picture.lines.length, 'edge')}
          {!asTable &&
            lines.drawn < lines.inSight &&
            `; the ${count(lines.drawn)} strongest of ${count(lines.inSight)} in sight are drawn`}
        </span>
      </p>
    </>
  );
}

function Chosen({ item, graph }: { item: Item; graph: AssetGraph }) {
  const kind = kindWord[graph.kinds[item.kind] ?? 'host'];
  if (item.node < 0)
    return (
      <span>
        <b>{item.label}</b>{' '}
        <span className="muted">{plural(item.size, kind.toLowerCase(), `${kind.toLowerCase()} assets`)}</span>
      </span>
    );
  const state = (['active', 'stale', 'retired'] as const)[item.state] ?? 'active';
  return (
    <span>
      <Link to="/assets/$id" params={{ id: graph.ids[item.node] ?? '' }}>
        {item.label}
      </Link>{' '}
      <span className="muted">
        {kind}, {stateWord[state].toLowerCase()}
      </span>
    </span>
  );
}

function Find({ graph, focusOn }: { graph: AssetGraph; focusOn: (id: string | undefined) => void }) {
  const [text, setText] = useState('');
  const data = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    const found: { value: string; label: string }[] = [];
    for (let at = 0; at < graph.ids.length && found.length < 30; at++) {
      const name = graph.names[at] ?? '';
      if (wanted !== '' && name.toLowerCase().includes(wanted))
        found.push({ value: graph.ids[at] ?? '', label: name });
    }
    return found;
  }, [graph, text]);
  return (
    <Select
      aria-label="Focus on an asset"
      placeholder="Focus on an asset"
      searchable
      clearable
      data={data}
      filter={({ options }) => options}
      searchValue={text}
      onSearchChange={setText}
      value={null}
      onChange={(value) => focusOn(value ?? undefined)}
      nothingFoundMessage={text === '' ? 'Type a part of its name' : 'None is called so'}
    />
  );
}

/** More than this are not opened at once by one button. */
const openable = 20_000;

function Groups({
  graph,
  open,
  toggle,
  setOpen,
}: {
  graph: AssetGraph;
  open: ReadonlySet<string>;
  toggle: (group: string) => void;
  setOpen: (open: ReadonlySet<string>) => void;
}) {
  const groups = useMemo(() => groupsOf(graph), [graph]);
  return (
    <span className="line" role="group" aria-label="Groups">
      {[...open].slice(0, 3).map((group) => {
        const [kind = 0, tenancy = 0] = group.split(' ').map(Number);
        return (
          <button key={group} type="button" className="chip on" onClick={() => toggle(group)}>
            Close {graph.tenancies[tenancy]} {kindWord[graph.kinds[kind] ?? 'host'].toLowerCase()}
          </button>
        );
      })}
      {open.size < groups.size && graph.ids.length <= openable && (
        <button type="button" className="chip" onClick={() => setOpen(new Set(groups.keys()))}>
          Open all
        </button>
      )}
      {open.size > 0 && (
        <button type="button" className="chip" onClick={() => setOpen(new Set())}>
          Close all
        </button>
      )}
    </span>
  );
}

/** The same for those who do not see it: what there is, and what it is tied to. */
function GraphTable({
  graph,
  picture,
  enter,
}: {
  graph: AssetGraph;
  picture: Picture;
  enter: (item: number) => void;
}) {
  const rows = useMemo(() => {
    const tied = picture.items.map((): { on: string[]; by: number } => ({ on: [], by: 0 }));
    for (const line of picture.lines) {
      const on = tied[line.from]?.on;
      const to = picture.items[line.to];
      if (on !== undefined && to !== undefined && on.length < 12)
        on.push(
          `${to.node < 0 ? `${kindWord[graph.kinds[to.kind] ?? 'host'].toLowerCase()} of ${to.label}` : to.label}${line.reach ? ' (reaches)' : ''}`,
        );
      const by = tied[line.to];
      if (by !== undefined) by.by += line.count;
    }
    return picture.items.slice(0, 500).map((item, at) => ({ item, at, tied: tied[at] }));
  }, [graph, picture]);
  return (
    <div className="scroll bleed" tabIndex={0} role="region" aria-label="The graph as a table">
      <table className="table">
        <thead>
          <tr>
            <th>Asset or group</th>
            <th>Kind</th>
            <th className="number">Assets</th>
            <th>Depends on</th>
            <th className="number">Needed by</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ item, at, tied }) => (
            <tr key={at}>
              <td>
                <button type="button" className="textual" onClick={() => enter(at)}>
                  {item.label}
                </button>
              </td>
              <td>{kindWord[graph.kinds[item.kind] ?? 'host']}</td>
              <td className="number">{count(item.size)}</td>
              <td>{tied?.on.join(', ')}</td>
              <td className="number">{count(tied?.by ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {picture.items.length > 500 && (
        <p className="muted small">
          The first 500 of {count(picture.items.length)}. Focus on an asset to see what is around it.
        </p>
      )}
    </div>
  );
}
