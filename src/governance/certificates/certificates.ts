import { createHash } from 'node:crypto';
import { governanceChanged, systemsIn, systemOf } from '#governance';
import type { Actor } from '#identity';
import { Conflict, Invalid, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import {
  type Certificate,
  type CertifiedSystem,
  covers,
  endOf,
  nextSurveillance,
  stateOf,
} from './certificate.ts';
import {
  type CertificateAbout,
  type CertificateDetail,
  type CertificateInput,
  type CertificateList,
  type CertificateView,
  type NewCertificate,
  scheme as schemes,
} from './contract.ts';
import { access, type CertificatesDeps, mustBeProvider } from './deps.ts';
import * as store from './store.ts';
import { warningsOf } from './warnings.ts';

/** An assessment report is a document of some hundred pages. */
export const mostReportBytes = 32 * 1024 * 1024;

export function listCertificates(deps: CertificatesDeps, actor: Actor): Promise<CertificateList> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    const systems = await systemsOf(deps, tx);
    const all = await store.certificates(tx);
    const marked = new Map((await systemsIn(tx, access)).map((one) => [one.environment, one.marking]));
    return {
      certificates: all.map((one) => view(one, systems, now)),
      coverage: systems.map(({ environment, name, services }) => ({
        environment,
        name,
        marking: marked.get(environment) ?? '',
        services: services.map((one) => ({ ...one })),
        schemes: schemes.options
          .filter((scheme) => scheme !== 'other')
          .map((scheme) => ({
            scheme,
            certificate:
              all.find((one) => one.scheme === scheme && covers(one, environment, now))?.id ?? null,
          })),
      })),
      changes: (await store.significantChanges(tx)).map((one) => ({ ...one, at: one.at.toISOString() })),
      now: now.toISOString(),
    };
  });
}

/** @throws {NotFound} */
export function certificateDetail(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
): Promise<CertificateDetail> {
  mustBeProvider(actor);
  return deps.records.transaction(access, (tx) => detail(deps, tx, id));
}

/** @throws {NotFound} {Invalid} */
export function addCertificate(
  deps: CertificatesDeps,
  actor: Actor,
  { scheme, ...given }: NewCertificate,
): Promise<CertificateDetail> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    await check(tx, scheme, given);
    const now = deps.clock.now();
    const about: CertificateAbout = { ...given, surveyedAt: null, conditions: [] };
    const id = deps.ids.uuid();
    await store.insertCertificate(tx, { id, scheme, about, createdAt: now });
    await changed(deps, tx, actor, { id, scheme, about }, 'added', '');
    return detail(deps, tx, id);
  });
}

/** The whole of it, as it stands now. @throws {NotFound} {Conflict} {Invalid} */
export function changeCertificate(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  { note, ...given }: CertificateInput,
): Promise<CertificateDetail> {
  return work(deps, actor, id, async (tx, before) => {
    await check(tx, before.scheme, given);
    return { about: { ...before.about, ...given }, what: 'changed', note };
  });
}

export function addCondition(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  { text, dueAt }: { text: string; dueAt: string },
): Promise<CertificateDetail> {
  return work(deps, actor, id, async (_tx, { about }) => {
    const condition = { id: deps.ids.uuid(), text, dueAt, doneAt: null, doneNote: null };
    return {
      about: { ...about, conditions: [...about.conditions, condition] },
      what: 'condition added',
      note: text,
    };
  });
}

/** @throws {NotFound} {Conflict} where it is met already */
export function completeCondition(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  conditionId: string,
  note: string,
): Promise<CertificateDetail> {
  return work(deps, actor, id, async (_tx, { about }, now) => {
    const condition = about.conditions.find((one) => one.id === conditionId);
    if (condition === undefined) throw new NotFound('condition', conditionId);
    if (condition.doneAt !== null)
      throw new Conflict('This condition is met already.', { condition: conditionId });
    const done = { ...condition, doneAt: now.toISOString(), doneNote: note };
    const conditions = about.conditions.map((one) => (one === condition ? done : one));
    return { about: { ...about, conditions }, what: 'condition met', note: `${condition.text}: ${note}` };
  });
}

/** The assessor was here. @throws {NotFound} {Invalid} */
export function recordSurveillance(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  { at, note }: { at: string; note: string },
): Promise<CertificateDetail> {
  return work(deps, actor, id, async (_tx, { about }, now) => {
    if (new Date(at) > now) throw new Invalid('A surveillance is recorded once it has been.');
    if (new Date(at) < new Date(about.surveyedAt ?? about.issuedAt))
      throw new Invalid('That is before the certificate was issued or last surveyed.');
    return { about: { ...about, surveyedAt: at }, what: 'surveillance', note };
  });
}

export function withdrawCertificate(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  reason: string,
): Promise<CertificateDetail> {
  return work(deps, actor, id, async (_tx, { about }, now) => ({
    about,
    what: 'withdrawn',
    note: reason,
    withdrawn: { at: now, why: reason },
  }));
}

/** The report stays as it came; a newer one is put beside it. @throws {NotFound} {Invalid} */
export function keepReport(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  name: string,
  content: Buffer,
): Promise<CertificateDetail> {
  return work(deps, actor, id, async (tx, { about }, now) => {
    if (content.length === 0) throw new Invalid('The file is empty.');
    const sha256 = createHash('sha256').update(content).digest('hex');
    await store.insertReport(tx, id, { name, sha256, content, at: now, by: actor.name });
    return { about, what: 'report kept', note: `${name}, sha256 ${sha256}` };
  });
}

/** @throws {NotFound} */
export async function readReport(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
): Promise<{ name: string; content: Buffer }> {
  mustBeProvider(actor);
  const report = await deps.records.transaction(access, (tx) => store.reportOf(tx, id));
  if (report === undefined) throw new NotFound('report', id);
  return report;
}

