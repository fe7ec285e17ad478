import { fieldNames, type FieldName, type Fields, type Said } from './fields.ts';

/** What one source says of one asset, over all its imports. */
export type Observation = {
  readonly source: string;
  readonly format: string;
  readonly seenAt: Date;
  readonly firstSeenAt: Date;
  readonly said: Said;
};

/**
 * Whose word holds where two sources differ: a person's, then what ran on the machine, then what runs the machine, then
 * lists of parts, then spreadsheets, then what can be told from events.
 */
const trust: Readonly<Record<string, number>> = {
  person: 100,
  ironbark: 90,
  osquery: 80,
  vmware: 70,
  aws: 70,
  azure: 70,
  dpkg: 60,
  rpm: 60,
  cyclonedx: 60,
  csv: 50,
  events: 10,
};
/** A source that is so much older than the newest one that says something of the field is trusted no more than it. */
export const outdatedAfterDays = 90;

export type Word = { readonly value: string; readonly source: string; readonly at: string };
/** The words of all sources on one field, the one that holds first. */
export function words(observations: readonly Observation[], field: FieldName): Word[] {
  const all = observations.flatMap(({ source, format, said }) => {
    const word = said[field];
    return word === undefined ? [] : [{ value: word.v, source, at: word.at, trust: trust[format] ?? 0 }];
  });
  const newest = all.reduce((latest, { at }) => (at > latest ? at : latest), '');
  const oldest = Date.parse(newest) - outdatedAfterDays * 86_400_000;
  const weight = (one: (typeof all)[number]): number =>
    one.source !== 'person' && Date.parse(one.at) < oldest ? -1 : one.trust;
  return all
    .sort(
      (a, b) =>
        weight(b) - weight(a) ||
        (a.at < b.at ? 1 : a.at > b.at ? -1 : 0) ||
        (a.value < b.value ? 1 : a.value > b.value ? -1 : a.source < b.source ? -1 : 1),
    )
    .map(({ value, source, at }) => ({ value, source, at }));
}

/** INVARIANT: the outcome does not depend on the order in which the sources came. */
export function surviving(observations: readonly Observation[]): Fields {
  const fields: { [Name in FieldName]?: string } = {};
  for (const name of fieldNames) {
    const [word] = words(observations, name);
    if (word !== undefined) fields[name] = word.value;
  }
  return fields;
}

/** The newest that any source but a person saw. */
export function lastSeen(observations: readonly Observation[]): Date | null {
  const seen = observations.filter(({ source }) => source !== 'person').map(({ seenAt }) => seenAt.getTime());
  return seen.length === 0 ? null : new Date(Math.max(...seen));
}
