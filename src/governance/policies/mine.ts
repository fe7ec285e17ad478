import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { MyDocument, MyDocuments } from './contract.ts';
import { type Document, inForce, type Owed, reviewClock } from './document.ts';
import { note } from './documents.ts';
import { DocumentMoved } from './errors.ts';
import * as store from './store.ts';
import { seen } from './view.ts';
import { access, type DocumentsDeps, personAsking, type World, worldOf } from './world.ts';

type Mine = { readonly document: Document; readonly owed: Owed; readonly world: World };

/** What the person who asks is to read; nothing for others' people and for accounts that are nobody's. */
export function myDocuments(deps: DocumentsDeps, actor: Actor): Promise<MyDocuments> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const mine = await allOf(tx, actor, now);
    return {
      documents: mine.flatMap(({ document, owed, world }) => {
        const stands = standing(world, document, now);
        if (stands === undefined) return [];
        const { id, title, kind } = document;
        const { version, effectiveAt, currentAsAt } = stands;
        return [{ id, title, kind, version, effectiveAt, currentAsAt, ...owedView(owed) }];
      }),
    };
  });
}

/** @throws {NotFound} also for what is not theirs to read */
export function myDocument(deps: DocumentsDeps, actor: Actor, id: string): Promise<MyDocument> {
  return deps.records.transaction(access, async (tx) => view(tx, actor, id, deps.clock.now()));
}

/** @param sha256 of the text that was read @throws {NotFound} {DocumentMoved} */
export function acknowledge(
  deps: DocumentsDeps,
  actor: Actor,
  id: string,
  { version, sha256 }: { version: number; sha256: string },
): Promise<MyDocument> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const { document, owed } = await oneOf(tx, actor, id, now);
    const read = await view(tx, actor, id, now);
    if (read.version !== version || read.sha256 !== sha256)
      throw new DocumentMoved('Another version is in force now. Read that one.', {
        id,
        version: read.version,
      });
    const one = { document: id, version, person: owed.person.id, at: now };
    if (await store.insertAcknowledgement(tx, one, sha256))
      await note(deps, tx, actor, 'document.acknowledged', document, {
        version,
        sha256,
        person: owed.person.id,
      });
    return view(tx, actor, id, now);
  });
}

async function view(tx: Tx, actor: Actor, id: string, now: Date): Promise<MyDocument> {
  const { document, owed, world } = await oneOf(tx, actor, id, now);
  const stands = standing(world, document, now);
  const text = stands && (await store.versionText(tx, id, stands.version));
  if (stands === undefined || text === undefined) throw new NotFound('document', id);
  const { version, sha256, currentAsAt, approvedBy } = stands;
  return {
    id,
    title: document.title,
    kind: document.kind,
    version,
    sha256,
    text,
    currentAsAt,
    approvedBy,
    ...owedView(owed),
  };
}

async function oneOf(tx: Tx, actor: Actor, id: string, now: Date): Promise<Mine> {
  const [mine] = await allOf(tx, actor, now, id);
  if (mine === undefined) throw new NotFound('document', id);
  return mine;
}

async function allOf(tx: Tx, actor: Actor, now: Date, id?: string): Promise<Mine[]> {
  const person = await personAsking(tx, actor);
  if (person === undefined) return [];
  const world = await worldOf(tx, now, id);
  return world.documents.flatMap((document) => {
    const owed = seen(world, document, now).owed.find((one) => one.person.id === person.id);
    return owed === undefined ? [] : [{ document, owed, world }];
  });
}

function standing(world: World, document: Document, now: Date) {
  const versions = world.versions.get(document.id) ?? [];
  const held = inForce(versions, now);
  const clock = reviewClock(document, versions, world.reviews.get(document.id) ?? [], now);
  if (held?.approval == null || !('currentAsAt' in clock)) return undefined;
  return {
    version: held.number,
    sha256: held.sha256,
    approvedBy: held.approval.name,
    effectiveAt: held.approval.effectiveAt.toISOString(),
    currentAsAt: clock.currentAsAt.toISOString(),
  };
}

const owedView = ({ state, dueAt, acknowledgedAt }: Owed) => ({
  state,
  dueAt: dueAt.toISOString(),
  at: acknowledgedAt?.toISOString() ?? null,
});
