import { systemOf } from '#governance';
import type { Actor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import { byOf, type EvidenceDeps, findingDaysOf } from './deps.ts';
import { type Finding, withAcceptance } from './finding.ts';
import { eventsOf, findings, insertEvents, lockFinding, updateFindings } from './store-findings.ts';
import type { Tx } from '#platform/records';

export type FindingsSeen = {
  readonly findings: readonly Finding[];
  readonly people: readonly { readonly id: string; readonly name: string }[];
};

/** As they stand now: an acceptance that ended a moment ago counts no more. @throws {NotFound} */
export function listFindings(
  deps: EvidenceDeps,
  actor: Actor,
  query: { environment: string; state: 'open' | 'closed' | 'all' },
): Promise<FindingsSeen> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, query.environment);
    const found = await findings(tx, query.environment, query.state);
    const people = actor.permissions.has('governance.manage') ? await deps.people(tx) : [];
    return { findings: await asOfNow(deps, tx, query.environment, found), people };
  });
}

async function asOfNow(
  deps: EvidenceDeps,
  tx: Tx,
  environment: string,
  found: readonly Finding[],
): Promise<Finding[]> {
  const now = deps.clock.now();
  const acceptances = await deps.acceptances(tx, environment, now);
  return found.map((one) =>
    one.closedAt === undefined
      ? withAcceptance(one, acceptances.get(one.control), now, findingDaysOf(deps)).finding
      : one,
  );
}

export type FindingWithHistory = Finding & {
  readonly history: readonly { at: Date; what: string; by: string; note: string }[];
};

/** @throws {NotFound} */
export function showFinding(deps: EvidenceDeps, actor: Actor, id: string): Promise<FindingWithHistory> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const found = await lockFinding(tx, id);
    if (found === undefined) throw new NotFound('finding', id);
    await systemOf(tx, actor.scope, found.environment);
    const [finding] = await asOfNow(deps, tx, found.environment, [found]);
    return { ...(finding ?? found), history: await eventsOf(tx, id) };
  });
}

export type FindingChange = {
  /** Null takes it away. */
  readonly owner?: string | null | undefined;
  readonly dueAt?: Date | undefined;
  readonly note?: string | undefined;
};

/**
 * Gives it to somebody, to be done by a date, with a note. There is no closing it: the next judgement does that.
 * @throws {NotFound} {Invalid} {Conflict}
 */
export async function changeFinding(
  deps: EvidenceDeps,
  actor: Actor,
  id: string,
  change: FindingChange,
): Promise<FindingWithHistory> {
  await deps.records.transaction(actor.scope, async (tx) => {
    const finding = await lockFinding(tx, id);
    if (finding === undefined) throw new NotFound('finding', id);
    await systemOf(tx, actor.scope, finding.environment);
    if (finding.closedAt !== undefined)
      throw new Conflict(
        'The finding is closed: its control was found met again. It opens anew when that changes.',
      );
    const happened: { what: string; note: string }[] = [];
    let next = finding;
    if (change.owner !== undefined) {
      const owner = change.owner === null ? undefined : await personOf(deps, tx, change.owner);
      next = { ...next, owner };
      happened.push({ what: 'owner', note: owner?.name ?? 'Nobody.' });
    }
    if (change.dueAt !== undefined) {
      if (change.dueAt < finding.openedAt) throw new Invalid('It can’t be due before it was opened.');
      next = { ...next, dueAt: change.dueAt };
      happened.push({ what: 'due', note: change.dueAt.toISOString() });
    }
    if (change.note !== undefined) happened.push({ what: 'note', note: change.note });
    if (happened.length === 0)
      throw new Invalid('Nothing is to be changed. Give an owner, a due date or a note.');
    await updateFindings(tx, [next]);
    const at = deps.clock.now();
    await insertEvents(
      tx,
      happened.map((one) => ({ finding, at, by: byOf(actor), ...one })),
    );
    await deps.ledger.record(tx, {
      actor,
      action: 'finding.changed',
      subject: `finding/${id}`,
      tenancy: finding.tenancy,
      facts: Object.fromEntries(happened.map(({ what, note }) => [what, note])),
    });
  });
  return showFinding(deps, actor, id);
}

async function personOf(deps: EvidenceDeps, tx: Tx, id: string): Promise<{ id: string; name: string }> {
  const person = (await deps.people(tx)).find((one) => one.id === id);
  if (person === undefined)
    throw new Invalid('A finding goes to one of the provider’s people who may read governance.');
  return person;
}
