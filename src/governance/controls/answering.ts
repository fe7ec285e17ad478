import { people } from '#community/organisations';
import { governanceChanged, type System } from '#governance';
import type { Actor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { type Answer, counting, type Who } from './answer.ts';
import type { AnswerInput, BulkInput, ReaffirmInput, RowReport } from './contract.ts';
import { type ControlDeps, providerOf, systemAndWords, who } from './deps.ts';
import { askNotApplicable } from './exceptions.ts';
import { attestation, inputOf, noInput, prepare } from './prepare.ts';
import { answers, answerVersions, insertAnswers, lockSystem } from './store.ts';

/** One answer to write, from wherever it comes. */
export type Wanted = {
  readonly line: number;
  readonly control: string;
  /** What to say, from what is said now. @throws nothing: faults are returned as texts */
  readonly input: (before: Answer | undefined) => AnswerInput | string;
  readonly change: Answer['change'];
  /** Whether it is said of the words of now; else what waits to be affirmed goes on waiting. Left out: it is. */
  readonly affirms?: (before: Answer, input: AnswerInput) => boolean;
  /** Refused where the newest version is another. */
  readonly after?: number | undefined;
};

/** @throws {NotFound} {Invalid} {Conflict} */
export async function putAnswer(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  control: string,
  { after, ...input }: AnswerInput,
): Promise<void> {
  const report = await write(deps, actor, environment, false, () => [
    { line: 1, control, input: () => input, change: 'answered', after },
  ]);
  const [row] = report.report;
  if (row?.outcome !== 'refused') return;
  const why = row.why.join(' ');
  if (why === noSuchControl) throw new NotFound('control', control);
  if (why === answeredSince) throw new Conflict(why);
  throw new Invalid(why);
}

/** Sets the same on many; all or none. @throws {NotFound} */
export const bulkAnswer = (
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  { controls, set }: BulkInput,
): Promise<RowReport> =>
  write(deps, actor, environment, false, () =>
    controls.map((control, at) => ({
      line: at + 1,
      control,
      input: (before) => {
        const base = before === undefined ? noInput : inputOf(before);
        const given = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
        const next = { ...base, ...given };
        // Another status is another claim: how the one before was shown says nothing of it.
        return set.status !== undefined && set.status !== base.status
          ? {
              ...next,
              rests: set.rests ?? 'attested',
              evaluators: set.rests === 'evidence' ? next.evaluators : [],
              reviewBy: set.reviewBy ?? null,
            }
          : next;
      },
      affirms: () => set.status !== undefined,
      change: 'answered',
    })),
  );

/** The same answers to the new words, by somebody who read them; all or none. @throws {NotFound} */
export const reaffirm = (
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  { controls }: ReaffirmInput,
): Promise<RowReport> =>
  write(deps, actor, environment, false, (words) =>
    controls.map(({ control, version }, at) => ({
      line: at + 1,
      control,
      input: (before) => {
        if (before === undefined || before.statementHash === words.get(control))
          return 'It does not wait to be affirmed again.';
        const input = inputOf(before);
        // Affirmed today: the time until it is to be looked at again begins anew, as long as it was.
        if (before.reviewBy === null) return input;
        const span = Math.min(
          Math.max(before.reviewBy.getTime() - before.at.getTime(), 86_400_000),
          attestation.maxDays * 86_400_000,
        );
        return { ...input, reviewBy: new Date(deps.clock.now().getTime() + span).toISOString() };
      },
      change: 'reaffirmed',
      after: version,
    })),
  );

const noSuchControl = 'The system has no such control.';
const answeredSince = 'Somebody answered it since you looked. Load it again.';

/**
 * Writes answers, or says what would be written. One transaction: either every row is good and all of them are in, or none.
 * @throws {NotFound}
 */
export async function write(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  dryRun: boolean,
  wantedOf: (words: ReadonlyMap<string, string>) => readonly Wanted[],
  {
    refused = [],
    also = async () => undefined,
  }: {
    /** Already refused when they were read. */
    readonly refused?: RowReport['report'];
    /** Done in the same transaction, where all of it is written. */
    readonly also?: (tx: Tx) => Promise<void>;
  } = {},
): Promise<RowReport> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const { system, words } = await systemAndWords(tx, actor, environment);
    await lockSystem(tx, environment);
    const now = deps.clock.now();
    const found = Map.groupBy(await answers(tx, environment), ({ control }) => control);
    const versions = await answerVersions(tx, environment);
    const owners = await peopleOf(tx, system);
    const report: RowReport['report'] = [...refused];
    const next: Answer[] = [];
    const taken = new Map<string, number>();
    for (const one of wantedOf(words)) {
      const why = (...texts: readonly string[]): void =>
        void report.push({ line: one.line, control: one.control, outcome: 'refused', why: [...texts] });
      const statementHash = words.get(one.control);
      const other = taken.get(one.control);
      taken.set(one.control, other ?? one.line);
      if (statementHash === undefined) why(noSuchControl);
      else if (other !== undefined) why(`The same control is in line ${other}.`);
      else {
        const newest = versions.get(one.control) ?? 0;
        const before = counting(found.get(one.control) ?? [], statementHash);
        const input = one.after !== undefined && one.after !== newest ? answeredSince : one.input(before);
        if (typeof input === 'string') {
          why(input);
          continue;
        }
        const owner = input.owner === null ? null : owners.get(input.owner);
        // Whoever was given it stays with it when they leave; nobody new is given it then.
        const kept = before?.owner?.id === input.owner ? before?.owner : undefined;
        if (owner === undefined && kept === undefined) {
          why('The owner is nobody of the provider’s who is here.');
          continue;
        }
        const prepared = prepare(input, {
          control: one.control,
          statementHash:
            before !== undefined && one.affirms?.(before, input) === false
              ? before.statementHash
              : statementHash,
          before,
          newest,
          owner: owner ?? kept ?? null,
          change: one.change,
          by: who(actor),
          now,
        });
        if (!prepared.ok) why(...prepared.why);
        else {
          if (!prepared.same) next.push(prepared.answer);
          report.push({
            line: one.line,
            control: one.control,
            outcome: prepared.same ? 'unchanged' : 'set',
            why: [],
          });
        }
      }
    }
    report.sort((a, b) => a.line - b.line);
    const bad = report.filter(({ outcome }) => outcome === 'refused').length;
    const applied = !dryRun && bad === 0;
    if (applied && next.length > 0) await keep(deps, tx, actor, system, next, now);
    if (applied) await also(tx);
    return {
      applied,
      dryRun,
      rows: report.length,
      set: report.filter(({ outcome }) => outcome === 'set').length,
      unchanged: report.filter(({ outcome }) => outcome === 'unchanged').length,
      refused: bad,
      report,
    };
  });
}

async function keep(
  deps: ControlDeps,
  tx: Tx,
  actor: Actor,
  { environment, tenancy }: System,
  next: readonly Answer[],
  now: Date,
): Promise<void> {
  await insertAnswers(tx, environment, tenancy, next);
  await deps.ledger.recordMany(
    tx,
    next.map((one) => ({
      actor,
      action: `control.${one.change}`,
      subject: `system/${environment}/control/${one.control}`,
      tenancy,
      facts: { version: one.version, status: one.status, statement: one.statementHash },
    })),
  );
  for (const one of next)
    if (one.status === 'Not Applicable')
      await askNotApplicable(deps, tx, actor, { environment, tenancy }, one);
  await governanceChanged(tx, { environment, what: 'controls', now });
}

async function peopleOf(tx: Tx, system: System): Promise<ReadonlyMap<string, Who>> {
  const present = (await people(tx, providerOf(system))).filter(({ endedAt }) => endedAt === null);
  return new Map(present.map(({ id, name }) => [id, { id, name }]));
}
