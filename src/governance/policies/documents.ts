import { createHash } from 'node:crypto';
import { officeName } from '#community/organisations';
import { governanceChanged, systemsIn } from '#governance';
import type { Actor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { compareTexts } from './compare.ts';
import type { DocumentChange, DocumentDetail, DocumentDiff, DocumentList, NewDocument } from './contract.ts';
import { approvingOffices, type Document, type DocumentVersion, inForce } from './document.ts';
import { ApprovalRefused, DocumentMoved } from './errors.ts';
import { requiredDocuments } from './required.ts';
import * as store from './store.ts';
import { seen, versionViews } from './view.ts';
import { access, type DocumentsDeps, mustBeProvider, personAsking, type World, worldOf } from './world.ts';

export function listDocuments(deps: DocumentsDeps, actor: Actor): Promise<DocumentList> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const world = await worldOf(tx, now);
    const views = world.documents.map((document) => seen(world, document, now).view);
    const systems = await systemsIn(tx, access);
    return {
      documents: views,
      required: requiredDocuments.flatMap(({ perSystem, ...about }) => {
        const places = perSystem ? systems.map(({ environment }) => environment) : [null];
        return places.map((environment) => {
          const found = views.find(
            (one) =>
              one.required === about.key &&
              one.retiredAt === null &&
              (environment === null ? true : one.environments.includes(environment)),
          );
          const state =
            found === undefined
              ? ('missing' as const)
              : found.version === null
                ? ('draft' as const)
                : found.review.state === 'overdue'
                  ? ('overdue' as const)
                  : ('in-force' as const);
          return {
            ...about,
            controls: [...about.controls],
            perSystem,
            environment,
            document: found?.id ?? null,
            state,
          };
        });
      }),
    };
  });
}

/** @throws {NotFound} */
export function documentDetail(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  wanted?: number,
): Promise<DocumentDetail> {
  mustBeProvider(actor);
  return deps.records.transaction(access, (tx) => detail(deps, tx, actor, id, wanted));
}

/** @throws {Invalid} {Conflict} */
export function addDocument(deps: DocumentsDeps, actor: Actor, given: NewDocument): Promise<DocumentDetail> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const { text, summary, id: named, ...about } = given;
    const id = named ?? slug(about.title);
    await checkPeople(tx, now, [about.owner, ...about.audience.people]);
    await checkPlaces(tx, about.environments);
    if (about.required !== null && !requiredDocuments.some(({ key }) => key === about.required))
      throw new Invalid(`"${about.required}" is no document that is required.`);
    const document: Document = { ...about, id, createdAt: now, retiredAt: null, retiredWhy: null };
    if (!(await store.insertDocument(tx, document)))
      throw new Conflict('There is a document of that name, or one for the same requirement, already.', {
        id,
      });
    const version = await draft(deps, tx, actor, document, 1, { text, summary, minor: false });
    await note(deps, tx, actor, 'document.added', document, { title: about.title, sha256: version.sha256 });
    return detail(deps, tx, actor, id);
  });
}

/** @throws {NotFound} {DocumentMoved} {Invalid} */
export function changeDocument(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  change: DocumentChange,
): Promise<DocumentDetail> {
  return work(deps, actor, id, async (tx, document, now) => {
    await checkPeople(tx, now, [
      ...(change.owner === undefined ? [] : [change.owner]),
      ...(change.audience?.people ?? []),
    ]);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    await store.updateDocument(tx, { ...document, ...given });
    await note(deps, tx, actor, 'document.changed', document, { changed: Object.keys(given).join(', ') });
  });
}

/** @throws {NotFound} {DocumentMoved} {Conflict} where the text is the one that is there */
export function addVersion(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  given: { text: string; summary: string; minor: boolean },
): Promise<DocumentDetail> {
  return work(deps, actor, id, async (tx, document) => {
    const before = await store.versions(tx, id);
    const newest = before.at(-1);
    if (newest?.sha256 === digest(given.text))
      throw new Conflict('That is the text that is there already.', { id });
    const version = await draft(deps, tx, actor, document, (newest?.number ?? 0) + 1, given);
    await note(deps, tx, actor, 'document.drafted', document, {
      version: version.number,
      sha256: version.sha256,
      minor: given.minor,
    });
  });
}

