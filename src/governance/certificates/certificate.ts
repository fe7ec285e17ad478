import { monthsLater } from '#community/organisations';
import type { CertificateAbout, Scheme } from './contract.ts';

export type Certificate = {
  readonly id: string;
  readonly scheme: Scheme;
  readonly about: CertificateAbout;
  readonly createdAt: Date;
  readonly withdrawnAt: Date | null;
  readonly withdrawnWhy: string | null;
  readonly report: {
    readonly name: string;
    readonly sha256: string;
    readonly bytes: number;
    readonly at: Date;
  } | null;
};

/** What is known of a system that a certificate may cover. Undefined: nobody knows, so nothing is said of it. */
export type CertifiedSystem = {
  readonly environment: string;
  readonly name: string;
  /** Consumed there by anybody. */
  readonly services: readonly { readonly id: string; readonly name: string }[];
  readonly assets: readonly { readonly id: string; readonly name: string }[] | undefined;
  readonly sites: readonly { readonly id: string; readonly name: string }[] | undefined;
  /** What the system is assessed against now. */
  readonly editions: readonly {
    readonly framework: string;
    readonly version: string;
    readonly since: Date;
  }[];
  readonly changes: readonly { readonly what: string; readonly at: Date }[];
};

/** SOURCE: ISM-1570: at least every 24 months. */
const irapMonths = 24;

/** When an IRAP assessment has to have been done again; undefined for schemes that say it by their expiry alone. */
export const reassessmentAt = ({ scheme, about }: Pick<Certificate, 'scheme' | 'about'>): Date | undefined =>
  scheme === 'irap' ? monthsLater(new Date(about.issuedAt), irapMonths) : undefined;

/** The earliest moment at which it ends by itself, or must have been done again. */
export function endOf(certificate: Pick<Certificate, 'scheme' | 'about'>): Date | undefined {
  const { expiresAt } = certificate.about;
  const ends = [reassessmentAt(certificate), expiresAt === null ? undefined : new Date(expiresAt)];
  return ends
    .filter((one) => one !== undefined)
    .reduce<Date | undefined>((first, one) => (first === undefined || one < first ? one : first), undefined);
}

export function nextSurveillance({ about }: Pick<Certificate, 'about'>): Date | undefined {
  const { surveillanceMonths, surveyedAt, issuedAt } = about;
  return surveillanceMonths === null
    ? undefined
    : monthsLater(new Date(surveyedAt ?? issuedAt), surveillanceMonths);
}

export function stateOf(
  certificate: Certificate,
  now: Date,
): 'in-force' | 'not-begun' | 'expired' | 'withdrawn' {
  if (certificate.withdrawnAt !== null) return 'withdrawn';
  if (now < new Date(certificate.about.issuedAt)) return 'not-begun';
  const end = endOf(certificate);
  return end !== undefined && now >= end ? 'expired' : 'in-force';
}

/** Whether it holds for this system now, as it is written. An entry "Uncertified" is one, and certifies nothing. */
export const covers = (certificate: Certificate, environment: string, now: Date): boolean =>
  stateOf(certificate, now) === 'in-force' &&
  certificate.about.level !== 'uncertified' &&
  certificate.about.scope.environments.includes(environment);
