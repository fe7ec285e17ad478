import { checkModel, type ModelFault } from './check.ts';
import { type Draws, drawsOf, ones } from './draws.ts';
import { type Change, type Dirt, Elements, noDirt } from './elements.ts';
import { type Edge, type Gate, graphOf } from './graph.ts';
import { degreeIn, dimensions, lostAt, type RiskModel } from './model.ts';
import { keyOf } from './random.ts';
import { rowsOf, type RootRows } from './roots.ts';
import { type Helpers, walkTogether, workOf } from './together.ts';
import { type Graphs, Layer, sameRows, type Variant, variants, walkChanged } from './walk.ts';
import { type Uncertain, Worlds } from './worlds.ts';

/** What could not be understood of a model or of a change to it. */
export class InvalidModel extends Error {
  readonly faults: readonly ModelFault[];
  constructor(faults: readonly ModelFault[]) {
    super(
      `The model can't be used: ${faults
        .map(({ path, message }) => `${path} ${message}`)
        .slice(0, 3)
        .join('; ')}`,
    );
    this.name = 'InvalidModel';
    this.faults = faults;
  }
}

export type EngineOptions = {
  /** A whole number; the same seed gives the same result, bit for bit. */
  readonly seed?: number;
  /** Rounded up to a multiple of 4,000. */
  readonly draws?: number;
  /** Asked for help with all draws of a large model: other threads, where there are any. The answer is the same. */
  readonly helpers?: Helpers;
};

/** Counts in each world: `lost` with its own controls, `centre` with the expected ones, `more`/`fewer` where they differ. */
export type WorldCounts = {
  readonly lost: Uint32Array;
  readonly centre: Uint32Array;
  readonly more: Uint32Array;
  readonly fewer: Uint32Array;
};

/**
 * A model with all its draws, kept so that a change costs only what follows from it.
 * INVARIANT: after any changes it holds the same bits as a new engine of the changed model.
 */
export class RiskEngine {
  readonly draws: Draws;
  readonly seed: number;
  readonly elements: Elements;
  readonly worlds: Worlds;
  readonly #layers: { readonly worlds: Layer; readonly centre: Layer };
  readonly #helpers: Helpers | undefined;
  #graphs: Graphs;
  #capacity: number;

