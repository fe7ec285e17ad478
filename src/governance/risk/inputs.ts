import type { Asset, AssetEdges } from '#assets';
import type { ControlJudgement } from '#governance/evidence';
import type { Standing } from '#governance/controls';
import {
  type Asset as ModelAsset,
  type AttackKind,
  type Control,
  defaultParameters,
  type Dependency,
  effectiveness,
  type Finding,
  type Group,
  type Reach,
  type RiskModel,
  type RiskParameters,
  type Threat,
  type Value,
} from '@ironbark/risk';
import type { SystemParameters } from './contract.ts';
import type { FindingRecord } from './finding.ts';

/** One measure that protects, made of many controls: they are one fortune in the model, and not so many walls. */
export type Safeguard = {
  readonly id: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly against: readonly AttackKind[];
};

/** Everything a system's model is made of, as it is at one moment. */
export type Inputs = {
  readonly assets: readonly Asset[];
  readonly edges: AssetEdges;
  readonly findings: readonly FindingRecord[];
  /** What the feeds say, by CVE. */
  readonly exploits: ReadonlyMap<
    string,
    { readonly epss: number | undefined; readonly kev: boolean; readonly cvss?: number | undefined }
  >;
  /** Whether a detection of ours tells of its exploitation on that asset. */
  readonly seen: (finding: FindingRecord, kev: boolean) => boolean;
  readonly safeguards: readonly Safeguard[];
  readonly standings: readonly Standing[];
  readonly judgements: ReadonlyMap<string, readonly ControlJudgement[]>;
  readonly parameters: SystemParameters;
  readonly now: Date;
};

export const systemDefaults: SystemParameters = {
  ...defaultParameters,
  bands: defaultParameters.bands.map((band) => ({ ...band })),
  priors: {
    misconfiguration: { alpha: 1, beta: 199 },
    credential: { alpha: 1, beta: 99 },
    failure: { alpha: 1, beta: 199 },
  },
  maturity: 2,
  draws: 20_000,
  seed: 1,
};

/** Retired assets are left out, and edges to what is not there. */
export function buildModel(inputs: Inputs): RiskModel {
  const {
    priors: _priors,
    maturity: _maturity,
    draws: _draws,
    seed: _seed,
    ...parameters
  } = inputs.parameters;
  const kept = inputs.assets.filter(({ retired }) => !retired);
  const known = new Set(kept.map(({ id }) => id));
  // To the day: a run an hour later of the same facts is the same run.
  const asOf = `${inputs.now.toISOString().slice(0, 10)}T00:00:00.000Z`;
  return {
    format: 'ironbark-risk-1',
    asOf,
    parameters,
    assets: kept.map(assetOf),
    ...edgesIn(inputs.edges, known),
    findings: inputs.findings.filter(({ asset }) => known.has(asset)).map((one) => findingOf(one, inputs)),
    threats: kept.flatMap((asset) => threatsOf(asset, inputs.parameters)),
    controls: inputs.safeguards.map((one) => safeguardControl(one, inputs, asOf, { ...parameters })),
  };
}

const zones = {
  internet: 'internet',
  'tenant-network': 'tenant',
  'management-zone': 'management',
  offline: 'offline',
} as const;
const bands: readonly string[] = ['negligible', 'low', 'moderate', 'high', 'extreme'];

function assetOf(asset: Asset): ModelAsset {
  const values = Object.fromEntries(
    (['c', 'i', 'a'] as const).flatMap((d) => {
      const value = valueOf(asset.value[d]);
      return value === undefined ? [] : [[d.toUpperCase(), value]];
    }),
  );
  return {
    id: asset.id,
    name: asset.name,
    kind: asset.kind === 'information' ? 'information' : 'supporting',
    // What nobody placed is taken to stand in a tenancy's network, except information, which is reached through others.
    exposure:
      asset.exposure === undefined
        ? asset.kind === 'information'
          ? 'offline'
          : 'tenant'
        : zones[asset.exposure],
    ...(Object.keys(values).length > 0 && { values }),
  };
}

function valueOf(value: Asset['value']['c']): Value | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') return { low: Math.max(1, value.low), high: Math.max(1, value.high) };
  const at = bands.indexOf(value);
  return ([1, 2, 3, 4, 5] as const)[at];
}

