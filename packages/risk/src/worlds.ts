import { mean, type Quantiles, quantilesOf } from './beta.ts';
import type { Draws } from './draws.ts';
import type { AttackKind, BetaCounts, Control, Likelihood } from './model.ts';
import { keyOf, permutation, uniformAt } from './random.ts';

/** A number that is one in each world; `centre` is what we expect of it. */
export type Uncertain = { readonly by: Float64Array; readonly centre: number; readonly known: boolean };

/** What is the same for every element that asks: each control is one number in a world, wherever it protects. */
export class Worlds {
  readonly #quantiles = new Map<string, Quantiles>();
  readonly #controls = new Map<string, { control: Control; left: Uncertain }>();
  readonly #left = new Map<string, Uncertain>();
  readonly #byKind = new Map<string, string[]>();
  readonly #draws: Draws;
  readonly #seed: number;
  readonly #nothing: Uncertain;

  constructor(draws: Draws, seed: number) {
    this.#draws = draws;
    this.#seed = seed;
    this.#nothing = { by: new Float64Array(draws.worlds).fill(1), centre: 1, known: true };
  }

  /** Replaces what is known of a control. Undefined counts: it stops nothing. */
  setControl(control: Control, counts: BetaCounts | undefined): void {
    this.removeControl(control.id);
    if (counts === undefined) return;
    const effective = this.#sample('control', control.id, counts);
    const left: Uncertain = {
      by: effective.by.map((e) => 1 - e),
      centre: 1 - effective.centre,
      known: false,
    };
    this.#controls.set(control.id, { control, left });
    this.#forget();
  }

  removeControl(id: string): void {
    if (this.#controls.delete(id)) this.#forget();
  }

  #forget(): void {
    this.#left.clear();
    this.#byKind.clear();
  }

  /** What the controls that protect an asset against a kind of attack let through: the product of 1 - e_c. */
  leftBy(asset: string, kind: AttackKind): Uncertain {
    const ids = this.controlsOf(asset, kind);
    if (ids.length === 0) return this.#nothing;
    const name = ids.join('\u0000');
    const known = this.#left.get(name);
    if (known !== undefined) return known;
    const by = new Float64Array(this.#draws.worlds).fill(1);
    let centre = 1;
    for (const id of ids) {
      const left = this.#controls.get(id)?.left ?? this.#nothing;
      for (let world = 0; world < by.length; world++) by[world] = (by[world] ?? 0) * (left.by[world] ?? 1);
      centre *= left.centre;
    }
    const product: Uncertain = { by, centre, known: false };
    this.#left.set(name, product);
    return product;
  }

  /** In the order of their ids, so that a product is the same whatever the list's order was. */
  controlsOf(asset: string, kind: AttackKind): readonly string[] {
    const everywhere = this.#listed(`${kind}\u0000`);
    const here = this.#listed(`${kind}\u0000${asset}`);
    if (here.length === 0) return everywhere;
    return everywhere.length === 0 ? here : [...everywhere, ...here].sort();
  }

  #listed(name: string): string[] {
    if (this.#byKind.size === 0) {
      this.#byKind.set('', []);
      for (const id of [...this.#controls.keys()].sort()) {
        const control = this.#controls.get(id)?.control;
        for (const kind of new Set(control?.against))
          for (const asset of control?.on === 'all' ? [''] : new Set(control?.on ?? [])) {
            const at = `${kind}\u0000${asset}`;
            const ids = this.#byKind.get(at);
            if (ids === undefined) this.#byKind.set(at, [id]);
            else ids.push(id);
          }
      }
    }
    return this.#byKind.get(name) ?? none;
  }

  likelihood(kind: string, id: string, likelihood: Likelihood): Uncertain {
    return typeof likelihood === 'number'
      ? { by: this.#nothing.by, centre: likelihood, known: true }
      : this.#sample(kind, id, likelihood);
  }

  /**
   * A Latin hypercube: each of the equal slices of the distribution is some world's, so that the worlds' mean is the
   * distribution's whatever the seed.
   */
  #sample(kind: string, id: string, counts: BetaCounts): Uncertain {
    const name = `${counts.alpha}:${counts.beta}`;
    const quantiles = this.#quantiles.get(name) ?? quantilesOf(counts);
    this.#quantiles.set(name, quantiles);
    const key = keyOf(this.#seed, `world/${kind}`, id);
    const { worlds } = this.#draws;
    const slice = permutation(key, worlds);
    const by = new Float64Array(worlds);
    for (let world = 0; world < worlds; world++)
      by[world] = quantiles((slice(world) + uniformAt(key, world)) / worlds);
    return { by, centre: mean(counts), known: false };
  }
}
const none: string[] = [];
