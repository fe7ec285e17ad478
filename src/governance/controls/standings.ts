import { type ControlJudgement, controlsWithOpenFindings, judgementsOf } from '#governance/evidence';
import { controlKeys, type Link, linksOf } from '#governance/frameworks';
import type { Tx } from '#platform/records';
import { counting, stateOf } from './answer.ts';
import { approvedOf } from './exception.ts';
import { type Standing, standingOf } from './standing.ts';
import { answers } from './store.ts';
import { exceptions } from './store-exceptions.ts';
import { through } from './through.ts';

/** What evidence says, as the evidence module tells it. */
export type StandingSources = {
  readonly judgements: (
    tx: Tx,
    environment: string,
    now: Date,
  ) => Promise<ReadonlyMap<string, readonly ControlJudgement[]>>;
  /** Controls that evidence once found not met, and that none since found met. */
  readonly openFindings: (tx: Tx, environment: string) => Promise<ReadonlySet<string>>;
};

export type StandingsOf = (
  tx: Tx,
  environment: string,
  now: Date,
  /** Of this control alone: what it is mapped to is looked at as well, and nothing else. */
  only?: string,
) => Promise<readonly Standing[]>;

/** How every control of a system stands at that moment, in the order of `controlsOf`: one question each for all of them. */
export const createStandings =
  (sources: StandingSources): StandingsOf =>
  async (tx, environment, now, only) => {
    const mapped = await linksOf(tx);
    const wanted =
      only === undefined
        ? undefined
        : [only, ...mapped.filter(({ target }) => target === only).map(({ source }) => source)];
    const keys = await controlKeys(tx, environment, wanted);
    if (keys.length === 0) return [];
    const answered = Map.groupBy(await answers(tx, environment, wanted), ({ control }) => control);
    const asked = Map.groupBy(await exceptions(tx, environment), ({ control }) => control);
    const judged = await sources.judgements(tx, environment, now);
    const findings = await sources.openFindings(tx, environment);
    const links = Map.groupBy(mapped, ({ target }) => target);
    const open = new Set<string>();
    const own = keys.map((key) => {
      const answer = counting(answered.get(key.id) ?? [], key.statementHash);
      if (answer === undefined || answer.status === 'Not Assessed') open.add(key.id);
      return standingOf({
        control: key.id,
        statementHash: key.statementHash,
        excluded: key.excluded,
        answer: answer && stateOf(answer),
        judgements: judged.get(key.id) ?? [],
        openFinding: findings.has(key.id),
        exceptions: approvedOf(asked.get(key.id) ?? []),
        now,
      });
    });
    const byControl = new Map(own.map((one) => [one.control, one]));
    return own.flatMap((one) => {
      if (only !== undefined && one.control !== only) return [];
      const found: readonly Link[] | undefined = open.has(one.control) ? links.get(one.control) : undefined;
      return [found === undefined ? one : through(one, found, byControl)];
    });
  };

/** The same, on the evidence that the system has. */
export const standingsOf: StandingsOf = createStandings({
  judgements: judgementsOf,
  openFindings: controlsWithOpenFindings,
});
