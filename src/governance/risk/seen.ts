import type { Asset } from '#assets';
import type { Tx } from '#platform/records';
import type { SystemParameters } from './contract.ts';
import { type FindingRecord, matcherOf } from './finding.ts';

/** An alert of ours that tells of an exploit on a host, and that nobody closed as something else. */
export type SeenExploit = {
  readonly host: string;
  /** Those that the rule names, as CVE-2021-44228. */
  readonly cves: readonly string[];
  /** The rule is of a technique that exploits a vulnerability, whichever it is. */
  readonly technique: boolean;
};

export type SeenExploits = (tx: Tx, environment: string, since: Date) => Promise<readonly SeenExploit[]>;

const dayMs = 86_400_000;

/**
 * Which findings were seen being exploited within the last horizon: the CVE that a detection on that host names. A detection
 * of an exploiting technique does not say which vulnerability was used: it counts for those of the host that are known to be
 * exploited, and for no other.
 */
export async function seenOf(
  deps: { readonly seenExploits: SeenExploits },
  tx: Tx,
  environment: string,
  {
    assets,
    parameters,
    now,
  }: { assets: readonly Asset[]; parameters: Pick<SystemParameters, 'horizonDays'>; now: Date },
): Promise<(finding: FindingRecord, kev: boolean) => boolean> {
  const since = new Date(now.getTime() - parameters.horizonDays * dayMs);
  const all = await deps.seenExploits(tx, environment, since);
  const find = matcherOf(
    assets
      .filter(({ retired }) => !retired)
      .map(({ id, name, fields }) => ({ id, name, hostname: fields.hostname })),
  );
  const named = new Set<string>();
  const attacked = new Set<string>();
  for (const { host, cves, technique } of all) {
    const asset = find(host);
    if (asset === undefined || asset === 'several') continue;
    for (const cve of cves) named.add(`${asset.id} ${cve}`);
    if (technique && cves.length === 0) attacked.add(asset.id);
  }
  return ({ asset, vulnerability }, kev) =>
    named.has(`${asset} ${vulnerability}`) || (kev && attacked.has(asset));
}
