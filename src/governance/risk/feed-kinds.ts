import { governanceChanged } from '#governance';
import type { Clock } from '#platform/clock';
import { type ContentChange, type ContentKind, listPacks, type PackFile, packFiles } from '#platform/content';
import { Conflict } from '#platform/errors';
import type { Tx } from '#platform/records';
import { type Exploit, type FeedName, feedOf, feeds, readFeed } from './feeds.ts';
import * as store from './store.ts';

const titles: Readonly<Record<FeedName, string>> = {
  kev: 'Vulnerabilities known to be exploited (KEV, JSON)',
  epss: 'Exploit prediction scores (EPSS, CSV)',
  advisories: 'Security advisories (CSAF, JSON)',
};
const headOf = ({ text }: PackFile): string => text.slice(0, 4000);

/**
 * What the world says of vulnerabilities, as content packs: activating one replaces what its feed said before, and every
 * system with open findings is assessed again, so that likelihoods and deadlines follow.
 */
export const feedKinds = (clock: Clock): readonly ContentKind[] => feeds.map((feed) => feedKind(feed, clock));

function feedKind(feed: FeedName, clock: Clock): ContentKind {
  const isIts = (file: PackFile): boolean => feedOf(headOf(file)) === feed;
  const readAll = (files: readonly PackFile[]) => {
    const its = files.filter(isIts);
    return readFeed(
      feed,
      (its.length === 0 ? files : its).map(({ text }) => text),
      clock.now(),
    );
  };
  return {
    kind: feed,
    title: titles[feed],
    permission: 'governance.manage',
    keeps: (path) => /\.(json|csv)$/i.test(path),
    recognises: (files) => files.some(isIts),
    read(files) {
      const { rows, asOf, version } = readAll(files);
      const exploited = rows.filter((row) => row.exploited !== undefined).length;
      return {
        name: feed,
        version,
        facts: { cves: rows.length, ...(feed !== 'epss' && { exploited }), asOf: asOf.toISOString() },
        faults: [],
      };
    },
    async activated(tx, { pack, now }) {
      const other = (await listPacks(tx, feed)).find(({ active, name }) => active && name !== pack.name);
      if (other !== undefined)
        throw new Conflict(
          `"${other.name}" ${other.version} is active, and a feed has one list. Put it at rest first: ironbark content deactivate ${other.id}`,
        );
      const { rows, asOf } = readAll(await packFiles(tx, pack.id));
      await replace(tx, feed, rows, asOf, now);
    },
    deactivated: (tx, { now }) => replace(tx, feed, [], now, now),
    diff: (before, after) => differences(feed, readAll(before).rows, readAll(after).rows),
  };
}

/** The feed as a whole, and word to the systems it may concern. */
export async function replace(
  tx: Tx,
  feed: FeedName,
  rows: readonly Exploit[],
  asOf: Date,
  now: Date,
): Promise<void> {
  await store.replaceFeed(tx, feed, rows, asOf);
  for (const environment of await store.environmentsWithFindings(tx))
    await governanceChanged(tx, { environment, what: 'findings', now });
}

/** Scores move every day: those that matter crossed the line from which an exploit counts as likely, or moved far. */
const likely = 0.088;
const far = 0.1;

function differences(
  feed: FeedName,
  before: readonly Exploit[],
  after: readonly Exploit[],
): readonly ContentChange[] {
  const was = new Map(before.map((row) => [row.cve, row]));
  const is = new Map(after.map((row) => [row.cve, row]));
  const titled = (row: Exploit): string => row.title ?? row.cve;
  const matters = (row: Exploit): boolean => feed !== 'epss' || (row.epss ?? 0) >= likely;
  const removed = before
    .filter((row) => !is.has(row.cve) && matters(row))
    .map((row): ContentChange => ({ change: 'removed', id: row.cve, title: titled(row) }));
  const rest = after.flatMap((row): ContentChange[] => {
    const old = was.get(row.cve);
    if (old === undefined)
      return matters(row)
        ? [{ change: 'added', id: row.cve, title: titled(row), why: wordOf(feed, row) }]
        : [];
    const turned =
      feed === 'epss'
        ? matters(old) !== matters(row) || Math.abs((old.epss ?? 0) - (row.epss ?? 0)) >= far
        : wordOf(feed, old) !== wordOf(feed, row);
    return turned
      ? [
          {
            change: 'changed',
            id: row.cve,
            title: titled(row),
            why: `${wordOf(feed, old)} became ${wordOf(feed, row)}`,
          },
        ]
      : [];
  });
  return [...removed, ...rest];
}

function wordOf(feed: FeedName, { epss, exploited, cvss }: Exploit): string {
  if (feed === 'epss') return String(epss ?? 0);
  const known =
    exploited === undefined
      ? 'not known to be exploited'
      : `exploited, told ${exploited.toISOString().slice(0, 10)}`;
  return cvss === undefined ? known : `CVSS ${cvss}, ${known}`;
}
