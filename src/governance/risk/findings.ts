import { dueOf, exposureOf } from '@ironbark/risk';
import { governanceChanged, systemOf } from '#governance';
import type { Actor } from '#identity';
import { Invalid, NotFound } from '#platform/errors';
import type { FindingsFormat, FindingsReport, FindingView } from './contract.ts';
import { byOf, type RiskDeps } from './deps.ts';
import { findingKey, type FindingRecord, matcherOf } from './finding.ts';
import { buildModel, systemDefaults } from './inputs.ts';
import { bandsBelow } from './consequence.ts';
import { replace } from './feed-kinds.ts';
import { type FeedName, feedOf, readFeed } from './feeds.ts';
import { seenOf } from './seen.ts';
import { readScan } from './scanners/read.ts';
import * as store from './store.ts';

export type ImportOptions = {
  readonly format: FindingsFormat | 'auto';
  /** All findings are of this asset, whatever the file calls it. */
  readonly asset: string | undefined;
  /** What the scanner is called; what it found before on the same assets and finds no more is closed. */
  readonly source: string | undefined;
  /** The file tells of everything there is on its assets. */
  readonly complete: boolean;
  readonly dryRun: boolean;
};

/**
 * Takes over what a scanner found. Names that no asset has are listed, and their findings left out.
 * @throws {NotFound} {Invalid}
 */
