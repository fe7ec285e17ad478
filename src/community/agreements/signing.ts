import { organisationById } from '#community/organisations';
import { type Actor, type PasskeyAnswer, type Signature, signingOptions, verifySignature } from '#identity';
import type { Json } from '#ledger';
import { AppError, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { access, type AgreementDeps, byOf, record, recordRefusal } from './deps.ts';
import { digestsOf, renderedDigests } from './digest.ts';
import { AgreementClosed, NotRead } from './errors.ts';
import type { Policy } from './policy.ts';
import {
  type AcceptanceRecord,
  acceptanceRecord,
  consent,
  counterRecord,
  digestOf,
  sealed,
} from './record.ts';
import { going, mustBeSigner, placeOf, type ReadingView, signable, type Signer } from './reading.ts';
import { withRefusalsRecorded } from './refusals.ts';
import type { Place } from './store.ts';
import {
  type Acceptance,
  acceptanceById,
  insertAcceptance,
  insertEvent,
  lastAcceptance,
} from './store-acceptances.ts';
import { endReading, keepRecord } from './store-readings.ts';

const nonceBytes = 16;

/** Begins the signature: what is signed, and what the browser asks the passkey for. */
export type Prepared = {
  readonly record: AcceptanceRecord;
  readonly digest: string;
  readonly options: Awaited<ReturnType<typeof signingOptions>>;
};

/** After every section was agreed to. @throws {NoAppointment} {NotRead} {TextChanged} {AgreementClosed} {NoPasskey} */
export const prepareSignature = (deps: AgreementDeps, actor: Actor, id: string): Promise<Prepared> =>
  withRefusalsRecorded(deps, actor, id, () => prepare(deps, actor, id));

async function prepare(deps: AgreementDeps, actor: Actor, id: string): Promise<Prepared> {
  const place = await placeOfReading(deps, actor, id);
  const signer = await mustBeSigner(deps, actor, place);
  const made = await deps.records.transaction(access, async (tx) => {
    const view = await going(deps, tx, actor, id);
    const left = view.sections.filter(
      ({ id: section }) => !view.read.some((one) => one.section === section && one.agreedAt !== null),
    );
    if (left.length > 0) throw new NotRead(left.map(({ title }) => title));
    const prepared = await recordOf(deps, tx, { view, signer, actor, policy: view.policy });
    await keepRecord(tx, id, sealed(prepared).text);
    return prepared;
  });
  const { digest } = sealed(made);
  return { record: made, digest: digest.toString('hex'), options: await signingOptions(deps, actor, digest) };
}

async function placeOfReading(deps: AgreementDeps, actor: Actor, id: string): Promise<Place> {
  return deps.records.transaction(access, async (tx) => placeOf((await going(deps, tx, actor, id)).reading));
}

async function recordOf(
  deps: AgreementDeps,
  tx: Tx,
  given: { view: ReadingView; signer: Signer; actor: Actor; policy: Policy },
): Promise<AcceptanceRecord> {
  const { view, signer, actor, policy } = given;
  const { reading, marking } = view;
  const organisation = await organisationById(tx, reading.organisation);
  if (organisation === undefined) throw new NotFound('organisation', reading.organisation);
  const previous = await lastAcceptance(tx, reading);
  const { newest } = await signable(deps, tx, reading);
  const minor = newest.changeClass === 'minor' && previous !== undefined;
  return {
    type: 'ironbark-acceptance/1',
    id: deps.ids.uuid(),
    kind: minor ? 'acknowledgement' : 'passkey',
    agreement: { policy: policy.policy, title: policy.title, version: policy.version },
    environment: { id: reading.environment, marking },
    text: { source: digestsOf(newest.source), rendered: renderedDigests(policy, marking) },
    organisation: { id: organisation.id, name: organisation.name, abn: organisation.abn },
    signer: { user: actor.id, person: signer.person.id, name: signer.person.name },
    office: signer.appointment.office === 'cio' ? 'CIO' : 'CISO',
    appointment: signer.appointment.id,
    consent,
    reading: {
      id: reading.id,
      begunAt: reading.begunAt.toISOString(),
      sections: view.read.flatMap(({ section, openedAt, agreedAt }) =>
        agreedAt === null
          ? []
          : [
              {
                id: section,
                openedAt: openedAt.toISOString(),
                agreedAt: agreedAt.toISOString(),
                dwellSeconds: (agreedAt.getTime() - openedAt.getTime()) / 1000,
              },
            ],
      ),
    },
    authentication: {
      method: 'passkey',
      userVerification: 'required',
      origin: deps.origin,
      rpId: new URL(deps.origin).hostname,
    },
    at: deps.clock.now().toISOString(),
    previous: previous === undefined ? null : { id: previous.id, recordSha256: previous.recordSha256 },
    nonce: deps.ids.secret(nonceBytes),
  };
}

/**
 * The passkey's answer over the prepared record: checked, counter-signed, and in the ledger with it.
 * @throws {SignatureRefused} {NoAppointment} {TextChanged} {AgreedMeanwhile} {AgreementClosed}
 */
export const sign = (
  deps: AgreementDeps,
  actor: Actor,
  id: string,
  answer: PasskeyAnswer,
): Promise<Acceptance> => withRefusalsRecorded(deps, actor, id, () => accept(deps, actor, id, answer));

async function accept(
  deps: AgreementDeps,
  actor: Actor,
  id: string,
  answer: PasskeyAnswer,
): Promise<Acceptance> {
  const { place, text } = await deps.records.transaction(access, async (tx) => {
    const { reading } = await going(deps, tx, actor, id);
    if (reading.record === null) throw new AgreementClosed('Ask for the record to sign first.');
    return { place: placeOf(reading), text: reading.record };
  });
  const assertion = await checked(deps, actor, place, text, answer);
  // Once more after the passkey: an appointment may have run out while its holder looked for the key.
  const signer = await mustBeSigner(deps, actor, place);
  const agreed = acceptanceRecord.parse(JSON.parse(text));
  const countersignature = await deps.countersigner.sign(counterRecord(agreed, assertionJson(assertion)));
  return deps.records.transaction(access, async (tx) => {
    await going(deps, tx, actor, id);
    const at = deps.clock.now();
    await endReading(tx, id, at);
    return keep(deps, tx, actor, {
      place,
      record: agreed,
      assertion,
      countersignature,
      appointmentId: signer.appointment.id,
      at,
    });
  });
}

async function checked(
  deps: AgreementDeps,
  actor: Actor,
  place: Place,
  text: string,
  answer: PasskeyAnswer,
): Promise<Signature> {
  try {
    return await verifySignature(deps, actor, digestOf(text), answer);
  } catch (error) {
    if (error instanceof AppError) {
      const why = `the passkey's answer was refused: ${error.code}`;
      await recordRefusal(deps, actor, place, { why, record: digestOf(text).toString('hex') });
    }
    throw error;
  }
}

export const assertionJson = (signature: Signature): { readonly [name: string]: Json } => ({
  userId: signature.userId,
  credentialId: signature.credentialId,
  publicKey: signature.publicKey,
  authenticatorData: signature.authenticatorData,
  clientDataJSON: signature.clientDataJSON,
  signature: signature.signature,
});

/** One acceptance, its event, its ledger entry: all or nothing. */
export async function keep(
  deps: AgreementDeps,
  tx: Tx,
  actor: Actor,
  given: {
    place: Place;
    record: AcceptanceRecord;
    assertion: Signature | null;
    countersignature: string;
    appointmentId: string | null;
    at: Date;
  },
): Promise<Acceptance> {
  const { place, record: agreed, assertion, countersignature, at } = given;
  const { text, digest } = sealed(agreed);
  // INVARIANT: of two acceptances that follow the same one, one is kept; the database holds it (acceptance_link).
  const link = (await linkOf(tx, agreed)) + 1;
  const version = agreed.agreement.version;
  await insertEvent(tx, { ...place, kind: 'accepted', version, at, by: byOf(actor) });
  const ledgerId = await record(deps, tx, actor, {
    action: 'agreement.accepted',
    subject: `agreement/${place.organisation}/${place.environment}`,
    place,
    facts: {
      acceptance: agreed.id,
      version,
      kind: agreed.kind,
      record: digest.toString('hex'),
      countersignature: digestsOf(countersignature).sha256,
      office: agreed.office,
      signer: agreed.signer.name,
    },
  });
  const acceptance: Acceptance = {
    ...place,
    id: agreed.id,
    link,
    version,
    kind: agreed.kind,
    at,
    signerUserId: agreed.signer.user,
    signerName: agreed.signer.name,
    office: agreed.office,
    appointmentId: given.appointmentId,
    record: text,
    recordSha256: digest.toString('hex'),
    assertion,
    countersignature,
    ledgerId,
  };
  await insertAcceptance(tx, acceptance);
  return acceptance;
}

/** The link of the acceptance that the record follows: where another came since, the unique link refuses. */
async function linkOf(tx: Tx, { previous }: AcceptanceRecord): Promise<number> {
  return previous === null ? 0 : ((await acceptanceById(tx, previous.id))?.link ?? 0);
}
