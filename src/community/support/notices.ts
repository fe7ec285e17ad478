import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { SupportDeps } from './deps.ts';
import { insertNotice, noticesTo, seeNotice, type StoredNotice } from './store.ts';
import { type Session, subjectOf } from './support.ts';

/** Both security officers, in the transaction of what they are told. */
export async function tellOfficers(
  deps: SupportDeps,
  tx: Tx,
  session: Session,
  provider: string,
  what: string,
): Promise<void> {
  for (const organisation of [provider, session.organisation])
    await insertNotice(tx, {
      id: deps.ids.uuid(),
      session: session.id,
      tenancy: session.tenancy,
      organisation,
      office: 'ciso',
      text: `Break glass for ${session.tenancy}, ${what}`,
      at: deps.clock.now(),
    });
}

export const listNotices = (deps: SupportDeps, actor: Actor): Promise<StoredNotice[]> =>
  deps.records.transaction(actor.scope, (tx) => noticesTo(tx, actor.organisation, actor.scope));

/** @throws {NotFound} also when it was seen before */
export function acknowledgeNotice(deps: SupportDeps, actor: Actor, id: string): Promise<void> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const notice = await seeNotice(tx, actor.organisation, actor.scope, id, actor.name, deps.clock.now());
    if (notice === undefined) throw new NotFound('unseen notice', id);
    await deps.ledger.record(tx, {
      actor,
      action: 'support.notice-seen',
      subject: subjectOf(notice.session),
      tenancy: notice.tenancy,
      facts: { notice: id },
    });
  });
}
