import { createHash } from 'node:crypto';
import { changed } from '#community';
import { listed, mustReach, type OrganisationsDeps, personById, reachOf } from '#community/organisations';
import type { Actor } from '#identity';
import { Invalid, NotAllowed, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type {
  deviceInput,
  networkImport,
  NetworkListView,
  newPlaceException,
  newRemoteWork,
  places,
} from './contract.ts';
import { ExceptionRefused } from './errors.ts';
import { readRanges } from './ranges.ts';
import {
  agreeException,
  endPlace,
  insertException,
  insertRemoteWork,
  lockException,
  networkLists,
  type PlaceException,
  placesOf,
  replaceNetworks,
  saveDevice,
} from './store.ts';

export type PlacesDeps = Pick<OrganisationsDeps, 'records' | 'clock' | 'ids' | 'ledger'>;
const access = systemAccess('manage places and devices');

export function listPlaces(deps: PlacesDeps, actor: Actor): Promise<z.infer<typeof places>> {
  return deps.records.transaction(access, async (tx) => {
    const found = await placesOf(tx, listed(await reachOf(tx, actor)));
    const now = deps.clock.now();
    return {
      exceptions: found.exceptions.map(({ personId, expiresAt, endedAt, ...one }) => ({
        ...one,
        countries: [...one.countries],
        person: personId,
        expiresAt: expiresAt.toISOString(),
        endedAt: endedAt?.toISOString() ?? null,
        state: stateOf({ agreedBy: one.agreedBy, expiresAt, endedAt }, now),
      })),
      remoteWork: found.remoteWork.map(({ personId, ...one }) => ({
        ...one,
        person: personId,
        grantedAt: one.grantedAt.toISOString(),
        expiresAt: one.expiresAt.toISOString(),
        endedAt: one.endedAt?.toISOString() ?? null,
      })),
      devices: found.devices.map(({ personId, ...one }) => ({
        ...one,
        person: personId,
        postureCheckedAt: one.postureCheckedAt?.toISOString() ?? null,
      })),
    };
  });
}

function stateOf(
  { agreedBy, expiresAt, endedAt }: Pick<PlaceException, 'agreedBy' | 'expiresAt' | 'endedAt'>,
  now: Date,
): 'proposed' | 'in-force' | 'expired' | 'ended' {
  if (endedAt !== null) return 'ended';
  if (now >= expiresAt) return 'expired';
  return agreedBy === null ? 'proposed' : 'in-force';
}

/** Takes the place of the list of this name, whole. @throws {Invalid} */
export async function importNetworks(
  deps: PlacesDeps,
  actor: Actor,
  about: z.infer<typeof networkImport>,
  text: string,
): Promise<NetworkListView> {
  mustBeProvider(actor);
  const read = readRanges(text);
  if (!read.ok) throw new Invalid(`${read.why} Nothing was imported.`);
  return deps.records.transaction(access, async (tx) => {
    const list = {
      ...about,
      sha256: createHash('sha256').update(text).digest('hex'),
      ranges: read.ranges.length,
      importedAt: deps.clock.now(),
      importedBy: actor.name,
    };
    await replaceNetworks(tx, list, read.ranges);
    await changed(tx, { kind: 'parameters', id: '' });
    await deps.ledger.record(tx, {
      actor,
      action: 'networks.imported',
      subject: `networks/${about.list}`,
      facts: { country: about.country, origin: about.origin, sha256: list.sha256, ranges: list.ranges },
    });
    return { ...list, importedAt: list.importedAt.toISOString() };
  });
}

export function listNetworks(deps: PlacesDeps, actor: Actor): Promise<NetworkListView[]> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) =>
    (await networkLists(tx)).map((list) => ({ ...list, importedAt: list.importedAt.toISOString() })),
  );
}

/** Holds nothing until somebody else agrees. @throws {NotFound} {Invalid} */
export function proposeException(
  deps: PlacesDeps,
  actor: Actor,
  given: z.infer<typeof newPlaceException>,
): Promise<{ id: string }> {
  return deps.records.transaction(access, async (tx) => {
    await personInReach(tx, actor, given.person);
    const now = deps.clock.now();
    const id = deps.ids.uuid();
    const expiresAt = later(given.expiresAt, now);
    await insertException(tx, { ...given, id, personId: given.person, expiresAt }, signer(actor), now);
    await note(deps, tx, actor, 'exception', 'place-exception.proposed', given.person, {
      id,
      countries: given.countries,
      riskAssessment: given.riskAssessment,
      expiresAt: given.expiresAt,
    });
    return { id };
  });
}