/**
 * By another person than the author, who holds the office that approves such documents.
 * @param sha256 of the text that was looked at
 * @throws {NotFound} {DocumentMoved} {ApprovalRefused} {Invalid}
 */
export function approveVersion(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  number: number,
  { sha256, effectiveAt }: { sha256: string; effectiveAt?: string | undefined },
): Promise<DocumentDetail> {
  return work(deps, actor, id, async (tx, document, now) => {
    const all = await store.versions(tx, id);
    const version = all.find((one) => one.number === number);
    if (version === undefined) throw new NotFound('version', `${id} ${number}`);
    if (version.sha256 !== sha256)
      throw new DocumentMoved('The text is not the one you looked at. Read it again.', {
        id,
        version: number,
      });
    if (number < (inForce(all, now)?.number ?? 0) || version.approval !== null)
      throw new DocumentMoved(`Version ${number} is decided already.`, { id, version: number });
    const world = await worldOf(tx, now, id);
    const approver = await approverOf(tx, actor, world, document, version);
    if (!approver.may) throw new ApprovalRefused(approver.why);
    const from = effectiveAt === undefined ? now : new Date(effectiveAt);
    if (from < now) throw new Invalid('A version can become effective now or later, not in the past.');
    await store.approve(tx, version, {
      at: now,
      person: approver.person,
      name: actor.name,
      office: approver.office,
      effectiveAt: from,
    });
    await note(deps, tx, actor, 'document.approved', document, {
      version: number,
      sha256,
      office: approver.office,
      effectiveAt: from.toISOString(),
    });
  });
}

/** @throws {NotFound} {DocumentMoved} */
export function reviewDocument(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  { outcome, note: words }: { outcome: 'stands' | 'change-needed'; note: string },
): Promise<DocumentDetail> {
  return work(deps, actor, id, async (tx, document, now) => {
    const held = inForce(await store.versions(tx, id), now);
    if (held === undefined) throw new DocumentMoved('No version is in force that could be reviewed.', { id });
    await store.insertReview(
      tx,
      { document: id, version: held.number, outcome, note: words, by: actor.name, at: now },
      actor.id,
    );
    await note(deps, tx, actor, 'document.reviewed', document, {
      version: held.number,
      outcome,
      note: words,
    });
  });
}

/** It stays to be read, and asks nothing of anybody any more. @throws {NotFound} {DocumentMoved} */
export function retireDocument(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  reason: string,
): Promise<DocumentDetail> {
  return work(deps, actor, id, async (tx, document, now) => {
    await store.updateDocument(tx, { ...document, retiredAt: now, retiredWhy: reason });
    await note(deps, tx, actor, 'document.retired', document, { reason });
  });
}

/** @throws {NotFound} */
export function diffVersions(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  from: number,
  to: number,
): Promise<DocumentDiff> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    const texts = [await store.versionText(tx, id, from), await store.versionText(tx, id, to)];
    const [before, after] = texts;
    if (before === undefined || after === undefined) throw new NotFound('version', `${id} ${from} ${to}`);
    return { from, to, blocks: compareTexts(before, after) };
  });
}

type Approver = { may: false; why: string } | { may: true; why: string; person: string; office: string };

async function approverOf(
  tx: Tx,
  actor: Actor,
  world: World,
  document: Document,
  version: Pick<DocumentVersion, 'author'>,
): Promise<Approver> {
  const offices = approvingOffices(document);
  const names = offices.map((office) => officeName[office]).join(' or ');
  const person = await personAsking(tx, actor);
  if (person === undefined)
    return {
      may: false,
      why: `A person of the provider who is its ${names} approves it, signed in as themselves.`,
    };
  if (version.author.id === actor.userId)
    return { may: false, why: 'You wrote this version. Somebody else has to approve it.' };
  const office = offices.find((one) => world.holders.get(one)?.has(person.id));
  if (office === undefined)
    return {
      may: false,
      why: `Only the ${names} of the provider approves it (ISM-0047), with an appointment in force.`,
    };
  return { may: true, why: `You approve it as ${officeName[office]}.`, person: person.id, office };
}

