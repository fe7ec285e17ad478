import type { Evaluator, Judgement } from '#governance/evidence';
import { ceilingOf, type Found, judge } from './judge.ts';
import { day, daysAfter, type Evidence, flag, hourMilliseconds, number, type Seen, text } from './values.ts';

const bringPlan = 'the backup plan: every data set with how old its newest backup may be (backup.plan)';
const bringRuns = 'job results of Veeam, restic or Velero (backup.runs)';
const exerciseDays = 365;

type DataSet = { readonly name: string; readonly newestWithinHours: number | undefined };
const planOf = (evidence: Evidence): ReadonlyMap<string, DataSet> | undefined => {
  const sets = [...evidence.facts('backup.plan')].map(
    (seen): DataSet => ({ name: seen.fact.subject, newestWithinHours: number(seen, 'newestWithinHours') }),
  );
  return sets.length === 0 ? undefined : new Map(sets.map((one) => [one.name.toLowerCase(), one]));
};
const names = (plan: ReadonlyMap<string, DataSet> | undefined): ReadonlySet<string> | undefined =>
  plan && new Set([...plan.values()].map(({ name }) => name));

function performed(evidence: Evidence): Judgement {
  const plan = planOf(evidence);
  const turns: Date[] = [];
  const runs = Map.groupBy(evidence.facts('backup.runs'), ({ fact }) => fact.subject.toLowerCase());
  const found = [...runs].flatMap(([key, some]): Found[] => {
    const set = plan?.get(key);
    // What isn't in the plan was backed up for nobody: it settles nothing.
    return set === undefined ? [] : [ofDataSet(set, some, evidence.now, turns)];
  });
  return judge({
    what: 'data sets',
    does: 'have a backup as fresh as the plan asks',
    of: names(plan),
    found,
    // How long they are kept isn't in the job results.
    confidence: ceilingOf('partial', [
      ...evidence.collections('backup.runs'),
      ...evidence.collections('backup.plan'),
    ]),
    bring: [bringRuns, ...(plan === undefined ? [bringPlan] : [])],
    bringAll: bringPlan,
    until: turns.sort((a, b) => a.getTime() - b.getTime())[0],
  });
}

function ofDataSet(
  { name: subject, newestWithinHours }: DataSet,
  runs: readonly Seen[],
  now: Date,
  turns: Date[],
): Found {
  if (newestWithinHours === undefined)
    return { subject, is: 'open', why: 'the plan doesn’t say how old its newest backup may be' };
  const allowed = newestWithinHours * hourMilliseconds;
  const best = latest(runs.filter((seen) => ['success', 'warning'].includes(text(seen, 'result') ?? '')));
  const told = Math.max(...runs.map(({ collection }) => collection.collectedAt.getTime()));
  if (best === undefined) {
    const failed = latest(runs);
    return {
      subject,
      is: 'bad',
      why: `no backup succeeded${failed ? `; the last try was on ${day(failed)}` : ''}`,
    };
  }
  const due = new Date(best.getTime() + allowed);
  if (due.getTime() < told) return { subject, is: 'bad', why: `its newest backup was of ${day(best)}`, due };
  // When it was told all was well; that nothing newer is told isn't that nothing newer was made.
  if (due <= now) return { subject, is: 'open', why: `job results since ${day(new Date(told))} are missing` };
  turns.push(due);
  return { subject, is: 'good' };
}