/** Something of a system was changed that an assessor would want to know of. @throws {NotFound} {Invalid} */
export function recordSignificantChange(
  deps: CertificatesDeps,
  actor: Actor,
  { environment, what, at }: { environment: string; what: string; at: string },
): Promise<CertificateList> {
  mustBeProvider(actor);
  return deps.records
    .transaction(access, async (tx) => {
      const system = await systemOf(tx, access, environment);
      const now = deps.clock.now();
      if (new Date(at) > now) throw new Invalid('A change is recorded once it has been made.');
      const id = deps.ids.uuid();
      await store.insertSignificantChange(tx, {
        id,
        environment,
        tenancy: system.tenancy,
        what,
        at: new Date(at),
        by: actor.name,
        byId: actor.id,
        recordedAt: now,
      });
      await deps.ledger.record(tx, {
        actor,
        action: 'certificate.significant-change',
        subject: `system/${environment}`,
        tenancy: system.tenancy,
        facts: { what, at },
      });
      await governanceChanged(tx, { environment, what: 'evidence', now });
    })
    .then(() => listCertificates(deps, actor));
}

async function systemsOf(deps: CertificatesDeps, tx: Tx): Promise<CertifiedSystem[]> {
  const changes = Map.groupBy(await store.significantChanges(tx), ({ environment }) => environment);
  const systems: CertifiedSystem[] = [];
  for (const { environment, name } of await systemsIn(tx, access))
    systems.push({
      environment,
      name,
      ...(await deps.used(tx, environment)),
      changes: changes.get(environment) ?? [],
    });
  return systems;
}

async function detail(deps: CertificatesDeps, tx: Tx, id: string): Promise<CertificateDetail> {
  const certificate = await store.certificateById(tx, id);
  if (certificate === undefined) throw new NotFound('certificate', id);
  return {
    ...view(certificate, await systemsOf(deps, tx), deps.clock.now()),
    history: (await store.changesOf(tx, id)).map(({ what, note, about, by, at }) => ({
      what,
      note,
      about,
      by: by.name,
      at: at.toISOString(),
    })),
  };
}

function view(certificate: Certificate, systems: readonly CertifiedSystem[], now: Date): CertificateView {
  const { id, scheme, about, report, withdrawnAt, withdrawnWhy } = certificate;
  return {
    ...about,
    id,
    scheme,
    state: stateOf(certificate, now),
    endsAt: endOf(certificate)?.toISOString() ?? null,
    nextSurveillanceAt: nextSurveillance(certificate)?.toISOString() ?? null,
    report: report === null ? null : { ...report, at: report.at.toISOString() },
    withdrawnAt: withdrawnAt?.toISOString() ?? null,
    withdrawnWhy,
    warnings: [...warningsOf(certificate, systems, now)],
  };
}

async function check(
  tx: Tx,
  scheme: Certificate['scheme'],
  { scope, issuedAt, expiresAt, level }: Pick<CertificateAbout, 'scope' | 'issuedAt' | 'expiresAt' | 'level'>,
): Promise<void> {
  const known = new Set((await systemsIn(tx, access)).map(({ environment }) => environment));
  for (const environment of scope.environments)
    if (!known.has(environment)) throw new NotFound('system', environment);
  if (expiresAt !== null && new Date(expiresAt) <= new Date(issuedAt))
    throw new Invalid('It ends before it begins. Check the two dates.');
  if ((scheme === 'hosting') !== (level !== null))
    throw new Invalid(
      'A hosting certification has a level, and only that: certified-strategic, certified-assured or uncertified.',
    );
}

type Step = {
  readonly about: CertificateAbout;
  readonly what: string;
  readonly note: string;
  readonly withdrawn?: { readonly at: Date; readonly why: string };
};

function work(
  deps: CertificatesDeps,
  actor: Actor,
  id: string,
  step: (tx: Tx, before: Certificate, now: Date) => Promise<Step>,
): Promise<CertificateDetail> {
  mustBeProvider(actor);
  return deps.records.transaction(access, async (tx) => {
    if (!(await store.lockCertificate(tx, id))) throw new NotFound('certificate', id);
    const before = await store.certificateById(tx, id);
    if (before === undefined) throw new NotFound('certificate', id);
    if (before.withdrawnAt !== null)
      throw new Conflict('The certificate is withdrawn and takes no change.', { id });
    const { about, what, note, withdrawn } = await step(tx, before, deps.clock.now());
    await store.updateCertificate(tx, {
      id,
      about,
      withdrawnAt: withdrawn?.at ?? null,
      withdrawnWhy: withdrawn?.why ?? null,
    });
    await changed(deps, tx, actor, { id, scheme: before.scheme, about }, what, note);
    return detail(deps, tx, id);
  });
}

async function changed(
  deps: CertificatesDeps,
  tx: Tx,
  actor: Actor,
  { id, scheme, about }: Pick<Certificate, 'id' | 'scheme' | 'about'>,
  what: string,
  note: string,
): Promise<void> {
  const at = deps.clock.now();
  await store.insertChange(tx, id, { what, note, about, by: { id: actor.id, name: actor.name }, at });
  await deps.ledger.record(tx, {
    actor,
    action: `certificate.${what.replaceAll(' ', '-')}`,
    subject: `certificate/${id}`,
    facts: { scheme, title: about.title, ...(note !== '' && { note }) },
  });
  const known = new Set((await systemsIn(tx, access)).map(({ environment }) => environment));
  for (const environment of about.scope.environments)
    if (known.has(environment)) await governanceChanged(tx, { environment, what: 'evidence', now: at });
}