export async function importFindings(
  deps: RiskDeps,
  actor: Actor,
  environment: string,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<FindingsReport> {
  const { format, scan } = readScan(bytes, options.format);
  return deps.records.transaction(actor.scope, async (tx) => {
    const { tenancy } = await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const source = options.source ?? format;
    const assets = (await deps.inventory(tx, environment)).assets.filter(({ retired }) => !retired);
    const find = matcherOf(assets.map(({ id, name, fields }) => ({ id, name, hostname: fields.hostname })));
    const only = options.asset === undefined ? undefined : find(options.asset);
    if (only === 'several')
      throw new Invalid(`Several assets are called "${options.asset ?? ''}". Give its id.`);
    if (options.asset !== undefined && only === undefined) throw new NotFound('asset', options.asset);
    const unmatched = new Map<string, number>();
    const told = new Map<string, FindingRecord>();
    const seenAssets = new Set<string>(only === undefined ? [] : [only.id]);
    const before = (await store.openFindings(tx, environment)).filter((one) => one.source === source);
    const old = new Map(before.map((one) => [findingKey(one, one.asset), one]));
    for (const one of scan.findings) {
      const asset = only ?? (one.host === undefined ? undefined : find(one.host));
      if (asset === undefined || asset === 'several') {
        const name = `${one.host ?? '(no name)'}${asset === 'several' ? ' (several assets have that name)' : ''}`;
        unmatched.set(name, (unmatched.get(name) ?? 0) + 1);
        continue;
      }
      seenAssets.add(asset.id);
      // What is found in the future was found now.
      const found = one.found === undefined || one.found > now ? now : one.found;
      const key = findingKey(one, asset.id);
      told.set(key, {
        ...one,
        id: old.get(key)?.id ?? deps.ids.uuid(),
        environment,
        tenancy,
        asset: asset.id,
        source,
        firstSeenAt: old.get(key)?.firstSeenAt ?? found,
        lastSeenAt: found,
      });
    }
    const gone = options.complete
      ? before.filter((one) => seenAssets.has(one.asset) && !told.has(findingKey(one, one.asset)))
      : [];
    const fresh = [...told.keys()].filter((key) => !old.has(key)).length;
    const report: FindingsReport = {
      format,
      applied: !options.dryRun,
      read: scan.findings.length,
      fresh,
      seenAgain: told.size - fresh,
      closed: gone.length,
      unmatched: [...unmatched].map(([host, findings]) => ({ host, findings })).slice(0, 1000),
      skipped: [...scan.skipped],
    };
    if (options.dryRun) return report;
    await store.saveFindings(tx, [...told.values()]);
    await store.closeFindings(
      tx,
      gone.map(({ id }) => id),
      now,
    );
    await deps.ledger.record(tx, {
      actor: byOf(actor),
      action: 'risk.findings-imported',
      subject: `system/${environment}`,
      tenancy,
      facts: {
        format,
        source,
        fresh,
        seenAgain: report.seenAgain,
        closed: report.closed,
        unmatched: unmatched.size,
      },
    });
    await governanceChanged(tx, { environment, what: 'findings', now });
    return report;
  });
}

/** What is open, with what is to be done about it and by when; the most pressing first. @throws {NotFound} */
export function listOpenFindings(
  deps: RiskDeps,
  actor: Actor,
  environment: string,
  limit: number,
): Promise<{ findings: FindingView[]; total: number }> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const parameters = (await store.newestParameters(tx, environment))?.parameters ?? systemDefaults;
    const { assets, edges } = await deps.inventory(tx, environment);
    const findings = await store.openFindings(tx, environment);
    const exploits = await store.exploitsOf(tx, [
      ...new Set(findings.map(({ vulnerability }) => vulnerability)),
    ]);
    const model = buildModel({
      assets,
      edges,
      findings,
      exploits,
      seen: await seenOf(deps, tx, environment, { assets, parameters, now }),
      safeguards: [],
      standings: [],
      judgements: new Map(),
      parameters,
      now,
    });
    const byId = new Map(model.assets.map((asset) => [asset.id, asset]));
    const told = new Map((model.findings ?? []).map((one) => [one.id, one]));
    const bands = bandsBelow(model);
    const views = findings.flatMap((one): FindingView[] => {
      const finding = told.get(one.id);
      const asset = byId.get(one.asset);
      if (finding === undefined || asset === undefined) return [];
      const { decision, points, due, by } = dueOf(
        { ...finding, vector: one.vector ?? exploits.get(one.vulnerability)?.vector },
        {
          exposure: exposureOf(asset.exposure, parameters),
          band: bands.get(one.asset) ?? 1,
          level: parameters.maturity,
          firstSeen: one.firstSeenAt,
        },
      );
      return [
        {
          id: one.id,
          asset: one.asset,
          assetName: asset.name ?? asset.id,
          vulnerability: one.vulnerability,
          package: one.package,
          title: one.title,
          source: one.source,
          cvss: finding.cvss ?? null,
          epss: finding.epss ?? null,
          kev: finding.kev === true,
          seen: finding.seen === true,
          firstSeenAt: one.firstSeenAt.toISOString(),
          lastSeenAt: one.lastSeenAt.toISOString(),
          decision,
          points,
          dueAt: due.toISOString(),
          dueBy: by,
          overdue: due <= now,
        },
      ];
    });
    views.sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt) || (b.epss ?? 0) - (a.epss ?? 0));
    return { findings: views.slice(0, limit), total: views.length };
  });
}

/** One of the feeds, as published, without a pack. @throws {Invalid} */
export async function importFeed(
  deps: RiskDeps,
  actor: Actor,
  bytes: Uint8Array,
): Promise<{ feed: FeedName; read: number; asOf: string }> {
  const content = new TextDecoder().decode(bytes);
  const now = deps.clock.now();
  const plain = content.trimStart().startsWith('{') ? 'kev' : 'epss';
  const { feed, rows, asOf } = readFeed(feedOf(content.slice(0, 4000)) ?? plain, [content], now);
  // The feeds are of the world; which systems they concern is found when they are run.
  await deps.records.transaction(actor.scope, async (tx) => {
    await replace(tx, feed, rows, asOf, now);
    await deps.ledger.record(tx, {
      actor: byOf(actor),
      action: 'risk.feed-imported',
      subject: `feed/${feed}`,
      facts: { feed, cves: rows.length, asOf: asOf.toISOString() },
    });
  });
  return { feed, read: rows.length, asOf: asOf.toISOString() };
}
