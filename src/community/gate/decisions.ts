import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import { factsOf, hashText } from './canonical-facts.ts';
import type {
  DecisionDetail,
  DecisionPage,
  DecisionSummary,
  decisionQuery,
  ReplayResult,
} from './contract.ts';
import { decide } from './decide.ts';
import { type DecisionEntry } from './entry.ts';
import { gatesRevision } from './gates.ts';
import { linesOf } from './log.ts';
import { policyOf } from './policy-store.ts';
import type { AccessRequest } from './request.ts';
import type { Gate } from './service.ts';
import { batches, decisionById, decisions, type Wanted } from './store.ts';
import { reasonBody } from './tell.ts';

export type DecisionsDeps = { readonly records: Records; readonly gate: Gate };

const access = systemAccess('read decisions');
/** Batches of permits that one search opens. */
const mostBatches = 60;

/** The provider's people see all; others the decisions about their tenancies, in outsiders' words. */
const seenBy = (actor: Actor): readonly string[] | undefined =>
  actor.ofProvider ? undefined : (actor.scopeOrNone?.tenancies ?? []);
const maySee = (actor: Actor, { tenancy }: DecisionEntry): boolean =>
  actor.ofProvider || (tenancy !== '' && (seenBy(actor)?.includes(tenancy) ?? true));

export async function searchDecisions(
  { records, gate }: DecisionsDeps,
  actor: Actor,
  query: z.output<typeof decisionQuery>,
): Promise<DecisionPage> {
  // What was permitted in this second is in no batch yet.
  await gate.log.flush();
  const wanted: Wanted = {
    tenancies: seenBy(actor),
    subject: query.subject,
    organisation: query.organisation,
    action: query.action,
    permitted: query.outcome === undefined ? undefined : query.outcome === 'permit',
    from: query.from === undefined ? undefined : new Date(query.from),
    until: query.until === undefined ? undefined : new Date(query.until),
    before: cursorOf(query.before),
    limit: query.limit + 1,
  };
  const kept = await records.transaction(access, (tx) => decisions(tx, wanted));
  const permits = query.outcome === 'deny' ? [] : await permitsIn(records, wanted, actor);
  const all = [...kept, ...permits].sort(newestFirst);
  const page = all.slice(0, query.limit);
  const last = page.at(-1);
  return {
    decisions: page.map((one) => summaryOf(one, actor)),
    next: all.length > query.limit && last !== undefined ? `${last.at.toISOString()}_${last.id}` : null,
  };
}

async function permitsIn(records: Records, wanted: Wanted, actor: Actor): Promise<DecisionEntry[]> {
  const found: DecisionEntry[] = [];
  const rows = await records.transaction(access, (tx) => batches(tx, wanted, mostBatches));
  for (const row of rows) {
    for (const entry of await linesOf(row))
      if (fits(entry, wanted) && maySee(actor, entry)) found.push(entry);
    if (found.length >= wanted.limit) break;
  }
  return found;
}

const fits = (
  entry: DecisionEntry,
  { subject, organisation, action, from, until, before }: Wanted,
): boolean =>
  (subject === undefined || entry.subject === subject || entry.subjectName === subject) &&
  (organisation === undefined ||
    entry.organisation === organisation ||
    entry.subjectOrganisation === organisation) &&
  (action === undefined || entry.action === action) &&
  (from === undefined || entry.at >= from) &&
  (until === undefined || entry.at < until) &&
  (before === undefined || newestFirst(before, entry) < 0);

function newestFirst(a: { at: Date; id: string }, b: { at: Date; id: string }): number {
  return b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

function cursorOf(text: string | undefined): { at: Date; id: string } | undefined {
  const [, time = '', id = ''] = /^([^_]+)_(.+)$/.exec(text ?? '') ?? [];
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? undefined : { at, id };
}

function summaryOf(entry: DecisionEntry, actor: Actor): DecisionSummary {
  const reader = { staff: actor.ofProvider, origin: '' };
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    tenancy: entry.tenancy,
    organisation: entry.organisation,
    subject: entry.subject,
    subjectName: entry.subjectName,
    action: entry.action,
    resource: { type: entry.resourceType, id: entry.resourceId },
    permitted: entry.permitted,
    privileged: entry.privileged,
    face: entry.face,
    callerName: entry.callerName,
    requestId: entry.requestId,
    policyVersion: entry.policyVersion,
    reasons: entry.reasons.map((reason) => reasonBody(reason, reader)),
    toMend: [...entry.toMend],
  };
}

