import type { ImplementationStatus } from '#contract/governance';
import { type Level, levels, type Reached, strategies, type StrategyId } from './strategy.ts';
import { askedAt, type Table } from './table.ts';

/** Met, not met, not known, or nothing there that it could apply to. */
export type Verdict = 'met' | 'not-met' | 'unknown' | 'not-applicable';

export type LevelTally = {
  readonly level: Level;
  readonly asked: number;
  readonly met: number;
  readonly notMet: number;
  readonly unknown: number;
  readonly notApplicable: number;
};

export type StrategyMaturity = {
  readonly strategy: StrategyId;
  readonly title: string;
  /** Reached by what is known. */
  readonly level: Reached;
  /** What it would be if everything unknown turned out met. */
  readonly possible: Reached;
  readonly target: Level;
  /** False when every control of it is Not Applicable: it then holds nobody back, and the reader is told. */
  readonly applies: boolean;
  readonly tallies: readonly LevelTally[];
  /** Controls of the target's level that are not met. */
  readonly blocking: readonly string[];
  /** Controls of the target's level that nobody can tell. */
  readonly unknown: readonly string[];
  /** Controls of the target's level that were answered Not Applicable: an assessor looks at these first. */
  readonly notApplicable: readonly string[];
};

export type Maturity = {
  readonly level: Reached;
  readonly possible: Reached;
  readonly target: Level;
  /** Whether the target is reached: unknown while only what is unknown stands in between. */
  readonly met: 'yes' | 'no' | 'unknown';
  readonly strategies: readonly StrategyMaturity[];
};

export type Standings = ReadonlyMap<string, { readonly status: ImplementationStatus }>;

/**
 * SOURCE: Essential Eight assessment process guide (ASD): a maturity level is reached when every control of it is Effective
 * or an Alternate Control. Not Applicable takes a control out of the count. A control nobody answered is Not Assessed.
 */
export function verdictOf(status: ImplementationStatus | undefined): Verdict {
  switch (status) {
    case 'Effective':
    case 'Alternate Control':
      return 'met';
    case 'Ineffective':
    case 'Not Implemented':
      return 'not-met';
    case 'Not Applicable':
      return 'not-applicable';
    case 'Not Assessed':
    case 'No Visibility':
    case undefined:
      return 'unknown';
  }
}

/**
 * The maturity of an environment. Levels are not cumulative: each is judged by the controls it asks for itself, so a control
 * that gives way to a stricter one at ML3 can't hold ML3 back. The whole is the least of the eight.
 *
 * INVARIANT: making a control better never lowers a level.
 */
export function maturity(standings: Standings, table: Table, target: Level): Maturity {
  const each = strategies.map(({ id, title }) => ofStrategy(standings, table, target, id, title));
  const least = (pick: (one: StrategyMaturity) => Reached): Reached =>
    // A minimum over values of Reached is one of them.
    each.reduce<Reached>((low, one) => (pick(one) < low ? pick(one) : low), 3);
  const nothing = each.every(({ applies }) => !applies);
  const level = nothing ? 0 : least((one) => one.level);
  const possible = nothing ? 0 : least((one) => one.possible);
  return {
    level,
    possible,
    target,
    met: level >= target ? 'yes' : possible < target ? 'no' : 'unknown',
    strategies: each,
  };
}

function ofStrategy(
  standings: Standings,
  table: Table,
  target: Level,
  strategy: StrategyId,
  title: string,
): StrategyMaturity {
  const verdict = (control: string) => verdictOf(standings.get(control)?.status);
  const tallies = levels.map((at) => {
    const verdicts = askedAt(table, strategy, at).map(({ id }) => verdict(id));
    const count = (wanted: Verdict) => verdicts.filter((one) => one === wanted).length;
    return {
      level: at,
      asked: verdicts.length,
      met: count('met'),
      notMet: count('not-met'),
      unknown: count('unknown'),
      notApplicable: count('not-applicable'),
    };
  });
  const atTarget = askedAt(table, strategy, target).map(({ id }) => id);
  const those = (wanted: Verdict) => atTarget.filter((id) => verdict(id) === wanted);
  return {
    strategy,
    title,
    level: highest(tallies, ({ notMet, unknown }) => notMet === 0 && unknown === 0),
    possible: highest(tallies, ({ notMet }) => notMet === 0),
    target,
    applies:
      tallies.every(({ asked }) => asked === 0) ||
      tallies.some(({ asked, notApplicable }) => asked > notApplicable),
    tallies,
    blocking: those('not-met'),
    unknown: those('unknown'),
    notApplicable: those('not-applicable'),
  };
}

/** A level without any control (a catalogue that lost its mapping) is reached by nobody. */
const highest = (tallies: readonly LevelTally[], good: (one: LevelTally) => boolean): Reached =>
  tallies.findLast((one) => one.asked > 0 && good(one))?.level ?? 0;
