import { organisationById } from '#community/organisations';
import type { Actor } from '#identity';
import { Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { access, type AgreementDeps, byOf, record } from './deps.ts';
import { digestsOf, renderedDigests } from './digest.ts';
import { AgreementClosed, EvidenceDiffers, SecondPerson } from './errors.ts';
import { type AcceptanceRecord, consent, counterRecord } from './record.ts';
import { keep } from './signing.ts';
import { factsOf, markingOf, type Place } from './store.ts';
import {
  type Acceptance,
  insertEvent,
  insertPaper,
  lastAcceptance,
  lockPaper,
  openPapers,
  type PaperAcceptance,
  settlePaper,
} from './store-acceptances.ts';
import { policyVersion, type StoredVersion } from './store-versions.ts';
import { stateAt } from './state.ts';
import { policyOf } from './versions.ts';

export type PaperInput = Place & {
  readonly version: number;
  readonly signerName: string;
  readonly office: 'CIO' | 'CISO';
  readonly signedOn: string;
  readonly evidenceName: string;
  readonly evidenceSha256: string;
};

/** What was signed on paper, with the file's hash; it counts when somebody else has confirmed it. @throws {NotFound} {Invalid} */
export function recordPaper(deps: AgreementDeps, actor: Actor, given: PaperInput): Promise<PaperAcceptance> {
  return deps.records.transaction(access, async (tx) => {
    await published(tx, given.version);
    if ((await organisationById(tx, given.organisation)) === undefined)
      throw new NotFound('organisation', given.organisation);
    if ((await markingOf(tx, given.environment)) === undefined)
      throw new NotFound('environment', given.environment);
    const now = deps.clock.now();
    if (given.signedOn > now.toISOString().slice(0, 10))
      throw new Invalid('Nobody signs in the future. Give the day that stands on the paper.');
    const paper: PaperAcceptance = {
      organisation: given.organisation,
      environment: given.environment,
      version: given.version,
      signerName: given.signerName,
      office: given.office,
      signedOn: given.signedOn,
      evidenceName: given.evidenceName,
      evidenceSha256: given.evidenceSha256,
      id: deps.ids.uuid(),
      recordedAt: now,
      recordedBy: byOf(actor),
      acceptanceId: null,
      refusedAt: null,
    };
    await insertPaper(tx, paper);
    await record(deps, tx, actor, {
      action: 'agreement.paper-recorded',
      subject: `paper/${paper.id}`,
      place: given,
      facts: { version: paper.version, evidence: paper.evidenceSha256, signer: paper.signerName },
    });
    return paper;
  });
}

export const papersWaiting = (deps: AgreementDeps): Promise<PaperAcceptance[]> =>
  deps.records.transaction(access, openPapers);

/**
 * Somebody else has the same file before them, and says so.
 * @param sha256 of the file that the confirming person holds
 * @throws {NotFound} {SecondPerson} {EvidenceDiffers} {AgreementClosed}
 */
export async function confirmPaper(
  deps: AgreementDeps,
  actor: Actor,
  id: string,
  sha256: string,
): Promise<Acceptance> {
  return deps.records.transaction(access, async (tx) => {
    const paper = await waiting(tx, id);
    if (paper.recordedBy.id === byOf(actor).id) throw new SecondPerson('Taking a paper acceptance');
    if (sha256 !== paper.evidenceSha256) throw new EvidenceDiffers();
    const at = deps.clock.now();
    const { state } = stateAt(await factsOf(tx, paper), at);
    if (state === 'suspended') throw new AgreementClosed('This agreement is suspended; lift that first.');
    // Who comes with a signed paper has been invited, whatever the system was told before.
    if (state === 'none' || state === 'withdrawn' || state === 'terminated')
      await insertEvent(tx, { ...placeOnly(paper), kind: 'invited', at, by: byOf(actor) });
    const agreed = await recordOf(deps, tx, paper, byOf(actor).name, at);
    const acceptance = await keep(deps, tx, actor, {
      place: placeOnly(paper),
      record: agreed,
      assertion: null,
      countersignature: await deps.countersigner.sign(counterRecord(agreed, null)),
      appointmentId: null,
      at,
    });
    await settlePaper(tx, id, { acceptanceId: acceptance.id });
    return acceptance;
  });
}

/** It is not what it was recorded as. @throws {NotFound} {AgreementClosed} */
export function refusePaper(deps: AgreementDeps, actor: Actor, id: string, why: string): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    const paper = await waiting(tx, id);
    await settlePaper(tx, id, { refusedAt: deps.clock.now() });
    await record(deps, tx, actor, {
      action: 'agreement.paper-refused',
      subject: `paper/${id}`,
      place: placeOnly(paper),
      facts: { why },
    });
  });
}

const placeOnly = ({ organisation, environment }: Place): Place => ({ organisation, environment });

async function waiting(tx: Tx, id: string): Promise<PaperAcceptance> {
  const paper = await lockPaper(tx, id);
  if (paper === undefined) throw new NotFound('paper acceptance', id);
  if (paper.acceptanceId !== null || paper.refusedAt !== null)
    throw new AgreementClosed('This paper is settled already.');
  return paper;
}

async function published(tx: Tx, number: number): Promise<StoredVersion> {
  const version = await policyVersion(tx, number);
  if (version === undefined || version.state !== 'published')
    throw new NotFound('published version of the policy', String(number));
  return version;
}

async function recordOf(
  deps: AgreementDeps,
  tx: Tx,
  paper: PaperAcceptance,
  confirmedBy: string,
  at: Date,
): Promise<AcceptanceRecord> {
  const version = await published(tx, paper.version);
  const policy = policyOf(version.source);
  const marking = (await markingOf(tx, paper.environment)) ?? '';
  const organisation = await organisationById(tx, paper.organisation);
  const previous = await lastAcceptance(tx, paper);
  return {
    type: 'ironbark-acceptance/1',
    id: deps.ids.uuid(),
    kind: 'paper',
    agreement: { policy: policy.policy, title: policy.title, version: policy.version },
    environment: { id: paper.environment, marking },
    text: { source: digestsOf(version.source), rendered: renderedDigests(policy, marking) },
    organisation: {
      id: paper.organisation,
      name: organisation?.name ?? paper.organisation,
      abn: organisation?.abn ?? null,
    },
    signer: { user: null, person: null, name: paper.signerName },
    office: paper.office,
    appointment: null,
    consent,
    reading: null,
    authentication: {
      method: 'paper',
      evidenceName: paper.evidenceName,
      evidenceSha256: paper.evidenceSha256,
      signedOn: paper.signedOn,
      recordedBy: paper.recordedBy.name,
      confirmedBy,
    },
    at: at.toISOString(),
    previous: previous === undefined ? null : { id: previous.id, recordSha256: previous.recordSha256 },
    nonce: deps.ids.secret(16),
  };
}
