import { effectiveness, exposureOf, findingLikelihood, threatExposure } from './likelihood.ts';
import {
  type Asset,
  type AttackKind,
  type Control,
  type Dependency,
  dependencyId,
  dimensions,
  type Finding,
  type Group,
  parametersOf,
  type Reach,
  reachId,
  type RiskModel,
  type RiskParameters,
  type Threat,
} from './model.ts';
import { type Key, keyOf } from './random.ts';
import type { Uncertain, Worlds } from './worlds.ts';

/** One thing put in the place of what had its id, or (without a value) taken away. */
export type Change =
  | { readonly kind: 'assets'; readonly id: string; readonly value?: Asset }
  | { readonly kind: 'dependencies'; readonly id: string; readonly value?: Dependency }
  | { readonly kind: 'groups'; readonly id: string; readonly value?: Group }
  | { readonly kind: 'reach'; readonly id: string; readonly value?: Reach }
  | { readonly kind: 'findings'; readonly id: string; readonly value?: Finding }
  | { readonly kind: 'threats'; readonly id: string; readonly value?: Threat }
  | { readonly kind: 'controls'; readonly id: string; readonly value?: Control };

/** One way in which an asset is lost by itself. */
export type Cause = {
  readonly id: string;
  readonly key: Key;
  readonly source: { readonly finding: Finding } | { readonly threat: Threat };
  /** What controls know it by; a failure is nothing that they work against. */
  readonly kind: AttackKind | 'failure';
  readonly likelihood: Uncertain;
  /** Bits of C, I, A that alone are lost; 0: the whole asset is taken. */
  readonly strikes: number;
};

/** What a change makes necessary to do again. */
export type Dirt = {
  roots: Set<number>;
  reach: Set<number>;
  depends: Set<number>;
  reachTopology: boolean;
  dependsTopology: boolean;
  /** Controls changed: what they leave of every step may have. */
  factors: boolean;
};

/** The model's elements by id, with a number for each asset that stays while the engine lives. */
export class Elements {
  readonly asOf: string;
  readonly parameters: RiskParameters;
  readonly index = new Map<string, number>();
  readonly ids: string[] = [];
  readonly assets = new Map<string, Asset>();
  readonly causes = new Map<number, Map<string, Cause>>();
  readonly dependencies = new Map<string, Dependency>();
  readonly reach = new Map<string, Reach>();
  readonly groups = new Map<string, Group>();
  readonly controls = new Map<string, Control>();
  readonly findings = new Map<string, Finding>();
  readonly threats = new Map<string, Threat>();
  readonly #seed: number;
  readonly #worlds: Worlds;

  constructor(model: RiskModel, seed: number, worlds: Worlds) {
    this.asOf = model.asOf;
    this.parameters = parametersOf(model);
    this.#seed = seed;
    this.#worlds = worlds;
    const dirt = noDirt();
    for (const change of changesTo(model)) this.put(change, dirt);
  }