/** @throws {NotFound} */
export async function oneDecision(deps: DecisionsDeps, actor: Actor, id: string): Promise<DecisionDetail> {
  const entry = await find(deps, actor, id);
  return {
    ...summaryOf(entry, actor),
    factsHash: entry.factsHash,
    facts:
      actor.ofProvider && entry.facts !== '' ? (JSON.parse(entry.facts) as Record<string, unknown>) : null, // written by factsText: an object
  };
}

async function find({ records, gate }: DecisionsDeps, actor: Actor, id: string): Promise<DecisionEntry> {
  const kept = await records.transaction(access, (tx) => decisionById(tx, id));
  if (kept !== undefined && maySee(actor, kept)) return kept;
  await gate.log.flush();
  // The id is a UUIDv7: it says when it was.
  const at = new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
  if (kept === undefined && !Number.isNaN(at.getTime())) {
    const around = {
      tenancies: undefined,
      from: new Date(at.getTime() - 2000),
      until: new Date(at.getTime() + 2000),
      limit: 1,
    };
    for (const row of await records.transaction(access, (tx) => batches(tx, around, mostBatches)))
      for (const entry of await linesOf(row)) if (entry.id === id && maySee(actor, entry)) return entry;
  }
  throw new NotFound('decision', id);
}

const outcome = ({ decision, reasons }: { decision: boolean; reasons: readonly { gate: string }[] }) => ({
  permitted: decision,
  rules: reasons.map(({ gate }) => gate),
});

/** Decides again, from the facts that were kept; and asks the same question of today's. @throws {NotFound} */
export async function replay(deps: DecisionsDeps, actor: Actor, id: string): Promise<ReplayResult> {
  const entry = await find(deps, actor, id);
  const [revision, version] = entry.policyVersion.split('.').map(Number);
  const policy = await deps.records.transaction(access, (tx) => policyOf(tx, version ?? -1));
  const facts = entry.facts === '' ? undefined : factsOf(entry.facts);
  const decided = { permitted: entry.permitted, rules: entry.reasons.map(({ gate }) => gate) };
  const again = policy && facts && decide(facts, policy);
  const replayed = again ? outcome(again) : { permitted: false, rules: ['request-readable'] };
  await deps.gate.ready();
  const now = facts
    ? outcome(deps.gate.weigh({ actor, face: 'page', requestId: '', told: told(facts) }, askAgain(entry)))
    : replayed;
  return {
    id,
    same:
      revision === gatesRevision && policy !== undefined
        ? JSON.stringify(replayed) === JSON.stringify(decided)
        : null,
    factsIntact: hashText(entry.facts) === entry.factsHash,
    decided,
    replayed,
    now,
  };
}

/** As it was asked; what was told of the moment is told again. */
const askAgain = (entry: DecisionEntry): AccessRequest => ({
  subject: { type: 'person', id: entry.subject },
  action: { name: entry.action },
  resource: {
    type: entry.resourceType,
    id: entry.resourceId,
    ...(entry.tenancy !== '' && { properties: { tenancy: entry.tenancy } }),
  },
});

function told({ facts }: ReturnType<typeof factsOf>) {
  const { session, device, remoteWork, classification, place } = facts;
  return {
    ...(session?.known && { session: session.value }),
    ...(device?.known && { device: device.value }),
    ...(remoteWork?.known && { remote: remoteWork.value.remote }),
    ...(classification?.known && { classification: classification.value }),
    ...(place?.known && place.value.country !== null && { country: place.value.country }),
  };
}
