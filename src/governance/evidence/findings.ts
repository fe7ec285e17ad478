import type { System } from '#governance';
import type { Tx } from '#platform/records';
import { type EvidenceDeps, findingDaysOf, systemBy } from './deps.ts';
import { type Advanced, dueOf, type Finding, judgedAgain, withAcceptance } from './finding.ts';
import { insertEvents, insertFindings, openFindings, updateFindings } from './store-findings.ts';
import { metBefore, type StoredJudgement } from './store-judgements.ts';

export type FindingsChange = { readonly opened: number; readonly closed: number };

/**
 * What new judgements do to findings: open them, close them, tell them; and what acceptances that came or ended do.
 * @param before what was said until now, by evaluator
 */
export async function advanceFindings(
  deps: Pick<EvidenceDeps, 'ids' | 'ledger' | 'acceptances' | 'findingDays'>,
  tx: Tx,
  system: System,
  judged: readonly StoredJudgement[],
  before: ReadonlyMap<string, StoredJudgement>,
  now: Date,
): Promise<FindingsChange> {
  const days = findingDaysOf(deps);
  const { environment } = system;
  const acceptances = await deps.acceptances(tx, environment, now);
  const open = await openFindings(tx, environment, {
    evaluators: judged.map(({ evaluator }) => evaluator),
    controls: [...acceptances.keys()],
  });
  const openKeys = new Set(open.map(keyOf));
  const said = new Map(
    judged.flatMap((one) => one.controls.map((control) => [keyOf({ ...one, control }), one])),
  );

  const advanced: Advanced[] = [];
  for (const finding of open) {
    const judgement = said.get(keyOf(finding))?.judgement;
    const first =
      judgement === undefined ? { finding, happened: [] } : judgedAgain(finding, judgement, now, days);
    const then =
      first.finding.closedAt === undefined
        ? withAcceptance(first.finding, acceptances.get(finding.control), now, days)
        : { finding: first.finding, happened: [] };
    if (then.finding !== finding)
      advanced.push({ finding: then.finding, happened: [...first.happened, ...then.happened] });
  }
  const failing = judged.filter(({ judgement }) => judgement.status === 'not-satisfied');
  const wasMet = await metBefore(
    tx,
    environment,
    failing.map(({ evaluator }) => evaluator),
  );
  const opened: Advanced[] = [];
  for (const one of failing)
    for (const control of one.controls) {
      if (openKeys.has(keyOf({ ...one, control })) || one.judgement.status !== 'not-satisfied') continue;
      const drifted =
        wasMet.has(one.evaluator) || before.get(one.evaluator)?.judgement.status === 'satisfied';
      const finding = opening(
        deps.ids.uuid(),
        one,
        control,
        drifted ? 'drift' : 'first',
        one.judgement,
        now,
        days,
      );
      opened.push(withAcceptance(finding, acceptances.get(control), now, days));
    }
  await insertFindings(
    tx,
    opened.map(({ finding }) => finding),
  );
  await updateFindings(
    tx,
    advanced.map(({ finding }) => finding),
  );
  const events = [
    ...opened.map((one) => ({ ...one, happened: [openedNote(one.finding), ...one.happened] })),
    ...advanced,
  ].flatMap(({ finding, happened }) => happened.map((one) => ({ finding, at: now, by: systemBy, ...one })));
  await insertEvents(tx, events);
  const told = events.filter(
    ({ what }) => what === 'opened' || what === 'closed' || what === 'acceptance-ended',
  );
  await deps.ledger.recordMany(
    tx,
    told.map(({ finding, what }) => ({
      actor: systemBy,
      action: `finding.${what}`,
      subject: `finding/${finding.id}`,
      tenancy: system.tenancy,
      facts: { environment, control: finding.control, evaluator: finding.evaluator, failed: finding.failed },
    })),
  );
  return { opened: opened.length, closed: told.filter(({ what }) => what === 'closed').length };
}

const keyOf = ({ evaluator, control }: { evaluator: string; control: string }): string =>
  JSON.stringify([evaluator, control]);

const openedNote = ({ because }: Finding) => ({ what: 'opened', note: because });

function opening(
  id: string,
  { environment, tenancy, evaluator }: StoredJudgement,
  control: string,
  origin: Finding['origin'],
  { because, failed, failing }: { because: string; failed: number; failing: Finding['failing'] },
  now: Date,
  days: number,
): Finding {
  return {
    id,
    environment,
    tenancy,
    control,
    evaluator,
    origin,
    openedAt: now,
    closedAt: undefined,
    because,
    failed,
    failing,
    owner: undefined,
    clockFrom: now,
    dueAt: dueOf(failing, now, days),
    accepted: undefined,
    lastStatus: 'not-satisfied',
    lastJudgedAt: now,
  };
}