  /** @returns what puts it back: the same change with the value from before */
  put(change: Change, dirt: Dirt): Change {
    switch (change.kind) {
      case 'assets': {
        const before = this.assets.get(change.id);
        const at = this.indexOf(change.id);
        replace(this.assets, change.id, change.value);
        dirt.roots.add(at);
        return undoing({ kind: 'assets', id: change.id }, before);
      }
      case 'dependencies': {
        const before = this.dependencies.get(change.id);
        for (const edge of [before, change.value]) if (edge) dirt.depends.add(this.indexOf(edge.from));
        dirt.dependsTopology = true;
        replace(this.dependencies, change.id, change.value);
        return undoing({ kind: 'dependencies', id: change.id }, before);
      }
      case 'groups': {
        const before = this.groups.get(change.id);
        for (const group of [before, change.value]) if (group) dirt.depends.add(this.indexOf(group.asset));
        dirt.dependsTopology = true;
        replace(this.groups, change.id, change.value);
        return undoing({ kind: 'groups', id: change.id }, before);
      }
      case 'reach': {
        const before = this.reach.get(change.id);
        for (const edge of [before, change.value]) if (edge) dirt.reach.add(this.indexOf(edge.to));
        dirt.reachTopology = true;
        replace(this.reach, change.id, change.value);
        return undoing({ kind: 'reach', id: change.id }, before);
      }
      case 'findings': {
        const before = this.findings.get(change.id);
        replace(this.findings, change.id, change.value);
        this.#setCause(`finding:${change.id}`, before?.asset, change.value, dirt, (finding, id) => ({
          id,
          key: keyOf(this.#seed, 'finding', change.id),
          source: { finding },
          kind: 'exploit',
          likelihood: this.#worlds.likelihood(
            'finding',
            change.id,
            findingLikelihood(finding, this.parameters),
          ),
          strikes: 0,
        }));
        return undoing({ kind: 'findings', id: change.id }, before);
      }
      case 'threats': {
        const before = this.threats.get(change.id);
        replace(this.threats, change.id, change.value);
        this.#setCause(`threat:${change.id}`, before?.asset, change.value, dirt, (threat, id) => ({
          id,
          key: keyOf(this.#seed, 'threat', change.id),
          source: { threat },
          kind: threat.kind,
          likelihood: this.#worlds.likelihood('threat', change.id, threat.likelihood),
          strikes: strikesOf(threat),
        }));
        return undoing({ kind: 'threats', id: change.id }, before);
      }
      case 'controls': {
        const before = this.controls.get(change.id);
        replace(this.controls, change.id, change.value);
        if (change.value === undefined) this.#worlds.removeControl(change.id);
        else this.#worlds.setControl(change.value, effectiveness(change.value, this.asOf, this.parameters));
        dirt.factors = true;
        for (const control of [before, change.value]) if (control) this.#dirtyBy(control, dirt);
        return undoing({ kind: 'controls', id: change.id }, before);
      }
    }
  }

  indexOf(id: string): number {
    const known = this.index.get(id);
    if (known !== undefined) return known;
    const next = this.ids.length;
    this.index.set(id, next);
    this.ids.push(id);
    return next;
  }

  /** x_n of an asset, for this cause. */
  exposureFor(asset: string, cause: Cause): number {
    const exposure = exposureOf(this.assets.get(asset)?.exposure, this.parameters);
    return 'threat' in cause.source ? threatExposure(cause.source.threat, exposure) : exposure;
  }

  #setCause<T extends { asset: string }>(
    id: string,
    before: string | undefined,
    value: T | undefined,
    dirt: Dirt,
    make: (value: T, id: string) => Cause,
  ): void {
    if (before !== undefined) {
      this.causes.get(this.indexOf(before))?.delete(id);
      dirt.roots.add(this.indexOf(before));
    }
    if (value === undefined) return;
    const at = this.indexOf(value.asset);
    const causes = this.causes.get(at) ?? new Map<string, Cause>();
    this.causes.set(at, causes);
    causes.set(id, make(value, id));
    dirt.roots.add(at);
  }

  #dirtyBy(control: Control, dirt: Dirt): void {
    const attacks = control.against.some((kind) => !isReach(kind));
    const steps = control.against.some(isReach);
    const on = control.on === 'all' ? this.ids : control.on;
    for (const id of on) {
      if (attacks) dirt.roots.add(this.indexOf(id));
      if (steps) dirt.reach.add(this.indexOf(id));
    }
  }
}

const isReach = (kind: AttackKind): boolean => kind === 'network' || kind === 'identity' || kind === 'admin';

const strikesOf = ({ strikes, kind }: Threat): number => {
  if (strikes === undefined) return kind === 'failure' ? 4 : 0;
  return strikes.reduce((bits, dimension) => bits | (1 << dimensions.indexOf(dimension)), 0);
};

function replace<T>(map: Map<string, T>, id: string, value: T | undefined): void {
  if (value === undefined) map.delete(id);
  else map.set(id, value);
}

function undoing<T extends { kind: string; id: string }, V>(
  change: T,
  value: V | undefined,
): T & { value?: V } {
  return value === undefined ? change : { ...change, value };
}

export const noDirt = (): Dirt => ({
  roots: new Set(),
  reach: new Set(),
  depends: new Set(),
  reachTopology: false,
  dependsTopology: false,
  factors: false,
});

/** From nothing to this model. */
export function* changesTo(model: RiskModel): Generator<Change> {
  for (const value of model.controls ?? []) yield { kind: 'controls', id: value.id, value };
  for (const value of model.assets) yield { kind: 'assets', id: value.id, value };
  for (const value of model.groups ?? []) yield { kind: 'groups', id: value.id, value };
  for (const value of model.dependencies ?? [])
    yield { kind: 'dependencies', id: dependencyId(value), value };
  for (const value of model.reach ?? []) yield { kind: 'reach', id: reachId(value), value };
  for (const value of model.findings ?? []) yield { kind: 'findings', id: value.id, value };
  for (const value of model.threats ?? []) yield { kind: 'threats', id: value.id, value };
}