function edgesIn(
  edges: AssetEdges,
  known: ReadonlySet<string>,
): Pick<RiskModel, 'dependencies' | 'groups' | 'reach'> {
  const gateName = (asset: string, name: string): string => `${asset}/${name}`;
  const sizes = new Map<string, number>();
  const inside = edges.dependencies.filter(
    ({ dependant, dependency }) => known.has(dependant) && known.has(dependency),
  );
  for (const { dependant, gate } of inside)
    if (gate !== undefined)
      sizes.set(gateName(dependant, gate), (sizes.get(gateName(dependant, gate)) ?? 0) + 1);
  const groups = edges.gates.flatMap((gate): Group[] => {
    const id = gateName(gate.dependant, gate.name);
    const size = sizes.get(id) ?? 0;
    if (size === 0) return [];
    // k-of-n is about what is left: it fails when fewer than k are.
    const lost =
      gate.kind === 'k-of-n' ? { atLeast: Math.min(size, Math.max(1, size - (gate.k ?? 1) + 1)) } : gate.kind;
    return [{ id, asset: gate.dependant, lost }];
  });
  const grouped = new Set(groups.map(({ id }) => id));
  const dependencies = inside.map(({ dependant, dependency, c, i, a, gate }): Dependency => {
    const group = gate === undefined ? undefined : gateName(dependant, gate);
    return {
      from: dependant,
      to: dependency,
      degree: { C: c, I: i, A: a },
      ...(group !== undefined && grouped.has(group) && { group }),
    };
  });
  const reach = edges.reaches
    .filter(({ from, to }) => known.has(from) && known.has(to))
    .map(({ from, to, via, probability }): Reach => ({ from, to, kind: via, step: probability }));
  return { dependencies, groups, reach };
}

function findingOf(one: FindingRecord, { exploits, seen }: Pick<Inputs, 'exploits' | 'seen'>): Finding {
  const feed = exploits.get(one.vulnerability);
  const epss = feed?.epss ?? one.epss;
  const cvss = one.cvss ?? feed?.cvss;
  const kev = one.kev || feed?.kev === true;
  return {
    id: one.id,
    asset: one.asset,
    title: one.title,
    cve: one.vulnerability,
    ...(cvss !== undefined && { cvss }),
    ...(epss !== undefined && { epss }),
    kev,
    ...(seen(one, kev) && { seen: true }),
    ...(one.hours !== undefined && { hours: one.hours }),
    asOf: one.lastSeenAt.toISOString(),
  };
}

/** Which threats an asset of a kind has by itself, without anybody having found anything. */
const threatened: Readonly<Record<string, readonly Threat['kind'][]>> = {
  host: ['misconfiguration', 'failure'],
  hypervisor: ['misconfiguration', 'failure'],
  network: ['misconfiguration', 'failure'],
  application: ['misconfiguration'],
  'data-store': ['misconfiguration', 'failure'],
  account: ['credential'],
  site: ['failure'],
  supplier: ['failure'],
};

const threatsOf = (asset: Asset, { priors }: SystemParameters): Threat[] =>
  (threatened[asset.kind] ?? []).map((kind) => ({
    id: `${kind}/${asset.id}`,
    asset: asset.id,
    kind,
    title: `${threatNames[kind]} of ${asset.name}`,
    likelihood: priors[kind],
  }));
const threatNames = {
  misconfiguration: 'Misconfiguration',
  credential: 'Stolen credentials',
  failure: 'Failure',
} as const;

/**
 * A safeguard's counts: the mean of its controls'. What is not implemented counts as nearly useless, what does not apply
 * is left out, and where there is nothing to go by it is anything between nothing and all.
 */
function safeguardControl(
  { id, title, controls, against }: Safeguard,
  inputs: Inputs,
  asOf: string,
  parameters: RiskParameters,
): Control {
  const standings = new Map(inputs.standings.map((one) => [one.control, one]));
  const parts = controls.flatMap((control) => {
    const standing = standings.get(control);
    if (standing === undefined || standing.status === 'Not Applicable') return [];
    if (standing.status === 'Not Implemented') return [{ alpha: 0.5, beta: 19.5 }];
    const observed = observedOf(inputs.judgements.get(control) ?? []);
    const counts = effectiveness(
      { id: control, status: standing.status, against, on: 'all', ...(observed && { observed }) },
      asOf,
      parameters,
    );
    return counts === undefined ? [] : [counts];
  });
  const sum = (of: 'alpha' | 'beta'): number => parts.reduce((all, part) => all + part[of], 0) / parts.length;
  const status = parts.length === 0 ? ('Not Assessed' as const) : { alpha: sum('alpha'), beta: sum('beta') };
  const met = controls.filter((control) => {
    const found = standings.get(control)?.status;
    return found === 'Effective' || found === 'Alternate Control';
  }).length;
  const dates = controls.flatMap((control) => standings.get(control)?.asOf?.getTime() ?? []);
  return {
    id,
    title: `${title} (${met} of ${controls.length} controls met)`,
    status,
    against,
    on: 'all',
    ...(dates.length > 0 && { asOf: new Date(Math.min(...dates)).toISOString() }),
  };
}

/** How many were tested and how many failed, of the newest judgement that counted any. */
function observedOf(judgements: readonly ControlJudgement[]): Control['observed'] {
  const newest = judgements
    .filter(({ judgement }) => judgement.status !== 'unknown' && judgement.tested > 0)
    .sort((a, b) => b.judgedAt.getTime() - a.judgedAt.getTime())[0];
  if (newest === undefined || newest.judgement.status === 'unknown') return undefined;
  const { judgement } = newest;
  const fail = judgement.status === 'not-satisfied' ? Math.min(judgement.failed, judgement.tested) : 0;
  return { pass: judgement.tested - fail, fail, at: newest.judgedAt.toISOString() };
}