/** Two repositories that a data set's newest backups are in, each locked or closed to everybody who could delete. */
function resilient(evidence: Evidence): Judgement {
  const plan = planOf(evidence);
  const rights = Map.groupBy(evidence.facts('backup.rights'), ({ fact }) => fact.subject);
  const open = new Set(
    [...rights].flatMap(([repository, rows]) =>
      // What its administrators may do, another control asks.
      rows.some(
        (row) =>
          text(row, 'class') !== 'backup-administrator' &&
          flag(row, 'write') === true &&
          flag(row, 'locked') === false,
      )
        ? [repository]
        : [],
    ),
  );
  const runs = Map.groupBy(evidence.facts('backup.runs'), ({ fact }) => fact.subject.toLowerCase());
  const found = [...(plan ?? [])].flatMap(([key, { name: subject }]): Found[] => {
    const places = new Set(
      (runs.get(key) ?? []).flatMap((run) =>
        ['success', 'warning'].includes(text(run, 'result') ?? '') ? (text(run, 'repository') ?? []) : [],
      ),
    );
    if (places.size === 0) return [];
    const deletable = [...places].every((place) => open.has(place));
    if (deletable)
      return [{ subject, is: 'bad', why: 'everywhere it is kept, somebody can delete it early' }];
    if (places.size === 1)
      return [{ subject, is: 'open', why: 'it is in one repository, and copies of that aren’t seen' }];
    return [...places].every((place) => rights.has(place))
      ? [{ subject, is: 'good' }]
      : [{ subject, is: 'open', why: 'the rights on one of its repositories aren’t known' }];
  });
  return judge({
    what: 'data sets',
    does: 'survive the loss of one repository',
    of: names(plan),
    found,
    // Where the repositories stand isn't in the job results.
    confidence: ceilingOf('partial', evidence.collections('backup.runs')),
    bring: [bringRuns, 'the rights of every class of account on each repository (backup.rights)'],
    bringAll: bringPlan,
  });
}

const latest = (some: readonly Seen[]): Date | undefined =>
  some.flatMap(({ fact }) => fact.at ?? []).sort((a, b) => b.getTime() - a.getTime())[0];

function restored(evidence: Evidence): Judgement {
  const plan = planOf(evidence);
  const tests = Map.groupBy(evidence.facts('backup.restore-tests'), ({ fact }) => fact.subject.toLowerCase());
  const turns: Date[] = [];
  const found = [...tests].map(([key, some]): Found => {
    const subject = plan?.get(key)?.name ?? some[0]?.fact.subject ?? key;
    const [newest] = some.toSorted((a, b) => (b.fact.at?.getTime() ?? 0) - (a.fact.at?.getTime() ?? 0));
    const at = newest?.fact.at;
    if (newest === undefined || at === undefined) return { subject, is: 'open', why: 'its test has no date' };
    if (text(newest, 'result') !== 'success')
      return { subject, is: 'bad', why: `the test of ${day(at)} did not succeed` };
    const due = daysAfter(at, exerciseDays);
    if (due <= evidence.now) return { subject, is: 'bad', why: `last tested on ${day(at)}`, due };
    if (text(newest, 'restoredTo') === undefined)
      return { subject, is: 'open', why: 'the record doesn’t say to which point in time' };
    turns.push(due);
    return { subject, is: 'good' };
  });
  return judge({
    what: 'data sets',
    does: 'come back in a test within a year',
    of: names(plan),
    found,
    confidence: ceilingOf('partial', evidence.collections('backup.restore-tests')),
    bring: ['records of restore tests (backup.restore-tests)'],
    bringAll: bringPlan,
    until: turns.sort((a, b) => a.getTime() - b.getTime())[0],
  });
}

type Class = 'unprivileged' | 'privileged' | 'backup-administrator';
type Right = {
  readonly id: string;
  readonly title: string;
  readonly control: string;
  readonly of: Class;
  readonly does: string;
  /** @returns why it won't do; undefined where the row doesn't say */
  readonly check: (row: Seen) => true | string | undefined;
};

const reads = (allowed: readonly string[]) => (row: Seen) => {
  const read = text(row, 'read');
  if (read === undefined || !['none', 'own', 'others'].includes(read)) return undefined;
  return allowed.includes(read)
    ? true
    : `${account(row)} can read ${read === 'own' ? 'its own' : 'others’'} backups`;
};
const writes = (row: Seen) => {
  const write = flag(row, 'write');
  if (write === undefined) return undefined;
  return write && flag(row, 'locked') !== true ? `${account(row)} can change or delete backups` : true;
};
/** For those who may delete otherwise, only a lock holds until the backup's time is up. */
const locked = (row: Seen) => {
  const held = flag(row, 'locked');
  if (held === undefined) return undefined;
  return held || flag(row, 'write') === false
    ? true
    : `nothing keeps ${account(row)} from deleting backups early`;
};
const account = (row: Seen): string => text(row, 'account') ?? 'an account';

