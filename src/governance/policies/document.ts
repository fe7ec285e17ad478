import { monthsLater } from '#community/organisations';
import type { DocumentKind } from './contract.ts';

/** Who is to read it: of the provider's people who are here, everybody, or those in these offices and these by name. */
export type Audience = {
  readonly everybody: boolean;
  readonly offices: readonly string[];
  readonly people: readonly string[];
};

export type Document = {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly title: string;
  /** A person's id. */
  readonly owner: string;
  /** Empty: of the organisation as a whole. */
  readonly environments: readonly string[];
  readonly controls: readonly string[];
  readonly frameworks: readonly string[];
  /** Which required document it is (`required.ts`). */
  readonly required: string | null;
  readonly reviewMonths: number;
  readonly acknowledgeDays: number;
  readonly audience: Audience;
  readonly createdAt: Date;
  readonly retiredAt: Date | null;
  readonly retiredWhy: string | null;
};

export type DocumentVersion = {
  readonly document: string;
  /** From 1, without gaps. */
  readonly number: number;
  readonly sha256: string;
  readonly summary: string;
  readonly minor: boolean;
  readonly author: { readonly id: string; readonly name: string };
  readonly createdAt: Date;
  readonly approval: {
    readonly at: Date;
    readonly person: string;
    readonly name: string;
    readonly office: string;
    /** From then on it holds. */
    readonly effectiveAt: Date;
  } | null;
};

export type Review = {
  readonly document: string;
  readonly version: number;
  readonly outcome: 'stands' | 'change-needed';
  readonly note: string;
  readonly by: string;
  readonly at: Date;
};

export type Acknowledgement = {
  readonly document: string;
  readonly version: number;
  readonly person: string;
  readonly at: Date;
};

export type Reader = { readonly id: string; readonly name: string; readonly since: Date };

const dayMs = 86_400_000;
/** A review is asked for this long before it is due. */
export const reviewNoticeDays = 30;

/** The one that holds: the newest that is approved and effective. */
export const inForce = (versions: readonly DocumentVersion[], now: Date): DocumentVersion | undefined =>
  versions
    .filter(({ approval }) => approval !== null && approval.effectiveAt <= now)
    .reduce<DocumentVersion | undefined>(
      (best, one) => (best === undefined || one.number > best.number ? one : best),
      undefined,
    );

export type ReviewClock =
  | { readonly state: 'retired' | 'not-in-force' }
  | {
      readonly state: 'current' | 'due' | 'overdue';
      /** What the document's "current as at" says. SOURCE: ISM-0888. */
      readonly currentAsAt: Date;
      readonly dueAt: Date;
    };

/**
 * A document is current from when its version became effective, or was last reviewed and stands, for its months: at that
 * very moment it is overdue. A review that asks for a change moves nothing.
 */
export function reviewClock(
  document: Pick<Document, 'reviewMonths' | 'retiredAt'>,
  versions: readonly DocumentVersion[],
  reviews: readonly Review[],
  now: Date,
): ReviewClock {
  if (document.retiredAt !== null && document.retiredAt <= now) return { state: 'retired' };
  const version = inForce(versions, now);
  const effectiveAt = version?.approval?.effectiveAt;
  if (version === undefined || effectiveAt === undefined) return { state: 'not-in-force' };
  const stood = reviews
    .filter(({ outcome, version: of, at }) => outcome === 'stands' && of === version.number && at <= now)
    .map(({ at }) => at.getTime());
  const currentAsAt = new Date(Math.max(effectiveAt.getTime(), ...stood));
  const dueAt = monthsLater(currentAsAt, document.reviewMonths);
  if (now >= dueAt) return { state: 'overdue', currentAsAt, dueAt };
  const noticed = now.getTime() >= dueAt.getTime() - reviewNoticeDays * dayMs;
  return { state: noticed ? 'due' : 'current', currentAsAt, dueAt };
}

export type Owed = {
  readonly person: Reader;
  /** The version from which on an acknowledgement counts. */
  readonly version: number;
  readonly dueAt: Date;
  /** The newest acknowledgement that counts. */
  readonly acknowledgedAt: Date | undefined;
  readonly state: 'acknowledged' | 'due' | 'overdue';
};

/**
 * Who owes an acknowledgement of what is in force. A minor change asks nobody again: an acknowledgement of the last
 * version that was not minor stands.
 */
export function owed(
  document: Pick<Document, 'acknowledgeDays' | 'retiredAt'>,
  versions: readonly DocumentVersion[],
  acknowledgements: readonly Acknowledgement[],
  readers: readonly Reader[],
  now: Date,
): Owed[] {
  const asked = askedVersion(versions, now);
  if (document.retiredAt !== null || asked === undefined) return [];
  const { version, effectiveAt } = asked;
  return readers.map((person) => {
    const from = Math.max(effectiveAt.getTime(), person.since.getTime());
    const dueAt = new Date(from + document.acknowledgeDays * dayMs);
    const acknowledgedAt = acknowledgements
      .filter((one) => one.person === person.id && one.version >= version && one.at <= now)
      .map(({ at }) => at)
      .sort((a, b) => b.getTime() - a.getTime())[0];
    const state = acknowledgedAt !== undefined ? 'acknowledged' : now < dueAt ? 'due' : 'overdue';
    return { person, version, dueAt, acknowledgedAt, state };
  });
}

/** The last version in force that was to be read, and since when. The first is always to be read. */
function askedVersion(
  versions: readonly DocumentVersion[],
  now: Date,
): { version: number; effectiveAt: Date } | undefined {
  const held = versions
    .filter(({ approval }) => approval !== null && approval.effectiveAt <= now)
    .sort((a, b) => a.number - b.number);
  const asked = held.findLast(({ minor }) => !minor) ?? held[0];
  if (asked?.approval == null) return undefined;
  return { version: asked.number, effectiveAt: asked.approval.effectiveAt };
}

/**
 * Whose approval counts. SOURCE: ISM-0047: documents of the organisation are the CISO's to approve, those of a system its
 * authorising officer's; the office that accepts a system's risk here is "risk owner", and the CIO's.
 */
export const approvingOffices = ({ environments }: Pick<Document, 'environments'>) =>
  environments.length === 0 ? (['ciso'] as const) : (['risk-owner', 'cio'] as const);
