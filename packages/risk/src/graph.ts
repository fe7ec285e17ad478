/** One edge along which a loss or an attacker goes, from `source` to `target` (indexes of nodes). */
export type Edge = {
  readonly id: string;
  readonly source: number;
  readonly target: number;
  readonly probability: number;
  readonly low: number;
  readonly high: number;
  /** Of `gates`; -1: it goes through alone. */
  readonly gate: number;
  /** Index of what controls leave of the probability in each world; -1: nothing protects it. */
  readonly factor: number;
};
export type Gate = { readonly target: number; readonly need: number };

/** The edges of one kind of walk, laid out for it, with an order in which causes come before what they cause. */
export type Graph = {
  readonly nodes: number;
  /** The ids of its edges. */
  readonly name: readonly string[];
  readonly source: Int32Array;
  readonly target: Int32Array;
  readonly probability: Float64Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly gate: Int32Array;
  readonly factor: Int32Array;
  /** Edges that leave node n are outStart[n] … outEnd[n] - 1: a walk reads them in a row. */
  readonly outStart: Int32Array;
  readonly outEnd: Int32Array;
  readonly inStart: Int32Array;
  readonly inEdge: Int32Array;
  readonly gates: readonly (Gate & { readonly members: readonly number[] })[];
  readonly gatesOf: ReadonlyMap<number, readonly number[]>;
  readonly order: Int32Array;
  readonly rank: Int32Array;
  /** For each rank the last rank of its strongly connected component. */
  readonly last: Int32Array;
};

export function graphOf(nodes: number, given: readonly Edge[], gates: readonly Gate[]): Graph {
  const order = ordered(nodes, given);
  // In the order in which a walk comes to them: what is read together lies together.
  const edges = given
    .map((edge) => edge)
    .sort((a, b) => (order.rank[a.source] ?? 0) - (order.rank[b.source] ?? 0) || a.target - b.target);
  const outStart = new Int32Array(nodes);
  const outEnd = new Int32Array(nodes);
  for (let e = edges.length - 1; e >= 0; e--) {
    const source = edges[e]?.source ?? 0;
    outStart[source] = e;
    if (outEnd[source] === 0) outEnd[source] = e + 1;
  }
  const columns = {
    source: Int32Array.from(edges, (edge) => edge.source),
    target: Int32Array.from(edges, (edge) => edge.target),
    probability: Float64Array.from(edges, (edge) => edge.probability),
    low: Int32Array.from(edges, (edge) => edge.low),
    high: Int32Array.from(edges, (edge) => edge.high),
    gate: Int32Array.from(edges, (edge) => edge.gate),
    factor: Int32Array.from(edges, (edge) => edge.factor),
  };
  const [inStart, inEdge] = listed(nodes, columns.target);
  const members = gates.map((): number[] => []);
  for (const [i, edge] of edges.entries()) members[edge.gate]?.push(i);
  const gatesOf = new Map<number, number[]>();
  for (const [i, { target }] of gates.entries()) gatesOf.set(target, [...(gatesOf.get(target) ?? []), i]);
  return {
    nodes,
    name: edges.map(({ id }) => id),
    ...columns,
    outStart,
    outEnd,
    inStart,
    inEdge,
    gates: gates.map((gate, i) => ({ ...gate, members: members[i] ?? [] })),
    gatesOf,
    ...order,
  };
}

function listed(nodes: number, ends: Int32Array): [Int32Array, Int32Array] {
  const start = new Int32Array(nodes + 1);
  for (const node of ends) start[node + 1] = (start[node + 1] ?? 0) + 1;
  for (let n = 0; n < nodes; n++) start[n + 1] = (start[n + 1] ?? 0) + (start[n] ?? 0);
  const next = start.slice();
  const edges = new Int32Array(ends.length);
  for (let e = 0; e < ends.length; e++) {
    const node = ends[e] ?? 0;
    const at = next[node] ?? 0;
    edges[at] = e;
    next[node] = at + 1;
  }
  return [start, edges];
}

/**
 * Strongly connected components (Tarjan, without recursion), causes first; within one the order in which a search left its
 * nodes, turned round, so that a round through a cycle brings most of what there is to bring.
 */
function ordered(nodes: number, edges: readonly Edge[]): Pick<Graph, 'order' | 'rank' | 'last'> {
  const target = Int32Array.from(edges, (edge) => edge.target);
  const [outStart, outEdge] = listed(
    nodes,
    Int32Array.from(edges, (edge) => edge.source),
  );
  const seen = new Int32Array(nodes).fill(-1);
  const low = new Int32Array(nodes);
  const open = new Uint8Array(nodes);
  const next = new Int32Array(nodes);
  const stack: number[] = [];
  const path: number[] = [];
  const components: number[][] = [];
  const left = new Int32Array(nodes);
  let count = 0;
  let leaving = 0;
  for (let root = 0; root < nodes; root++) {
    if (seen[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path[path.length - 1] ?? 0;
      if (seen[node] === -1) {
        seen[node] = low[node] = count++;
        stack.push(node);
        open[node] = 1;
        next[node] = outStart[node] ?? 0;
      }
      const at = next[node] ?? 0;
      if (at < (outStart[node + 1] ?? 0)) {
        next[node] = at + 1;
        const to = target[outEdge[at] ?? 0] ?? 0;
        if (seen[to] === -1) path.push(to);
        else if (open[to] === 1) low[node] = Math.min(low[node] ?? 0, seen[to] ?? 0);
        continue;
      }
      path.pop();
      left[node] = leaving++;
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
      if (low[node] !== seen[node]) continue;
      const component: number[] = [];
      let member: number | undefined;
      do {
        member = stack.pop() ?? node;
        open[member] = 0;
        component.push(member);
      } while (member !== node);
      components.push(component.sort((a, b) => (left[b] ?? 0) - (left[a] ?? 0)));
    }
  }
  const order = new Int32Array(nodes);
  const rank = new Int32Array(nodes);
  const last = new Int32Array(nodes);
  let place = 0;
  for (const component of components.reverse()) {
    const end = place + component.length - 1;
    for (const node of component) {
      order[place] = node;
      rank[node] = place;
      last[place++] = end;
    }
  }
  return { order, rank, last };
}
