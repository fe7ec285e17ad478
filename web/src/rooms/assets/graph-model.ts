import type { AssetGraph, AssetKind } from '#contract/assets';

/** A box (a group that is closed) or one asset, in its place. */
export type Item = {
  /** Position of the asset in the graph; -1 for a group. */
  readonly node: number;
  readonly group: string;
  readonly label: string;
  /** How many assets it stands for. */
  readonly size: number;
  readonly kind: number;
  /** 0 active, 1 stale, 2 retired */
  readonly state: number;
  x: number;
  y: number;
};
/** Between two items; `weight` in percent is the highest of the edges it stands for. */
export type Line = {
  readonly from: number;
  readonly to: number;
  weight: number;
  count: number;
  readonly reach: boolean;
};
export type Layer = { readonly kind: AssetKind; readonly y: number; readonly bottom: number };
export type Picture = {
  readonly items: readonly Item[];
  /** The weightiest first. */
  readonly lines: readonly Line[];
  readonly layers: readonly Layer[];
  /** Between two items of a row. */
  readonly gap: number;
  readonly width: number;
  readonly height: number;
};

/** The part of these tenancies. */
export function within(graph: AssetGraph, tenancies: readonly string[] | undefined): AssetGraph {
  if (tenancies === undefined) return graph;
  const kept = graph.ids.flatMap((_, node) =>
    tenancies.includes(graph.tenancies[graph.tenancyOf[node] ?? 0] ?? '') ? [node] : [],
  );
  const now = new Int32Array(graph.ids.length).fill(-1);
  for (const [at, node] of kept.entries()) now[node] = at;
  const of = <T>(list: readonly T[]): T[] => kept.flatMap((node) => list.slice(node, node + 1));
  const edges = (list: readonly number[]): number[] => {
    const left: number[] = [];
    for (let at = 0; at < list.length; at += 3) {
      const [from, to] = [now[list[at] ?? 0] ?? -1, now[list[at + 1] ?? 0] ?? -1];
      if (from >= 0 && to >= 0) left.push(from, to, list[at + 2] ?? 0);
    }
    return left;
  };
  return {
    ...graph,
    ids: of(graph.ids),
    names: of(graph.names),
    kindOf: of(graph.kindOf),
    tenancyOf: of(graph.tenancyOf),
    states: of(graph.states),
    depends: edges(graph.depends),
    reaches: edges(graph.reaches),
  };
}

/** What stays readable; what is more is closed into groups at first. */
export const readable = 300;

export const groupOf = (graph: AssetGraph, node: number): string =>
  `${graph.kindOf[node]} ${graph.tenancyOf[node]}`;