const right = (rule: Right): Evaluator => ({
  id: rule.id,
  version: 1,
  title: rule.title,
  controls: [rule.control],
  kinds: ['backup.rights', 'backup.runs'],
  ceiling: 'partial',
  evaluate: (evidence) => {
    const rows = Map.groupBy(evidence.facts('backup.rights'), ({ fact }) => fact.subject);
    const found = [...rows].flatMap(([subject, some]): Found[] => {
      const said = some.filter((row) => text(row, 'class') === rule.of).map((row) => rule.check(row));
      // A repository whose rights leave this class out says nothing about it.
      if (said.length === 0) return [];
      const bad = said.find((one) => typeof one === 'string');
      if (typeof bad === 'string') return [{ subject, is: 'bad', why: bad }];
      return [
        said.includes(undefined)
          ? { subject, is: 'open', why: 'a row leaves it open' }
          : { subject, is: 'good' },
      ];
    });
    const used = new Set(
      [...evidence.facts('backup.runs')].flatMap((seen) => text(seen, 'repository') ?? []),
    );
    return judge({
      what: 'backup repositories',
      does: rule.does,
      of: used.size > 0 ? used : undefined,
      found,
      confidence: ceilingOf('partial', evidence.collections('backup.rights')),
      bring: ['the rights of every class of account on each repository (backup.rights)'],
      bringAll: `${bringRuns}, which name the repositories in use`,
    });
  },
});

export const backupEvaluators: readonly Evaluator[] = [
  {
    id: 'e8.backup.performed',
    version: 1,
    title: 'Backups are as fresh as the plan asks',
    controls: ['ism-1511'],
    kinds: ['backup.runs', 'backup.plan'],
    ceiling: 'partial',
    evaluate: performed,
  },
  {
    id: 'e8.backup.restored',
    version: 1,
    title: 'Restores are tested',
    controls: ['ism-1515'],
    kinds: ['backup.restore-tests', 'backup.plan'],
    ceiling: 'partial',
    evaluate: restored,
  },
  {
    id: 'e8.backup.resilient',
    version: 1,
    title: 'Backups lie in two places, and nobody can delete both',
    controls: ['ism-1811'],
    kinds: ['backup.runs', 'backup.rights', 'backup.plan'],
    ceiling: 'partial',
    evaluate: resilient,
  },
  right({
    id: 'e8.backup.unprivileged-others',
    title: 'Ordinary accounts can’t open others’ backups',
    control: 'ism-1812',
    of: 'unprivileged',
    does: 'keep ordinary accounts out of others’ backups',
    check: reads(['none', 'own']),
  }),
  right({
    id: 'e8.backup.unprivileged-own',
    title: 'Ordinary accounts can’t open their own backups',
    control: 'ism-1813',
    of: 'unprivileged',
    does: 'keep ordinary accounts out of their own backups',
    check: reads(['none']),
  }),
  right({
    id: 'e8.backup.unprivileged-change',
    title: 'Ordinary accounts can’t change backups',
    control: 'ism-1814',
    of: 'unprivileged',
    does: 'keep ordinary accounts from changing backups',
    check: writes,
  }),
  right({
    id: 'e8.backup.privileged-others',
    title: 'Privileged accounts can’t open others’ backups',
    control: 'ism-1705',
    of: 'privileged',
    does: 'keep privileged accounts out of others’ backups',
    check: reads(['none', 'own']),
  }),
  right({
    id: 'e8.backup.privileged-own',
    title: 'Privileged accounts can’t open their own backups',
    control: 'ism-1706',
    of: 'privileged',
    does: 'keep privileged accounts out of their own backups',
    check: reads(['none']),
  }),
  right({
    id: 'e8.backup.privileged-change',
    title: 'Privileged accounts can’t change backups',
    control: 'ism-1707',
    of: 'privileged',
    does: 'keep privileged accounts from changing backups',
    check: writes,
  }),
  right({
    id: 'e8.backup.administrators',
    title: 'Backup administrators can’t delete early',
    control: 'ism-1708',
    of: 'backup-administrator',
    does: 'hold backups against their administrators',
    check: locked,
  }),
];
