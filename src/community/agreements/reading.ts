import { type Appointment, appointmentsInForce, personOfUser } from '#community/organisations';
import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { access, type AgreementDeps, byOf, mustSee, record, recordRefusal } from './deps.ts';
import { renderedDigests, sourceDigests } from './digest.ts';
import { AgreementClosed, NoAppointment, TextChanged } from './errors.ts';
import { covers, type Policy, type Section, sectionsFor } from './policy.ts';
import { type AgreementState, stateAt } from './state.ts';
import { factsOf, markingOf, type Place } from './store.ts';
import { insertEvent } from './store-acceptances.ts';
import {
  insertReading,
  lockReading,
  noteAgreed,
  noteOpened,
  openReading,
  type ReadSection,
  type Reading,
  sectionsRead,
} from './store-readings.ts';
import { policyVersions, type StoredVersion } from './store-versions.ts';
import { policyOf } from './versions.ts';

/** What a signer has before them. */
export type ReadingView = {
  readonly reading: Reading;
  readonly policy: Policy;
  readonly marking: string;
  readonly sections: readonly Section[];
  readonly read: readonly ReadSection[];
};

export type Signer = {
  readonly person: { readonly id: string; readonly name: string };
  readonly appointment: Appointment;
};

/** The CIO or CISO appointment that the actor holds in force, of their own or by delegation; undefined when there is none. */
export async function signerOf(
  deps: AgreementDeps,
  tx: Tx,
  actor: Actor,
  organisation: string,
): Promise<Signer | undefined> {
  const person = actor.userId === undefined ? undefined : await personOfUser(tx, actor.userId);
  if (person === undefined || person.organisation !== organisation) return undefined;
  const held = await appointmentsInForce(tx, {
    organisation,
    at: deps.clock.now(),
    person: person.id,
    offices: ['cio', 'ciso'],
  });
  const [appointment] = held;
  return appointment && { person: { id: person.id, name: person.name }, appointment };
}

/** As `signerOf`; who is none is refused, and that is recorded. @throws {NoAppointment} {NotFound} */
export async function mustBeSigner(deps: AgreementDeps, actor: Actor, place: Place): Promise<Signer> {
  mustSee(actor, place.organisation);
  const signer = await deps.records.transaction(access, (tx) =>
    signerOf(deps, tx, actor, place.organisation),
  );
  if (signer !== undefined) return signer;
  await recordRefusal(deps, actor, place, { why: 'no appointment as CIO or CISO in force' });
  throw new NoAppointment(place.organisation);
}

export type Standing = {
  readonly state: AgreementState;
  readonly newest: StoredVersion;
  readonly marking: string;
};

/** What can be read and signed at this moment. @throws {NotFound} {AgreementClosed} */
export async function signable(deps: AgreementDeps, tx: Tx, place: Place): Promise<Standing> {
  const marking = await markingOf(tx, place.environment);
  if (marking === undefined) throw new NotFound('environment', place.environment);
  const newest = (await policyVersions(tx)).findLast(({ state }) => state === 'published');
  if (newest === undefined)
    throw new AgreementClosed('No version of the policy is published yet, so there is nothing to sign.');
  const state = stateAt(await factsOf(tx, place), deps.clock.now());
  const why = closedFor(state, newest.number);
  if (why !== undefined) throw new AgreementClosed(why, { state: state.state });
  return { state, newest, marking };
}

function closedFor({ state, version }: AgreementState, newest: number): string | undefined {
  switch (state) {
    case 'none':
      return 'Your organisation has not been invited to agree for this environment yet. The provider invites it.';
    case 'withdrawn':
    case 'terminated':
      return 'This agreement has ended. The provider can invite your organisation again.';
    case 'suspended':
      return 'This agreement is suspended by the provider. It is theirs to lift that first.';
    default:
      return version === newest ? `Version ${newest} is agreed to already.` : undefined;
  }
}

/**
 * Opens the newest version for reading; the same reading goes on until it is signed or a newer version comes.
 * From here on the digests of the text are pinned.
 * @throws {NoAppointment} {NotFound} {AgreementClosed}
 */
