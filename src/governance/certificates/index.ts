/**
 * What assessors outside have found of our systems: IRAP, ISO/IEC 27001, hosting certification and others, with scope, dates,
 * conditions and report; and what is wrong with each now, or soon will be.
 * Not here: our own view of how controls stand (controls), and the assessment itself.
 * INVARIANT: a certificate covers what its scope names and nothing else; at its end it does not hold, to the second.
 */
export { type Certificate, type CertifiedSystem } from './certificate.ts';
export { addCertificate, addCondition, recordSignificantChange } from './certificates.ts';
export type { CertificatesDeps } from './deps.ts';
export { certificateRoutes } from './routes.ts';
export { certificates } from './store.ts';