  /** @throws {InvalidModel} */
  constructor(model: RiskModel, { seed = 1, draws = 20_000, helpers }: EngineOptions = {}) {
    const checked = checkModel(model);
    if (!checked.ok) throw new InvalidModel(checked.faults);
    this.draws = drawsOf(draws);
    this.seed = seed >>> 0;
    this.#helpers = helpers;
    this.worlds = new Worlds(this.draws, this.seed);
    this.elements = new Elements(checked.model, this.seed, this.worlds);
    this.#capacity = this.elements.ids.length;
    this.#layers = {
      worlds: new Layer(this.draws, this.#capacity),
      centre: new Layer(this.draws, this.#capacity),
    };
    for (let asset = 0; asset < this.#capacity; asset++) this.#write(asset);
    this.#graphs = this.#makeGraphs({ reach: true, depends: true });
    this.#walkAll();
  }

  get graphs(): Graphs {
    return this.#graphs;
  }

  layer(variant: Variant): Layer {
    return this.#layers[variant];
  }

  /**
   * All of them, or none. Draws of what did not change stay what they were.
   * @returns the changes that put everything back, in their order
   * @throws {InvalidModel} where an element would name what is not there
   */
  apply(changes: readonly Change[]): readonly Change[] {
    const dirt = noDirt();
    const undo: Change[] = [];
    for (const change of changes) undo.unshift(this.elements.put(change, dirt));
    const faults = dangling(this.elements, changes);
    if (faults.length > 0) {
      for (const change of undo) this.elements.put(change, noDirt());
      throw new InvalidModel(faults);
    }
    this.#update(dirt);
    return undo;
  }

  /** What changes while these changes hold; everything is as before afterwards. */
  during<T>(changes: readonly Change[], look: () => T): T {
    const undo = this.apply(changes);
    try {
      return look();
    } finally {
      this.apply(undo);
    }
  }

  /** Of one asset and dimension, world by world. */
  counts(asset: string, dimension: number): WorldCounts {
    const { worlds: count, words } = this.draws;
    const counts: WorldCounts = {
      lost: new Uint32Array(count),
      centre: new Uint32Array(count),
      more: new Uint32Array(count),
      fewer: new Uint32Array(count),
    };
    const node = this.elements.index.get(asset);
    if (node === undefined) return counts;
    const own = this.#layers.worlds.lost[dimension]?.read(node, new Int32Array(count * words));
    const centre = this.#layers.centre.lost[dimension]?.read(node, new Int32Array(count * words));
    for (let word = 0; word < count * words; word++) {
      const world = Math.floor(word / words);
      const a = own?.[word] ?? 0;
      const b = centre?.[word] ?? 0;
      counts.lost[world] = (counts.lost[world] ?? 0) + ones(a);
      counts.centre[world] = (counts.centre[world] ?? 0) + ones(b);
      if (a === b) continue;
      counts.more[world] = (counts.more[world] ?? 0) + ones(a & ~b);
      counts.fewer[world] = (counts.fewer[world] ?? 0) + ones(b & ~a);
    }
    return counts;
  }

  /** In how many draws it is lost. */
  lost(asset: string, dimension: number): number {
    const words = this.draws.batchWords;
    const node = this.elements.index.get(asset) ?? -1;
    let count = 0;
    for (const bits of this.#layers.worlds.lost[dimension]?.byBatch ?? [])
      for (let at = node * words, end = at + words; at < end; at++) count += ones(bits[at] ?? 0);
    return node < 0 ? 0 : count;
  }

  #write(asset: number): void {
    const rows = rowsOf(this.elements, this.worlds, this.draws, asset);
    this.#layers.worlds.write(asset, rows.worlds);
    this.#layers.centre.write(asset, rows.centre);
  }

  #walkAll(): void {
    walkTogether(workOf(this.#layers, this.#graphs, this.draws), this.#helpers);
  }

  #update(dirt: Dirt): void {
    const nodes = this.elements.ids.length;
    const grown = nodes > this.#capacity;
    if (grown) {
      for (const variant of variants) this.#layers[variant].grow(nodes);
      this.#capacity = nodes;
    }
    this.#graphs = this.#makeGraphs({
      reach: grown || dirt.reachTopology || dirt.factors,
      depends: grown || dirt.dependsTopology,
    });
    const touched = { worlds: touchedRoots(), centre: touchedRoots() };
    for (const node of dirt.roots) {
      const rows = rowsOf(this.elements, this.worlds, this.draws, node);
      for (const variant of variants) {
        const before = this.#layers[variant].read(node);
        if (sameRows(before, rows[variant])) continue;
        this.#layers[variant].write(node, rows[variant]);
        touched[variant].push({ node, before, now: rows[variant] });
      }
    }
    // A change of steps matters only to who can be reached at all.
    const { inStart } = this.#graphs.reach;
    const reach = [...dirt.reach].filter(
      (node) => dirt.reachTopology || (inStart[node] ?? 0) < (inStart[node + 1] ?? 0),
    );
    const depends = [...dirt.depends];
    if (reach.length + depends.length > nodes / 4) return this.#walkAll();
    for (const variant of variants)
      walkChanged(this.#layers[variant], this.#graphs, this.draws, variant, {
        roots: touched[variant],
        reach,
        depends,
      });
  }

  #makeGraphs(make: { reach: boolean; depends: boolean }): Graphs {
    const old: Graphs | undefined = this.#graphs;
    const reach = make.reach || old === undefined ? this.#reachGraph() : old;
    const depends =
      make.depends || old === undefined ? dimensions.map((_, d) => this.#dependsGraph(d)) : old.depends;
    return { reach: reach.reach, factors: reach.factors, depends };
  }

  #reachGraph(): Pick<Graphs, 'reach' | 'factors'> {
    const { elements } = this;
    const factors: Uncertain[] = [];
    const at = new Map<Uncertain, number>();
    const edges: Edge[] = [];
    for (const [id, edge] of elements.reach) {
      if (edge.step <= 0) continue;
      const left = this.worlds.leftBy(edge.to, edge.kind);
      let factor = -1;
      if (!left.known) {
        factor = at.get(left) ?? factors.length;
        if (factor === factors.length) factors.push(left);
        at.set(left, factor);
      }
      edges.push({
        id,
        source: elements.indexOf(edge.from),
        target: elements.indexOf(edge.to),
        probability: edge.step,
        ...keyOf(this.seed, 'reach', id),
        gate: -1,
        factor,
      });
    }
    return { reach: graphOf(elements.ids.length, edges, []), factors };
  }

  #dependsGraph(d: number): Graphs['depends'][number] {
    const { elements } = this;
    const dimension = dimensions[d] ?? 'A';
    const gates: Gate[] = [];
    const gateOf = new Map<string, number>();
    const sizes = new Map<string, number>();
    for (const { group } of elements.dependencies.values())
      if (group !== undefined) sizes.set(group, (sizes.get(group) ?? 0) + 1);
    for (const group of elements.groups.values()) {
      if (!(group.dimensions ?? ['A']).includes(dimension)) continue;
      const need = lostAt(group.lost, sizes.get(group.id) ?? 0);
      if (need <= 1) continue;
      gateOf.set(group.id, gates.length);
      gates.push({ target: elements.indexOf(group.asset), need });
    }
    const edges: Edge[] = [];
    for (const [id, edge] of elements.dependencies) {
      const degree = degreeIn(edge, dimension);
      if (degree <= 0) continue;
      edges.push({
        id,
        source: elements.indexOf(edge.to),
        target: elements.indexOf(edge.from),
        probability: degree,
        ...keyOf(this.seed, 'depends', id),
        gate: edge.group === undefined ? -1 : (gateOf.get(edge.group) ?? -1),
        factor: -1,
      });
    }
    return graphOf(elements.ids.length, edges, gates);
  }
}