/** The second signer: the provider, where the customer proposed, or a colleague. @throws {NotFound} {ExceptionRefused} */
export async function agreeToException(deps: PlacesDeps, actor: Actor, id: string): Promise<void> {
  mustBeProvider(actor);
  const refused = await deps.records.transaction(access, async (tx) => {
    const one = await lockException(tx, id);
    if (one === undefined) throw new NotFound('exception', id);
    const person = await personById(tx, one.personId);
    const now = deps.clock.now();
    const why =
      one.proposedById === signer(actor).id
        ? 'You proposed it. Somebody else has to agree.'
        : person?.userId !== null && person?.userId === actor.userId
          ? 'It is your own. Somebody else has to agree.'
          : stateOf(one, now) === 'proposed'
            ? undefined
            : 'It is not waiting for an agreement any more.';
    if (why === undefined) await agreeException(tx, id, signer(actor), now);
    const action = why === undefined ? 'place-exception.agreed' : 'place-exception.refused';
    await note(deps, tx, actor, 'exception', action, one.personId, { id, ...(why !== undefined && { why }) });
    return why;
  });
  if (refused !== undefined) throw new ExceptionRefused(refused);
}

/** @throws {NotFound} {Invalid} */
export function grantRemoteWork(
  deps: PlacesDeps,
  actor: Actor,
  given: z.infer<typeof newRemoteWork>,
): Promise<{ id: string }> {
  return deps.records.transaction(access, async (tx) => {
    const person = await personInReach(tx, actor, given.person);
    if (person.userId !== null && person.userId === actor.userId)
      throw new Invalid('Nobody can grant remote work to themselves. A colleague has to do it.');
    const now = deps.clock.now();
    const id = deps.ids.uuid();
    const expiresAt = later(given.expiresAt, now);
    await insertRemoteWork(
      tx,
      { id, personId: given.person, policy: given.policy, grantedAt: now, expiresAt },
      signer(actor),
    );
    await note(deps, tx, actor, 'person', 'remote-work.granted', given.person, {
      id,
      policy: given.policy,
      expiresAt: given.expiresAt,
    });
    return { id };
  });
}

/** @throws {NotFound} */
export function endGrant(
  deps: PlacesDeps,
  actor: Actor,
  kind: 'exception' | 'remote-work',
  id: string,
): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    const person = await endPlace(tx, kind, id, deps.clock.now());
    if (person === undefined) throw new NotFound(kind, id);
    await personInReach(tx, actor, person);
    await note(deps, tx, actor, kind === 'exception' ? 'exception' : 'person', `${kind}.ended`, person, {
      id,
    });
  });
}

/** The posture counts as checked now; `unknown` as never. @throws {NotFound} */
export function registerDevice(
  deps: PlacesDeps,
  actor: Actor,
  id: string,
  given: z.infer<typeof deviceInput>,
): Promise<void> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    await personInReach(tx, actor, given.person);
    const now = deps.clock.now();
    const postureCheckedAt = given.posture === 'unknown' ? null : now;
    await saveDevice(tx, { ...given, id, personId: given.person, postureCheckedAt }, now);
    await changed(tx, { kind: 'device', id });
    await note(deps, tx, actor, 'person', 'device.registered', given.person, {
      device: id,
      managed: given.managed,
      posture: given.posture,
    });
  });
}

const signer = (actor: Actor) => ({ id: actor.userId ?? actor.id, name: actor.name });

function later(text: string, now: Date): Date {
  const at = new Date(text);
  if (at <= now) throw new Invalid('It would be over already. Give a time to come.');
  return at;
}

function mustBeProvider(actor: Actor): void {
  if (!actor.ofProvider) throw new NotAllowed('community.manage');
}

async function personInReach(tx: Tx, actor: Actor, id: string) {
  const person = await personById(tx, id);
  await mustReach(tx, actor, person?.organisation, { kind: 'person', id });
  if (person === undefined || person.endedAt !== null) throw new NotFound('person', id);
  return person;
}

async function note(
  deps: PlacesDeps,
  tx: Tx,
  actor: Actor,
  kind: 'exception' | 'person',
  action: string,
  person: string,
  facts: Readonly<Record<string, string | boolean | readonly string[]>>,
): Promise<void> {
  await changed(tx, { kind, id: person });
  await deps.ledger.record(tx, { actor, action, subject: `person/${person}`, facts });
}
