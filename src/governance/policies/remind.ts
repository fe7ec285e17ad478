import { systemActor } from '#identity';
import { insertReminder, type Reminder } from './store.ts';
import { seen } from './view.ts';
import { access, type DocumentsDeps, worldOf } from './world.ts';

/** Days before a deadline on which somebody is reminded of it; zero and below: it has passed. */
const remindDays = [30, 14, 7, 1, 0, -7, -30] as const;
const dayMs = 86_400_000;
const self = systemActor('documents', [], undefined);

/** The reminder that is due now: the last one whose day has come. */
export function reminderDue(deadline: Date, now: Date): number | undefined {
  const days = (deadline.getTime() - now.getTime()) / dayMs;
  return remindDays.findLast((before) => days <= before);
}

/**
 * Reminds owners of reviews and readers of what they have not acknowledged. Running it twice reminds nobody twice.
 * @returns what was new
 */
export function remind(deps: DocumentsDeps): Promise<Reminder[]> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const world = await worldOf(tx, now);
    const given: Reminder[] = [];
    for (const document of world.documents) {
      const { view, owed } = seen(world, document, now);
      const { dueAt, state } = view.review;
      const due: Pick<Reminder, 'person' | 'about' | 'version' | 'deadline'>[] = owed
        .filter((one) => one.state !== 'acknowledged')
        .map((one) => ({
          person: one.person.id,
          about: 'acknowledge' as const,
          version: one.version,
          deadline: one.dueAt,
        }));
      if (dueAt !== null && state !== 'current' && view.version !== null)
        due.push({
          person: document.owner,
          about: 'review',
          version: view.version,
          deadline: new Date(dueAt),
        });
      for (const one of due) {
        const daysBefore = reminderDue(one.deadline, now);
        if (daysBefore === undefined) continue;
        const reminder = { ...one, document: document.id, daysBefore, at: now };
        if (await insertReminder(tx, reminder)) given.push(reminder);
      }
    }
    for (const [document, reminders] of Map.groupBy(given, (one) => one.document))
      await deps.ledger.record(tx, {
        actor: self,
        action: 'document.reminded',
        subject: `document/${document}`,
        facts: {
          people: reminders.length,
          about: [...new Set(reminders.map(({ about }) => about))].join(', '),
        },
      });
    return given;
  });
}
