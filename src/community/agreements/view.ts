import type * as contract from './contract.ts';
import { type Policy, sectionsFor } from './policy.ts';
import type { ReadingView } from './reading.ts';
import type { AgreementState } from './state.ts';
import type { Acceptance, PaperAcceptance } from './store-acceptances.ts';
import type { StoredVersion } from './store-versions.ts';

/** Dates as ISO 8601, and only what the contract shows. */
const iso = (at: Date): string => at.toISOString();
export const isoOrNull = (at: Date | null): string | null => (at === null ? null : iso(at));

export const shownVersion = (version: StoredVersion): contract.PolicyVersion => ({
  number: version.number,
  title: version.title,
  state: version.state,
  changeClass: version.changeClass,
  summary: version.summary,
  sha256: version.sourceDigests.sha256,
  sha384: version.sourceDigests.sha384,
  madeAt: iso(version.madeAt),
  madeBy: version.madeBy.name,
  approvals: version.approvals.map(({ name, at }) => ({ name, at })),
  publishedAt: isoOrNull(version.publishedAt),
  effectiveAt: isoOrNull(version.effectiveAt),
  mandatoryAt: isoOrNull(version.mandatoryAt),
});

const termsOf = (policy: Policy): contract.VersionDetail['terms'] =>
  mutable({
    title: policy.title,
    preamble: policy.preamble,
    parameters: policy.parameters,
    classes: policy.classes,
    responsibilities: policy.responsibilities,
  });

/** zod's inferred types are mutable, ours are not; the values are plain JSON and are written out at once. */
const mutable = <T>(value: unknown): T => value as T;

export const shownDetail = (
  version: StoredVersion,
  policy: Policy,
  marking: string | undefined,
): contract.VersionDetail => ({
  version: shownVersion(version),
  markings: [...policy.markings],
  sections: mutable(marking === undefined ? policy.sections : sectionsFor(policy, marking)),
  terms: termsOf(policy),
});

export const shownState = (state: AgreementState): contract.AgreementStateView => ({
  ...state,
  until: isoOrNull(state.until),
});

export const shownAcceptance = (one: Acceptance): contract.AcceptanceView => ({
  organisation: one.organisation,
  environment: one.environment,
  id: one.id,
  version: one.version,
  kind: one.kind,
  at: iso(one.at),
  signer: one.signerName,
  office: one.office,
  recordSha256: one.recordSha256,
});

export const shownReading = ({
  reading,
  policy,
  marking,
  sections,
  read,
}: ReadingView): contract.ReadingView => ({
  id: reading.id,
  version: reading.version,
  environment: reading.environment,
  marking,
  begunAt: iso(reading.begunAt),
  sections: sections.map((section) => {
    const own = read.find((one) => one.section === section.id);
    return {
      ...mutable<contract.PolicySection>(section),
      openedAt: isoOrNull(own?.openedAt ?? null),
      agreedAt: isoOrNull(own?.agreedAt ?? null),
    };
  }),
  terms: termsOf(policy),
  sha256: reading.renderedSha256,
});

export const shownPaper = (one: PaperAcceptance) => ({
  organisation: one.organisation,
  environment: one.environment,
  version: one.version,
  signerName: one.signerName,
  office: one.office,
  signedOn: one.signedOn,
  evidenceName: one.evidenceName,
  evidenceSha256: one.evidenceSha256,
  id: one.id,
  recordedAt: iso(one.recordedAt),
  recordedBy: one.recordedBy.name,
});
