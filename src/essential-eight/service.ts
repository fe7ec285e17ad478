import { type System, governanceChanged, systemOf, systemsIn } from '#governance';
import type { Actor } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Records, Tx } from '#platform/records';
import { type Access, systemAccess, tenancyId } from '#platform/scope';
import type { MaturityChanges, MaturityDetail, MaturityHistory, MaturitySummary } from './contract.ts';
import { type GapStanding, gapsOf } from './gap.ts';
import { type Maturity, maturity, type Verdict, verdictOf } from './maturity.ts';
import { type Found, foundBy, foundSince, insertFound, setTarget, targetOf } from './store.ts';
import type { Level, Reached, StrategyId } from './strategy.ts';
import { type Difference, type Table, withCatalogue } from './table.ts';

/** How a control stands, as governance/controls says it. */
export type ControlStanding = GapStanding & {
  readonly control: string;
  readonly confidence?: string;
  readonly asOf?: Date;
  readonly expires?: Date;
};

export type EssentialEightDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly table: Table;
  /** Every control of the system, with expiry applied. */
  readonly standingsOf: (tx: Tx, environment: string, now: Date) => Promise<readonly ControlStanding[]>;
  /** Levels by control id, as the catalogue the system is assessed against has them; empty without one. */
  readonly catalogueLevels: (tx: Tx, environment: string) => Promise<ReadonlyMap<string, readonly string[]>>;
};

/** SOURCE: PSPF policy 14 asks for ML2 of the eight. */
const defaultTarget: Level = 2;
const dayMilliseconds = 86_400_000;

type Assessed = {
  readonly system: System;
  readonly table: Table;
  readonly maturity: Maturity;
  readonly standings: ReadonlyMap<string, ControlStanding>;
  readonly levelsFrom: 'catalogue' | 'table';
  readonly differences: readonly Difference[];
  readonly now: Date;
};

async function assessed(deps: EssentialEightDeps, tx: Tx, system: System): Promise<Assessed> {
  const now = deps.clock.now();
  const { table, source, differences } = withCatalogue(
    deps.table,
    await deps.catalogueLevels(tx, system.environment),
  );
  const all = await deps.standingsOf(tx, system.environment, now);
  const standings = new Map(all.map((one) => [one.control, one]));
  const target = (await targetOf(tx, system.environment)) ?? defaultTarget;
  return {
    system,
    table,
    standings,
    maturity: maturity(standings, table, target),
    levelsFrom: source,
    differences,
    now,
  };
}

/** Every environment the actor may see. */
export function listMaturity(deps: EssentialEightDeps, { scope }: Actor): Promise<MaturitySummary[]> {
  return deps.records.transaction(scope, async (tx) => {
    const found: MaturitySummary[] = [];
    for (const system of await systemsIn(tx, scope)) found.push(summaryOf(await assessed(deps, tx, system)));
    return found;
  });
}

/** @throws {NotFound} */
export function readMaturity(
  deps: EssentialEightDeps,
  { scope }: Actor,
  environment: string,
): Promise<MaturityDetail> {
  return deps.records.transaction(scope, async (tx) => {
    const found = await assessed(deps, tx, await systemOf(tx, scope, environment));
    const before = await foundBy(tx, environment, new Date(found.now.getTime() - dayMilliseconds));
    return {
      ...summaryOf(found),
      gaps: gapsOf(found.maturity, found.standings, found.table),
      controls: controlsOf(found),
      changes: changesSince(before, asFound(found)),
    };
  });
}

/** @throws {NotFound} */
export function maturityOverTime(
  deps: EssentialEightDeps,
  { scope }: Actor,
  environment: string,
  days: number,
): Promise<MaturityHistory> {
  return deps.records.transaction(scope, async (tx) => {
    await systemOf(tx, scope, environment);
    const since = new Date(deps.clock.now().getTime() - days * dayMilliseconds);
    const points = await foundSince(tx, environment, since);
    return {
      points: points.map(({ at, strategies, level, possible, target }) => ({
        at: at.toISOString(),
        level,
        possible,
        target,
        strategies: namedPairs(strategies),
      })),
    };
  });
}

/** @throws {NotFound} */
export function changeTarget(
  deps: EssentialEightDeps,
  actor: Actor,
  environment: string,
  level: Level,
): Promise<MaturitySummary> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const before = (await targetOf(tx, environment)) ?? defaultTarget;
    await setTarget(tx, system, level, actor.name, now);
    await deps.ledger.record(tx, {
      actor,
      action: 'essential-eight.target',
      subject: `environment/${environment}`,
      tenancy: tenancyId(system.tenancy),
      facts: { before, after: level },
    });
    await governanceChanged(tx, { environment, what: 'controls', now });
    return summaryOf(await assessed(deps, tx, system));
  });
}