const touchedRoots = (): { node: number; before: RootRows; now: RootRows }[] => [];

/** References of what changed, and to what was taken away. */
function dangling(elements: Elements, changes: readonly Change[]): ModelFault[] {
  const faults: ModelFault[] = [];
  const asset = (kind: string, id: string, name: string): void => {
    if (!elements.assets.has(name))
      faults.push({ path: `${kind}/${id}`, message: `names no asset: ${name}` });
  };
  const removed = changes.some(
    ({ kind, value }) => value === undefined && (kind === 'assets' || kind === 'groups'),
  );
  const look = <T>(
    kind: Change['kind'],
    all: ReadonlyMap<string, T>,
    check: (one: T, id: string) => void,
  ): void => {
    if (removed) for (const [id, one] of all) check(one, id);
    else
      for (const change of changes) {
        const one = change.kind === kind ? all.get(change.id) : undefined;
        if (one !== undefined) check(one, change.id);
      }
  };
  look('findings', elements.findings, (one, id) => asset('findings', id, one.asset));
  look('threats', elements.threats, (one, id) => asset('threats', id, one.asset));
  look('groups', elements.groups, (one, id) => asset('groups', id, one.asset));
  for (const [kind, all] of [
    ['dependencies', elements.dependencies],
    ['reach', elements.reach],
  ] as const)
    look<{ from: string; to: string }>(kind, all, (one, id) => {
      asset(kind, id, one.from);
      asset(kind, id, one.to);
    });
  look('dependencies', elements.dependencies, (one, id) => {
    if (one.group !== undefined && elements.groups.get(one.group)?.asset !== one.from)
      faults.push({ path: `dependencies/${id}`, message: `names no group of ${one.from}: ${one.group}` });
  });
  look('controls', elements.controls, (one, id) => {
    if (one.on !== 'all') for (const name of one.on) asset('controls', id, name);
  });
  return faults;
}
