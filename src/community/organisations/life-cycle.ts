import type { TenancyLife } from './contract.ts';

/** What may follow what. Leaving can be taken back while the data is still there; who left is invited anew. */
export const transitions: Readonly<Record<TenancyLife, readonly TenancyLife[]>> = {
  invited: ['commencing', 'left'],
  commencing: ['active', 'leaving'],
  active: ['suspended', 'leaving'],
  suspended: ['active', 'leaving'],
  leaving: ['active', 'left'],
  left: ['invited'],
};

/** SOURCE: the community's published terms keep a customer's data for 30 days after it leaves. */
export const retentionDays = 30;
const dayMs = 86_400_000;

export type Step =
  | { readonly ok: true; readonly retainedUntil: Date | null; readonly needsConditions: boolean }
  | { readonly ok: false; readonly why: string };

/** Whether a tenancy may go from where it stands to `to`, at `now`. */
export function step(
  from: { readonly state: TenancyLife; readonly retainedUntil: Date | null },
  to: TenancyLife,
  now: Date,
): Step {
  if (!transitions[from.state].includes(to))
    return {
      ok: false,
      why: `A tenancy that is ${from.state} can become ${transitions[from.state].join(' or ')}, not ${to}.`,
    };
  if (from.state === 'leaving' && to === 'left' && from.retainedUntil !== null && now < from.retainedUntil)
    return {
      ok: false,
      why: `Its data is kept until ${from.retainedUntil.toISOString()}. It can be marked as left from then on.`,
    };
  return {
    ok: true,
    retainedUntil: to === 'leaving' ? new Date(now.getTime() + retentionDays * dayMs) : null,
    needsConditions: to === 'active',
  };
}

const liveliest: readonly TenancyLife[] = ['active', 'leaving', 'suspended', 'commencing', 'invited', 'left'];

/** Where an organisation stands as a whole: where it is best off. Invited while it has no tenancy. */
export const organisationLife = (tenancies: readonly { readonly state: TenancyLife }[]): TenancyLife =>
  liveliest.find((state) => tenancies.some((tenancy) => tenancy.state === state)) ?? 'invited';