async function detail(
  deps: DocumentsDeps,
  tx: Tx,
  actor: Actor,
  id: string,
  wanted?: number,
): Promise<DocumentDetail> {
  const now = deps.clock.now();
  const world = await worldOf(tx, now, id);
  const [document] = world.documents;
  if (document === undefined) throw new NotFound('document', id);
  const { view, owed, versions } = seen(world, document, now);
  const number = wanted ?? view.version ?? versions.at(-1)?.number ?? 0;
  const version = versions.find((one) => one.number === number);
  const text = await store.versionText(tx, id, number);
  if (version === undefined || text === undefined) throw new NotFound('version', `${id} ${number}`);
  const waiting = versions.findLast(({ approval }) => approval === null);
  return {
    ...view,
    versions: versionViews(versions, now),
    shown: { number, sha256: version.sha256, text },
    readers: owed.map(({ person, state, dueAt, acknowledgedAt }) => ({
      person: person.id,
      name: person.name,
      state,
      dueAt: dueAt.toISOString(),
      at: acknowledgedAt?.toISOString() ?? null,
    })),
    reviews: (world.reviews.get(id) ?? [])
      .map(({ version: of, outcome, note: words, by, at }) => ({
        version: of,
        outcome,
        note: words,
        by,
        at: at.toISOString(),
      }))
      .reverse(),
    approvable: await approvable(tx, actor, world, document, waiting),
  };
}

async function approvable(
  tx: Tx,
  actor: Actor,
  world: World,
  document: Document,
  waiting: DocumentVersion | undefined,
): Promise<DocumentDetail['approvable']> {
  if (waiting === undefined) return { may: false, why: 'Nothing waits for approval.' };
  if (document.retiredAt !== null) return { may: false, why: 'It is retired.' };
  const { may, why } = await approverOf(tx, actor, world, document, waiting);
  return { may, why };
}

function work(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  step: (tx: Tx, document: Document, now: Date) => Promise<void>,
): Promise<DocumentDetail> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    const document = await store.documentById(tx, id, true);
    if (document === undefined) throw new NotFound('document', id);
    if (document.retiredAt !== null) throw new DocumentMoved(`"${document.title}" is retired.`, { id });
    await step(tx, document, deps.clock.now());
    return detail(deps, tx, actor, id);
  });
}

async function draft(
  deps: DocumentsDeps,
  tx: Tx,
  actor: Actor,
  document: Document,
  number: number,
  { text, summary, minor }: { text: string; summary: string; minor: boolean },
): Promise<DocumentVersion> {
  const version: DocumentVersion = {
    document: document.id,
    number,
    sha256: digest(text),
    summary,
    minor,
    author: { id: actor.userId ?? actor.id, name: actor.name },
    createdAt: deps.clock.now(),
    approval: null,
  };
  await store.insertVersion(tx, version, text);
  return version;
}

async function checkPeople(tx: Tx, now: Date, ids: readonly string[]): Promise<void> {
  const { people } = await worldOf(tx, now, '');
  const here = new Set(people.filter(({ endedAt }) => endedAt === null).map(({ id }) => id));
  const missing = ids.filter((id) => !here.has(id));
  if (missing.length > 0)
    throw new Invalid('Owner and readers are people of the provider who are here. Add them first.', {
      missing,
    });
}

async function checkPlaces(tx: Tx, environments: readonly string[]): Promise<void> {
  const known = new Set((await systemsIn(tx, access)).map(({ environment }) => environment));
  for (const environment of environments)
    if (!known.has(environment)) throw new NotFound('system', environment);
}

/** In the ledger, and known to the assessment of the systems it concerns: documents are evidence. */
export async function note(
  deps: DocumentsDeps,
  tx: Tx,
  actor: Actor,
  action: string,
  document: Document,
  facts: Readonly<Record<string, string | number | boolean>>,
): Promise<void> {
  await deps.ledger.record(tx, { actor, action, subject: `document/${document.id}`, facts });
  const systems =
    document.environments.length > 0
      ? document.environments
      : (await systemsIn(tx, access)).map(({ environment }) => environment);
  for (const environment of systems)
    await governanceChanged(tx, { environment, what: 'evidence', now: deps.clock.now() });
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63) || 'document';
