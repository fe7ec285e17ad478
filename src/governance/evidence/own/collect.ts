import { createHash } from 'node:crypto';
import { type System, systemsIn } from '#governance';
import { systemAccess } from '#platform/scope';
import { type EvidenceDeps, systemBy } from '../deps.ts';
import type { Fact, Population } from '../evaluator.ts';
import { expiryOf, kindOf } from '../kinds.ts';
import { factText, packer, type Part } from '../pack.ts';
import { newestOf } from '../store.ts';
import { identityOf, put } from '../take.ts';

/** How the system looks at itself. */
export type Collector = {
  readonly kind: string;
  /** 'ironbark gate' */
  readonly source: string;
  /** @returns undefined where there is nothing to look at; what happened in [from, until) for a stream */
  collect(
    system: System,
    window: { readonly from: Date; readonly until: Date },
  ): Promise<{ readonly facts: readonly Fact[]; readonly population: Population } | undefined>;
};

const access = systemAccess('collect evidence of itself');
/** A stream that was never collected, or not for long, begins this long ago at most. */
const longestWindowMilliseconds = 24 * 3_600_000;
/** Asked more often, so that a new system need not wait; what was looked at within the hour is left alone. */
const everyMilliseconds = 3_600_000;

/**
 * Every collector looks at every system once. One that fails is told in the log and tried again the next time: what it
 * did not see becomes old, and unknown.
 * @returns how many collections were made
 */
export async function collectOwn(deps: EvidenceDeps, collectors: readonly Collector[]): Promise<number> {
  const systems = await deps.records.transaction(access, (tx) => systemsIn(tx, access));
  let made = 0;
  for (const system of systems)
    for (const collector of collectors)
      try {
        if (await collectOne(deps, system, collector)) made++;
      } catch (error) {
        deps.log.error(
          { err: error, collector: collector.source, system: system.environment },
          'collector failed',
        );
      }
  return made;
}

async function collectOne(deps: EvidenceDeps, system: System, collector: Collector): Promise<boolean> {
  const { environment, tenancy } = system;
  const { kind, source } = collector;
  const until = deps.clock.now();
  const last = await deps.records.transaction(access, (tx) => newestOf(tx, { environment, kind, source }));
  const earliest = new Date(until.getTime() - longestWindowMilliseconds);
  const from = last !== undefined && last.collectedAt > earliest ? last.collectedAt : earliest;
  if (last !== undefined && until.getTime() - last.collectedAt.getTime() < everyMilliseconds) return false;
  const found = await collector.collect(system, { from, until });
  if (found === undefined) return false;
  const { parts, hash } = packed(found.facts);
  return deps.records.transaction(access, (tx) =>
    put(
      deps,
      tx,
      {
        id: deps.ids.uuid(),
        environment,
        tenancy,
        kind,
        source,
        origin: 'collected by the system',
        importer: 'Collected by the system',
        identity: identityOf(kind, source, hash, until),
        hash,
        rawBytes: undefined,
        collectedAt: until,
        expiresAt: expiryOf(kindOf(deps.kinds, kind), until),
        receivedAt: until,
        population: found.population,
        facts: found.facts.length,
        packedBytes: parts.reduce((sum, part) => sum + part.packed.length, 0),
        ceiling: kindOf(deps.kinds, kind).ceiling,
        by: systemBy,
        report: null,
      },
      parts,
    ),
  );
}

/** Facts in the order given; the hash is over their texts, a line each. */
function packed(facts: readonly Fact[]): { parts: Part[]; hash: string } {
  const parts: Part[] = [];
  const pack = packer((part) => parts.push(part));
  const hash = createHash('sha256');
  for (const fact of facts) {
    const text = factText(fact);
    hash.update(`${text}\n`);
    pack.add(text);
  }
  pack.end();
  return { parts, hash: hash.digest('hex') };
}