/** A step of an environment's assessment: keeps what was found where it is another than before. */
export async function recordMaturity(deps: EssentialEightDeps, environment: string): Promise<void> {
  const access: Access = systemAccess(`record the maturity of ${environment}`);
  await deps.records.transaction(access, async (tx) => {
    const system = await systemOf(tx, access, environment);
    const now = asFound(await assessed(deps, tx, system));
    const before = await foundBy(tx, environment, now.at);
    if (before === undefined || !same(before, now)) await insertFound(tx, system, now);
  });
}

/** The maturity of an environment as reports take it. */
export async function maturityOf(deps: EssentialEightDeps, tx: Tx, system: System): Promise<Maturity> {
  return (await assessed(deps, tx, system)).maturity;
}

function summaryOf(found: Assessed): MaturitySummary {
  const { level, possible, target, met, strategies } = found.maturity;
  const rests = found.table.controls.flatMap(({ id }) => found.standings.get(id)?.asOf ?? []);
  const oldest = rests.sort((a, b) => a.getTime() - b.getTime())[0];
  return {
    environment: found.system.environment,
    name: found.system.name,
    marking: found.system.marking,
    level,
    possible,
    target,
    met,
    strategies: strategies.map((one) => ({
      ...one,
      tallies: [...one.tallies],
      blocking: [...one.blocking],
      unknown: [...one.unknown],
      notApplicable: [...one.notApplicable],
    })),
    levelsFrom: found.levelsFrom,
    differences: found.differences.map((one) => ({
      ...one,
      table: [...one.table],
      catalogue: [...one.catalogue],
    })),
    asOf: oldest?.toISOString() ?? null,
    counted: found.now.toISOString(),
  };
}

const controlsOf = ({ table, standings }: Assessed): MaturityDetail['controls'] =>
  table.controls.map(({ id, asks, strategies, levels, judged }) => {
    const standing = standings.get(id);
    return {
      control: id,
      asks,
      strategies,
      levels,
      judged,
      verdict: verdictOf(standing?.status),
      status: standing?.status ?? 'Not Assessed',
      confidence: standing?.confidence ?? null,
      because: standing?.unknownWhy ?? standing?.because ?? 'Nobody has assessed it.',
      owner: standing?.owner ?? null,
      asOf: standing?.asOf?.toISOString() ?? null,
      expires: standing?.expires?.toISOString() ?? null,
    };
  });

function asFound({
  maturity: { level, possible, target, strategies },
  table,
  standings,
  now,
}: Assessed): Found {
  const pairs: Partial<Record<StrategyId, readonly [Reached, Reached]>> = {};
  for (const one of strategies) pairs[one.strategy] = [one.level, one.possible];
  const verdicts: Record<string, Verdict> = {};
  for (const { id } of table.controls) verdicts[id] = verdictOf(standings.get(id)?.status);
  return { at: now, level, possible, target, strategies: pairs, verdicts };
}

/** Every part of what was found but its time; jsonb keeps no order of names. */
const same = (a: Found, b: Found): boolean => identity(a) === identity(b);
const identity = ({ level, possible, target, strategies, verdicts }: Found): string =>
  JSON.stringify([level, possible, target, sorted(strategies), sorted(verdicts)]);
const sorted = (values: object): unknown => Object.entries(values).sort(([a], [b]) => a.localeCompare(b));

function changesSince(before: Found | undefined, after: Found): MaturityChanges {
  if (before === undefined) return { since: null, level: null, strategies: [], controls: [] };
  return {
    since: before.at.toISOString(),
    level: before.level === after.level ? null : { before: before.level, after: after.level },
    strategies: entriesOf(after.strategies).flatMap(([strategy, [now]]) => {
      const then = before.strategies[strategy]?.[0] ?? 0;
      return then === now ? [] : [{ strategy, before: then, after: now }];
    }),
    controls: Object.entries(after.verdicts).flatMap(([control, now]) => {
      const then = before.verdicts[control] ?? 'unknown';
      return then === now ? [] : [{ control, before: then, after: now }];
    }),
  };
}

// Its keys are strategies: the type says so, and Object.entries forgets it.
const entriesOf = (pairs: Found['strategies']) =>
  Object.entries(pairs) as [StrategyId, readonly [Reached, Reached]][];

function namedPairs(pairs: Found['strategies']): MaturityHistory['points'][number]['strategies'] {
  const named = entriesOf(pairs).map(([strategy, [level, possible]]) => [strategy, { level, possible }]);
  // The eight are written together, so each is there.
  return Object.fromEntries(named) as MaturityHistory['points'][number]['strategies'];
}