export async function beginReading(deps: AgreementDeps, actor: Actor, place: Place): Promise<ReadingView> {
  await mustBeSigner(deps, actor, place);
  return deps.records.transaction(access, async (tx) => {
    const { newest, marking } = await signable(deps, tx, place);
    const policy = policyOf(newest.source);
    if (!covers(policy, marking))
      throw new AgreementClosed(`The policy has no text for ${marking}. Ask the provider for one.`);
    const going = await openReading(tx, place, newest.number, actor.id);
    if (going !== undefined) return viewOf(tx, going, policy, marking);
    const reading: Reading = {
      ...place,
      id: deps.ids.uuid(),
      version: newest.number,
      userId: actor.id,
      userName: actor.name,
      begunAt: deps.clock.now(),
      sourceSha256: sourceDigests(newest.source).sha256,
      renderedSha256: renderedDigests(policy, marking).sha256,
      record: null,
      endedAt: null,
    };
    await insertReading(tx, reading);
    await insertEvent(tx, { ...place, kind: 'reading', at: reading.begunAt, by: byOf(actor) });
    await record(deps, tx, actor, {
      action: 'agreement.reading-begun',
      subject: `agreement/${place.organisation}/${place.environment}`,
      place,
      facts: { version: newest.number, rendered: reading.renderedSha256 },
    });
    return viewOf(tx, reading, policy, marking);
  });
}

/** The section was shown. @throws {NotFound} {TextChanged} {AgreementClosed} */
export function openSection(
  deps: AgreementDeps,
  actor: Actor,
  id: string,
  section: string,
): Promise<ReadingView> {
  return deps.records.transaction(access, async (tx) => {
    const view = await going(deps, tx, actor, id);
    mustHave(view, section);
    await noteOpened(tx, id, section, deps.clock.now());
    return { ...view, read: await sectionsRead(tx, id) };
  });
}

/** Agreed, and not to be taken back. @throws {NotFound} {TextChanged} {AgreementClosed} */
export function agreeToSection(
  deps: AgreementDeps,
  actor: Actor,
  id: string,
  section: string,
): Promise<ReadingView> {
  return deps.records.transaction(access, async (tx) => {
    const view = await going(deps, tx, actor, id);
    mustHave(view, section);
    const open = view.read.find((one) => one.section === section);
    if (open === undefined)
      throw new AgreementClosed('Open the section before you agree to it.', { section });
    if (open.agreedAt === null) {
      await noteAgreed(tx, id, section, deps.clock.now());
      await record(deps, tx, actor, {
        action: 'agreement.section-agreed',
        subject: `agreement/${view.reading.organisation}/${view.reading.environment}`,
        place: placeOf(view.reading),
        facts: { reading: id, section, version: view.reading.version },
      });
    }
    return { ...view, read: await sectionsRead(tx, id) };
  });
}

export const placeOf = ({ organisation, environment }: Place): Place => ({ organisation, environment });

function mustHave(view: ReadingView, section: string): void {
  if (!view.sections.some(({ id }) => id === section)) throw new NotFound('section', section);
}

/** The actor's own reading, still of the newest text and still of the text it began with. */
export async function going(deps: AgreementDeps, tx: Tx, actor: Actor, id: string): Promise<ReadingView> {
  const reading = await lockReading(tx, id);
  if (reading === undefined || reading.userId !== actor.id) throw new NotFound('reading', id);
  if (reading.endedAt !== null) throw new AgreementClosed('This reading has ended: what was read is signed.');
  const { newest, marking } = await signable(deps, tx, reading);
  const parsed = newest.number === reading.version ? policyOf(newest.source) : undefined;
  // INVARIANT: what is signed is the text whose reading was begun, to the last character.
  if (
    parsed === undefined ||
    sourceDigests(newest.source).sha256 !== reading.sourceSha256 ||
    renderedDigests(parsed, marking).sha256 !== reading.renderedSha256
  )
    throw new TextChanged();
  return viewOf(tx, reading, parsed, marking);
}

const viewOf = async (tx: Tx, reading: Reading, policy: Policy, marking: string): Promise<ReadingView> => ({
  reading,
  policy,
  marking,
  sections: sectionsFor(policy, marking),
  read: await sectionsRead(tx, reading.id),
});
