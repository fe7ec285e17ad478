import type { ClearanceLevel, ClearanceStatus } from './contract.ts';

/** One state of a person's clearance. */
export type Clearance = {
  readonly personId: string;
  /** 1, 2, 3 … without gaps: the history of one person. */
  readonly version: number;
  readonly level: ClearanceLevel;
  readonly status: ClearanceStatus;
  readonly sponsor: string;
  readonly sponsorActive: boolean;
  /** `2024-05-01` */
  readonly grantedOn: string | null;
  readonly revalidationDueOn: string | null;
  /** When one of our security officers last confirmed it with the sponsor. */
  readonly confirmedAt: Date | null;
  readonly confirmedBy: string | null;
  readonly confirmationEvidence: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly citizenships: readonly string[];
  readonly waiver: string | null;
  readonly waiverUntil: Date | null;
  readonly change: 'set' | 'confirmed' | 'imported';
  readonly by: { readonly id: string; readonly name: string };
  readonly at: Date;
};

const order: readonly ClearanceLevel[] = ['none', 'baseline', 'nv1', 'nv2', 'pv'];

/** none < Baseline < NV1 < NV2 < PV */
export const atLeast = (level: ClearanceLevel, wanted: ClearanceLevel): boolean =>
  order.indexOf(level) >= order.indexOf(wanted);

/** What the provider decides about clearances; both sides see it. */
export type ClearanceParameters = {
  /** A confirmation older than this is none. */
  readonly confirmedWithinDays: number;
  /** A passed revalidation date alone does not end a clearance; the provider may ask for more. */
  readonly pastRevalidation: 'warn' | 'deny';
};
/** SOURCE: the agency that vets paused revalidations in November 2022; a clearance stands while its sponsor is active. */
export const clearanceParameters: ClearanceParameters = {
  confirmedWithinDays: 365,
  pastRevalidation: 'warn',
};

export type Why = {
  readonly code:
    | 'no-clearance'
    | 'not-active'
    | 'sponsor-inactive'
    | 'never-confirmed'
    | 'confirmation-old'
    | 'revalidation-passed';
  readonly text: string;
  /** False: a warning, and the clearance is usable all the same. */
  readonly blocks: boolean;
};
export type Usable = {
  readonly usable: boolean;
  /** What may be relied on now: `none` when it is not usable. */
  readonly level: ClearanceLevel;
  readonly why: readonly Why[];
};

const dayMs = 86_400_000;

/** Whether a clearance may be relied on at `now`. Undefined: the person has none. */
export function usable(
  clearance: Clearance | undefined,
  now: Date,
  parameters: ClearanceParameters = clearanceParameters,
): Usable {
  if (clearance === undefined || clearance.level === 'none')
    return {
      usable: false,
      level: 'none',
      why: [{ code: 'no-clearance', text: 'No clearance is recorded.', blocks: true }],
    };
  const why = [
    ...ofStatus(clearance),
    ...ofConfirmation(clearance, now, parameters),
    ...ofRevalidation(clearance, now, parameters),
  ];
  const stands = !why.some(({ blocks }) => blocks);
  return { usable: stands, level: stands ? clearance.level : 'none', why };
}

function ofStatus({ status, sponsor, sponsorActive }: Clearance): Why[] {
  const why: Why[] = [];
  if (status !== 'active')
    why.push({
      code: 'not-active',
      text: `The clearance is ${status === 'review-for-cause' ? 'under review for cause' : status}.`,
      blocks: true,
    });
  if (!sponsorActive)
    why.push({
      code: 'sponsor-inactive',
      text: `${sponsor} does not sponsor it any more.`,
      blocks: true,
    });
  return why;
}

function ofConfirmation({ confirmedAt }: Clearance, now: Date, parameters: ClearanceParameters): Why[] {
  if (confirmedAt === null)
    return [
      {
        code: 'never-confirmed',
        text: 'No security officer has confirmed it with the sponsor.',
        blocks: true,
      },
    ];
  const until = confirmedAt.getTime() + parameters.confirmedWithinDays * dayMs;
  // A confirmation from the future is no confirmation: somebody's clock, or somebody's pen.
  if (now.getTime() < until && confirmedAt <= now) return [];
  return [
    {
      code: 'confirmation-old',
      text: `It was last confirmed on ${confirmedAt.toISOString().slice(0, 10)}; that counts for ${parameters.confirmedWithinDays} days.`,
      blocks: true,
    },
  ];
}

function ofRevalidation({ revalidationDueOn }: Clearance, now: Date, parameters: ClearanceParameters): Why[] {
  // Due on a day means until the end of that day.
  if (revalidationDueOn === null || now.getTime() < Date.parse(revalidationDueOn) + dayMs) return [];
  return [
    {
      code: 'revalidation-passed',
      text: `Its revalidation was due on ${revalidationDueOn}. That alone does not end it.`,
      blocks: parameters.pastRevalidation === 'deny',
    },
  ];
}

/** An Australian citizen, or somebody whose sponsor waived that after a risk assessment. */
export const citizenshipAccepted = ({ citizenships, waiver, waiverUntil }: Clearance, now: Date): boolean =>
  citizenships.includes('AU') || (waiver !== null && waiverUntil !== null && now < waiverUntil);
