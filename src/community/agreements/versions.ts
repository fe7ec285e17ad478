import type { Actor } from '#identity';
import { Conflict, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { ChangeClass } from './contract.ts';
import { access, type AgreementDeps, byOf, record } from './deps.ts';
import { sourceDigests } from './digest.ts';
import { PolicyRefused, SecondPerson, VersionState } from './errors.ts';
import { canonicalSource, parsePolicy } from './parse.ts';
import type { ClassTerms, Policy } from './policy.ts';
import { publishedVersions } from './store.ts';
import {
  dropApprovals,
  insertApproval,
  lockVersion,
  policyVersion,
  policyVersions,
  putDraft,
  setApproved,
  setPublished,
  type StoredVersion,
} from './store-versions.ts';

/** @throws {PolicyRefused} */
export function policyOf(source: string): Policy {
  const parsed = parsePolicy(source);
  if (!parsed.ok) throw new PolicyRefused(parsed.faults);
  return parsed.policy;
}

/** Puts a draft there, or in the place of a draft. @throws {PolicyRefused} {VersionState} {Conflict} */
export async function draftVersion(
  deps: AgreementDeps,
  actor: Actor,
  given: { source: string; changeClass: ChangeClass; summary: string },
): Promise<StoredVersion> {
  const source = canonicalSource(given.source);
  const policy = policyOf(source);
  return deps.records.transaction(access, async (tx) => {
    const known = await policyVersions(tx);
    const newest = known.at(-1);
    if (newest !== undefined && newest.policy !== policy.policy)
      throw new Conflict(
        `The community's policy is "${newest.policy}"; a version of "${policy.policy}" can't follow it.`,
      );
    const next = (known.findLast(({ state }) => state === 'published')?.number ?? 0) + 1;
    if (policy.version !== next)
      throw new VersionState(
        `The next version is ${next}, and the text says ${policy.version}. Change "version" in its front matter.`,
        { next, given: policy.version },
      );
    const version = {
      number: policy.version,
      policy: policy.policy,
      title: policy.title,
      source,
      sourceDigests: sourceDigests(source),
      changeClass: given.changeClass,
      summary: given.summary,
      madeAt: deps.clock.now(),
      madeBy: byOf(actor),
    };
    if (!(await putDraft(tx, version)))
      throw new VersionState(`Version ${policy.version} is approved already, and so it stays as it is.`);
    await dropApprovals(tx, version.number);
    await record(deps, tx, actor, {
      action: 'policy.drafted',
      subject: `policy/${version.number}`,
      facts: { sha256: version.sourceDigests.sha256, class: version.changeClass },
    });
    return existing(tx, version.number);
  });
}

/**
 * The terms that the organisations agreed to hold for the version that follows: a new text can't shorten its own notice.
 */
async function termsFor(tx: Tx, version: StoredVersion): Promise<ClassTerms> {
  const inForce = (await policyVersions(tx)).findLast(
    ({ state, number }) => state === 'published' && number < version.number,
  );
  return policyOf((inForce ?? version).source).classes[version.changeClass];
}

/** @throws {NotFound} {VersionState} {SecondPerson} */
export function approveVersion(deps: AgreementDeps, actor: Actor, number: number): Promise<StoredVersion> {
  return deps.records.transaction(access, async (tx) => {
    const version = await locked(tx, number);
    if (version.state !== 'draft')
      throw new VersionState(`Version ${number} is ${version.state} already.`, { state: version.state });
    const by = byOf(actor);
    if (version.approvals.some(({ id }) => id === by.id)) throw new SecondPerson('Approving this version');
    await insertApproval(tx, number, by, deps.clock.now());
    const { approvers } = await termsFor(tx, version);
    if (version.approvals.length + 1 >= approvers) await setApproved(tx, number);
    await record(deps, tx, actor, {
      action: 'policy.approved',
      subject: `policy/${number}`,
      facts: { sha256: version.sourceDigests.sha256, needed: approvers },
    });
    return existing(tx, number);
  });
}

export type Times = {
  readonly publishedAt: Date;
  readonly effectiveAt: Date;
  readonly mandatoryAt: Date | null;
};

/** When a version published now comes into force. @param first nobody has agreed to anything yet */
export function timesOf(
  terms: ClassTerms,
  changeClass: ChangeClass,
  now: Date,
  first: boolean,
  wanted?: Date,
): Times {
  if (first) return { publishedAt: now, effectiveAt: now, mandatoryAt: now };
  const earliest = new Date(now.getTime() + terms.noticeHours * 3_600_000);
  const effectiveAt = wanted !== undefined && wanted > earliest ? wanted : earliest;
  return {
    publishedAt: now,
    effectiveAt,
    mandatoryAt:
      changeClass === 'editorial' ? null : new Date(effectiveAt.getTime() + terms.graceHours * 3_600_000),
  };
}

/** @param effectiveAt not before the notice has passed @throws {NotFound} {VersionState} */
export function publishVersion(
  deps: AgreementDeps,
  actor: Actor,
  number: number,
  effectiveAt?: Date,
): Promise<StoredVersion> {
  return deps.records.transaction(access, async (tx) => {
    const version = await locked(tx, number);
    if (version.state !== 'approved')
      throw new VersionState(
        version.state === 'draft'
          ? `Version ${number} is to be approved first.`
          : `Version ${number} is published already.`,
        { state: version.state },
      );
    const terms = await termsFor(tx, version);
    const first = (await publishedVersions(tx)).length === 0;
    const times = timesOf(terms, version.changeClass, deps.clock.now(), first, effectiveAt);
    if (effectiveAt !== undefined && times.effectiveAt > effectiveAt)
      throw new VersionState(
        `The notice that was agreed to is ${terms.noticeHours} hours: it can't take effect before ${times.effectiveAt.toISOString()}.`,
        { earliest: times.effectiveAt.toISOString() },
      );
    await setPublished(tx, number, times);
    await record(deps, tx, actor, {
      action: 'policy.published',
      subject: `policy/${number}`,
      facts: {
        sha256: version.sourceDigests.sha256,
        sha384: version.sourceDigests.sha384,
        class: version.changeClass,
        effectiveAt: times.effectiveAt.toISOString(),
        mandatoryAt: times.mandatoryAt?.toISOString() ?? null,
      },
    });
    return existing(tx, number);
  });
}

/** The provider sees drafts too. */
export function listVersions(deps: AgreementDeps, actor: Actor): Promise<StoredVersion[]> {
  return deps.records.transaction(access, async (tx) =>
    (await policyVersions(tx)).filter(({ state }) => actor.ofProvider || state === 'published'),
  );
}

/** @throws {NotFound} for what is not there, or not published and the actor not the provider's */
export async function readVersion(deps: AgreementDeps, actor: Actor, number: number): Promise<StoredVersion> {
  const version = await deps.records.transaction(access, (tx) => policyVersion(tx, number));
  if (version === undefined || (!actor.ofProvider && version.state !== 'published'))
    throw new NotFound('version of the policy', String(number));
  return version;
}

async function locked(tx: Tx, number: number): Promise<StoredVersion> {
  const version = await lockVersion(tx, number);
  if (version === undefined) throw new NotFound('version of the policy', String(number));
  return version;
}

async function existing(tx: Tx, number: number): Promise<StoredVersion> {
  const version = await policyVersion(tx, number);
  if (version === undefined) throw new NotFound('version of the policy', String(number));
  return version;
}
