import { type ContactSeverity, severity } from './contract.ts';

/** Whom to call in a security incident. */
export type Contact = {
  readonly id: string;
  readonly organisation: string;
  readonly severity: ContactSeverity;
  /** Empty: whatever it is about. */
  readonly topic: string;
  /** Who is called first: 1, 2, … */
  readonly rank: number;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly confirmedAt: Date;
  readonly confirmedBy: string;
};

/** The provider's parameters; both sides see them. */
export type ContactParameters = { readonly checkDays: number; readonly graceDays: number };
export const contactParameters: ContactParameters = { checkDays: 90, graceDays: 30 };

export type ContactStanding = {
  readonly standing: 'fresh' | 'warning' | 'blocking' | 'missing';
  readonly why: string;
  /** When somebody has to look at the oldest of them; undefined where there is none. */
  readonly dueAt: Date | undefined;
};

const dayMs = 86_400_000;

/** A severity counts as covered by a contact for whatever it is about: a topic's own contact alone leaves gaps. */
export function standingOf(
  contacts: readonly Contact[],
  now: Date,
  parameters: ContactParameters = contactParameters,
): ContactStanding {
  const covered = new Set(contacts.filter(({ topic }) => topic === '').map((contact) => contact.severity));
  const missing = severity.options.filter((one) => !covered.has(one));
  const oldest = contacts.reduce<Date | undefined>(
    (least, { confirmedAt }) => (least === undefined || confirmedAt < least ? confirmedAt : least),
    undefined,
  );
  const dueAt = oldest && dueOf({ confirmedAt: oldest }, parameters);
  if (dueAt === undefined || missing.length > 0)
    return {
      standing: 'missing',
      why: `Nobody is named for incidents of severity ${missing.join(', ')}.`,
      dueAt,
    };
  if (now < dueAt) return { standing: 'fresh', why: 'All contacts were confirmed in time.', dueAt };
  const blockedFrom = new Date(dueAt.getTime() + parameters.graceDays * dayMs);
  if (now < blockedFrom)
    return {
      standing: 'warning',
      why: `Contacts were to be confirmed by ${day(dueAt)}. From ${day(blockedFrom)} nothing new is provisioned.`,
      dueAt,
    };
  return {
    standing: 'blocking',
    why: `Contacts were to be confirmed by ${day(dueAt)}: nothing new is provisioned until they are.`,
    dueAt,
  };
}

const day = (at: Date): string => at.toISOString().slice(0, 10);

export const dueOf = (
  { confirmedAt }: { readonly confirmedAt: Date },
  { checkDays }: ContactParameters = contactParameters,
): Date => new Date(confirmedAt.getTime() + checkDays * dayMs);
