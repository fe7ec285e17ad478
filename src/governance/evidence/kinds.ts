import type { EvidenceKind } from './importer.ts';

/** The kind of an importer that reads any, by the sender's word. */
export const anyKind = '*';

const dayMilliseconds = 86_400_000;
/** Nobody's observation of today says anything about the world in six years. */
const longestDays = 5 * 366;

/** What is known of a kind; one that nobody registered is a snapshot that stands for three months on somebody's word. */
export function kindOf(kinds: readonly EvidenceKind[], kind: string): EvidenceKind {
  return (
    kinds.find((one) => one.kind === kind) ?? {
      kind,
      title: kind,
      how: 'A kind of your own: send facts as JSON, NDJSON or CSV.',
      validDays: 90,
      grows: 'snapshot',
      ceiling: 'attested',
    }
  );
}

export const expiryOf = (kind: EvidenceKind, collectedAt: Date): Date =>
  new Date(collectedAt.getTime() + kind.validDays * dayMilliseconds);

export const latestExpiry = (collectedAt: Date): Date =>
  new Date(collectedAt.getTime() + longestDays * dayMilliseconds);
