import type { Finding } from './model.ts';

export const exploitations = ['none', 'public poc', 'active'] as const;
export const systemExposures = ['small', 'controlled', 'open'] as const;
export const automatables = ['no', 'yes'] as const;
export const humanImpacts = ['low', 'medium', 'high', 'very high'] as const;
export const decisions = ['defer', 'scheduled', 'out-of-cycle', 'immediate'] as const;
export type Exploitation = (typeof exploitations)[number];
export type SystemExposure = (typeof systemExposures)[number];
export type Automatable = (typeof automatables)[number];
export type HumanImpact = (typeof humanImpacts)[number];
export type Decision = (typeof decisions)[number];

export type Points = {
  readonly exploitation: Exploitation;
  readonly exposure: SystemExposure;
  readonly automatable: Automatable;
  readonly impact: HumanImpact;
};

/**
 * Index of the decision for each point of human impact, by exploitation, exposure and automatable.
 * SOURCE: CERT/CC SSVC, "Deployer Patch Application Priority" 1.0.0, 72 rows.
 */
const table: readonly (readonly (readonly [string, string])[])[] = [
  [
    ['0011', '0111'],
    ['0111', '1111'],
    ['0111', '1112'],
  ],
  [
    ['0111', '1111'],
    ['0111', '1112'],
    ['1112', '1122'],
  ],
  [
    ['1122', '1222'],
    ['1122', '2222'],
    ['1223', '2233'],
  ],
];

export function decide({ exploitation, exposure, automatable, impact }: Points): Decision {
  const row = table[exploitations.indexOf(exploitation)]?.[systemExposures.indexOf(exposure)];
  const cell = row?.[automatable === 'yes' ? 1 : 0]?.[humanImpacts.indexOf(impact)];
  return decisions[Number(cell)] ?? 'immediate';
}

/** KEV and what we saw are exploitation; a likely one is taken for one with a public proof. SOURCE of .088: arXiv 2506.01220. */
export const exploitationOf = ({ kev, seen, epss }: Finding): Exploitation =>
  kev === true || seen === true ? 'active' : (epss ?? 0) >= 0.088 ? 'public poc' : 'none';

/** Of x_n: the internet is open, a tenancy's network is controlled, what only management reaches is small. */
export const systemExposureOf = (exposure: number): SystemExposure =>
  exposure >= 0.9 ? 'open' : exposure >= 0.2 ? 'controlled' : 'small';

/**
 * Whether steps 1 to 4 of an attack can be made by a program: over the network, without special conditions, without
 * rights or somebody's help. Without a vector nobody knows, and it counts as if it could.
 */
export function automatableOf(vector: string | undefined): Automatable {
  if (vector === undefined) return 'yes';
  const metrics = new Map(
    vector.split('/').map((part): [string, string] => {
      const [name = '', value = ''] = part.split(':');
      return [name, value];
    }),
  );
  if (metrics.has('Au'))
    return metrics.get('AV') === 'N' && metrics.get('AC') === 'L' && metrics.get('Au') === 'N' ? 'yes' : 'no';
  const free =
    metrics.get('AV') === 'N' &&
    metrics.get('AC') === 'L' &&
    metrics.get('PR') === 'N' &&
    metrics.get('UI') === 'N';
  return free && metrics.get('AT') !== 'P' ? 'yes' : 'no';
}

/** Of the highest band of value among the information assets that depend on a host. */
export const impactOf = (band: number): HumanImpact =>
  humanImpacts[Math.max(0, Math.min(3, Math.round(band) - 2))] ?? 'very high';

const hourMs = 3_600_000;
/** Hours, declared by us: SSVC names priorities and no days. */
export const decisionHours: Readonly<Record<Decision, number | null>> = {
  immediate: 48,
  'out-of-cycle': 14 * 24,
  scheduled: 30 * 24,
  defer: null,
};

/**
 * The Essential Eight's clock: 48 hours where a vulnerability is critical or exploited and faces the internet (anywhere
 * at maturity level 3), two weeks for the rest that faces it, else one month.
 * SOURCE: ASD, Essential Eight maturity model (November 2023), patch applications and operating systems.
 */
export function essentialEightHours(finding: Finding, exposure: number, level: 1 | 2 | 3): number {
  const pressing = finding.kev === true || finding.seen === true || (finding.cvss ?? 0) >= 9;
  const facing = exposure >= 0.9;
  if (pressing && (facing || level === 3)) return 48;
  return facing ? 14 * 24 : 30 * 24;
}

export type Due = {
  readonly decision: Decision;
  readonly points: Points;
  /** The earlier of both clocks, from when the finding was first seen. */
  readonly due: Date;
  readonly by: 'SSVC' | 'Essential Eight';
};

export function dueOf(
  finding: Finding & { readonly vector?: string | undefined },
  given: {
    readonly exposure: number;
    readonly band: number;
    readonly level: 1 | 2 | 3;
    readonly firstSeen: Date;
  },
): Due {
  const points: Points = {
    exploitation: exploitationOf(finding),
    exposure: systemExposureOf(given.exposure),
    automatable: automatableOf(finding.vector),
    impact: impactOf(given.band),
  };
  const decision = decide(points);
  const ssvc = decisionHours[decision];
  const eight = essentialEightHours(finding, given.exposure, given.level);
  const hours = ssvc === null ? eight : Math.min(ssvc, eight);
  return {
    decision,
    points,
    due: new Date(given.firstSeen.getTime() + hours * hourMs),
    by: ssvc !== null && ssvc < eight ? 'SSVC' : 'Essential Eight',
  };
}
