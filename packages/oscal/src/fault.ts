export type FaultCode =
  | 'too-large'
  | 'too-deep'
  | 'too-many'
  | 'not-text'
  | 'xml'
  | 'yaml'
  | 'not-json'
  | 'duplicate-name'
  | 'no-model'
  | 'unknown-version'
  | 'schema'
  | 'no-time-zone'
  | 'duplicate-uuid'
  | 'duplicate-id'
  | 'missing-back-matter'
  | 'unresolved-link'
  | 'unresolved-reference'
  | 'unresolved-import'
  | 'circular-import'
  | 'wrong-model'
  | 'unknown-control'
  | 'unknown-parameter'
  | 'more-faults';

/**
 * What is wrong with a document: where (a JSON pointer, '' for the whole), what, and what would help.
 * A warning may be well: what it misses can stand in a document that is not at hand.
 */
export type Fault = { code: FaultCode; where: string; what: string; help: string; warning?: true };

/** Nothing worse than warnings. */
export const isGood = (faults: readonly Fault[]): boolean => faults.every((fault) => fault.warning === true);

/** What a document may cost. Bytes are of the file, depth and values of its JSON. */
export type Limits = { maxBytes: number; maxDepth: number; maxValues: number; maxFaults: number };

export const defaultLimits: Limits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 128,
  maxValues: 5_000_000,
  maxFaults: 500,
};

/** One step of a JSON pointer. SOURCE: RFC 6901 section 3 */
export const step = (name: string | number): string =>
  `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** A piece of foreign text as it may stand in a message. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 120 ? `${text.slice(0, 117)}...` : text);

/** At most `max` faults; the last then says how many were left out. */
export function capped(faults: readonly Fault[], max: number): readonly Fault[] {
  if (faults.length <= max) return faults;
  return [
    ...faults.slice(0, max),
    {
      code: 'more-faults',
      where: '',
      what: `${faults.length - max} more faults are not listed.`,
      help: 'Mend these first, then check again.',
    },
  ];
}

/** The nearest of some words, when one is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined;
  let best: string | undefined;
  let least = word.length < 4 ? 2 : 3;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = editDistance(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