/** Every group, with its size. */
export function groupsOf(graph: AssetGraph): Map<string, number> {
  const groups = new Map<string, number>();
  for (let node = 0; node < graph.ids.length; node++) {
    const group = groupOf(graph, node);
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  return groups;
}

/** Neighbours of each node, over all edges and both ways: positions into one list. */
export type Neighbours = { readonly start: Int32Array; readonly list: Int32Array };
export function neighboursOf(graph: AssetGraph): Neighbours {
  const size = graph.ids.length;
  const start = new Int32Array(size + 1);
  const edges = [graph.depends, graph.reaches];
  for (const list of edges)
    for (let at = 0; at < list.length; at += 3)
      for (const end of [list[at] ?? 0, list[at + 1] ?? 0]) start[end + 1] = (start[end + 1] ?? 0) + 1;
  for (let at = 0; at < size; at++) start[at + 1] = (start[at + 1] ?? 0) + (start[at] ?? 0);
  const fill = start.slice();
  const list = new Int32Array(start[size] ?? 0);
  const put = (from: number, to: number): void => {
    const at = fill[from] ?? 0;
    list[at] = to;
    fill[from] = at + 1;
  };
  for (const all of edges)
    for (let at = 0; at < all.length; at += 3) {
      put(all[at] ?? 0, all[at + 1] ?? 0);
      put(all[at + 1] ?? 0, all[at] ?? 0);
    }
  return { start, list };
}

/** The node and what is at most `steps` edges away; nearest first, at most `most`. */
export function around({ start, list }: Neighbours, node: number, steps: number, most = 600): Set<number> {
  const found = new Set([node]);
  let edge = [node];
  for (let step = 0; step < steps; step++) {
    const next: number[] = [];
    for (const one of edge)
      for (let at = start[one] ?? 0; at < (start[one + 1] ?? 0); at++) {
        const other = list[at] ?? 0;
        if (found.has(other)) continue;
        if (found.size >= most) return found;
        found.add(other);
        next.push(other);
      }
    edge = next;
  }
  return found;
}

/**
 * What is to be seen: only of these nodes, or all; with these groups open. Layers from what is worth protecting down to
 * what it rests on, each in rows.
 */
export function pictureOf(
  graph: AssetGraph,
  only: ReadonlySet<number> | undefined,
  open: ReadonlySet<string>,
): Picture {
  const items: Item[] = [];
  const itemOf = new Int32Array(graph.ids.length).fill(-1);
  const boxes = new Map<string, number>();
  const sizes = only === undefined ? groupsOf(graph) : undefined;
  for (let node = 0; node < graph.ids.length; node++) {
    if (only !== undefined && !only.has(node)) continue;
    const group = groupOf(graph, node);
    const kind = graph.kindOf[node] ?? 0;
    if (sizes !== undefined && !open.has(group)) {
      let box = boxes.get(group);
      if (box === undefined) {
        box = items.length;
        boxes.set(group, box);
        items.push({
          node: -1,
          group,
          label: graph.tenancies[graph.tenancyOf[node] ?? 0] ?? '',
          size: sizes.get(group) ?? 0,
          kind,
          state: 0,
          x: 0,
          y: 0,
        });
      }
      itemOf[node] = box;
      continue;
    }
    itemOf[node] = items.length;
    items.push({
      node,
      group,
      label: graph.names[node] ?? '',
      size: 1,
      kind,
      state: graph.states[node] ?? 0,
      x: 0,
      y: 0,
    });
  }
  const lines = linesOf(graph, itemOf);
  return { items, lines, ...place(items, lines, graph.kinds) };
}

function linesOf(graph: AssetGraph, itemOf: Int32Array): Line[] {
  const found = new Map<number, Line>();
  const most = graph.ids.length + 1;
  for (const reach of [false, true]) {
    const list = reach ? graph.reaches : graph.depends;
    for (let at = 0; at < list.length; at += 3) {
      const from = itemOf[list[at] ?? 0] ?? -1;
      const to = itemOf[list[at + 1] ?? 0] ?? -1;
      if (from < 0 || to < 0 || from === to) continue;
      const key = (from * most + to) * 2 + (reach ? 1 : 0);
      const weight = list[at + 2] ?? 0;
      const line = found.get(key);
      if (line === undefined) found.set(key, { from, to, weight, count: 1, reach });
      else {
        line.count++;
        if (line.weight < weight) line.weight = weight;
      }
    }
  }
  return [...found.values()].sort((a, b) => b.weight - a.weight || b.count - a.count);
}

const gapX = 132;
const gapY = 34;
const dense = { x: 18, y: 18 };

/** Rows as wide as makes the whole about twice as wide as high; within a layer what hangs together stands together. */
function place(
  items: readonly Item[],
  lines: readonly Line[],
  kinds: readonly AssetKind[],
): Pick<Picture, 'layers' | 'gap' | 'width' | 'height'> {
  const step = items.length > readable * 4 ? dense : { x: gapX, y: gapY };
  const columns = Math.max(6, Math.ceil(Math.sqrt((items.length * 2 * step.y) / step.x)));
  const pull = new Float64Array(items.length);
  const layers: Layer[] = [];
  const upper = Map.groupBy(lines, (line) => line.to);
  let y = 0;
  for (const [kind, name] of kinds.entries()) {
    const own = items.flatMap((item, at) => (item.kind === kind ? [at] : []));
    if (own.length === 0) continue;
    // Below the middle of those that depend on it; they are placed already where they are above.
    for (const at of own) {
      const above = (upper.get(at) ?? [])
        .slice(0, 50)
        .filter(({ from }) => (items[from]?.kind ?? kind) < kind);
      pull[at] =
        above.length === 0
          ? 0
          : above.reduce((sum, { from }) => sum + (items[from]?.x ?? 0), 0) / above.length;
    }
    own.sort(
      (a, b) => (pull[a] ?? 0) - (pull[b] ?? 0) || compare(items[a]?.label ?? '', items[b]?.label ?? ''),
    );
    const rows = Math.ceil(own.length / columns);
    const perRow = Math.ceil(own.length / rows);
    for (const [place, at] of own.entries()) {
      const item = items[at];
      if (item === undefined) continue;
      const row = place % rows;
      item.x = (Math.floor(place / rows) - (perRow - 1) / 2) * step.x;
      item.y = y + row * step.y;
    }
    const bottom = y + (rows - 1) * step.y;
    layers.push({ kind: name, y, bottom });
    y = bottom + Math.max(72, step.y * 2);
  }
  const widest = items.reduce((most, { x }) => Math.max(most, Math.abs(x)), 0);
  return { layers, gap: step.x, width: widest * 2 + gapX, height: Math.max(y, 1) };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
