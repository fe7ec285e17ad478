import type { Gate } from './gate.ts';
import { accountReviewed } from './gates/account-reviewed.ts';
import { accountUsed } from './gates/account-used.ts';
import { agreementInForce } from './gates/agreement-in-force.ts';
import { applicationAllows } from './gates/application-allows.ts';
import { appointedToSign } from './gates/appointed-to-sign.ts';
import { changeApproved } from './gates/change-approved.ts';
import { citizen } from './gates/citizen.ts';
import { classificationAllowed } from './gates/classification-allowed.ts';
import { cleared } from './gates/cleared.ts';
import { clearedForSupport } from './gates/cleared-for-support.ts';
import { commencementComplete } from './gates/commencement-complete.ts';
import { contactsFresh } from './gates/contacts-fresh.ts';
import { customerApproved } from './gates/customer-approved.ts';
import { deviceManaged } from './gates/device-managed.ts';
import { dutiesSeparate } from './gates/duties-separate.ts';
import { emergencyDeclared } from './gates/emergency-declared.ts';
import { environmentKnown } from './gates/environment-known.ts';
import { feedAlive } from './gates/feed-alive.ts';
import { monitoringConfirmed } from './gates/monitoring-confirmed.ts';
import { obligationsMet } from './gates/obligations-met.ts';
import { organisationEligible } from './gates/organisation-eligible.ts';
import { placeAllowed } from './gates/place-allowed.ts';
import { providerApproved } from './gates/provider-approved.ts';
import { remoteWorkApproved } from './gates/remote-work-approved.ts';
import { rightOrganisation } from './gates/right-organisation.ts';
import { rolePermits } from './gates/role-permits.ts';
import { screened } from './gates/screened.ts';
import { sessionFresh } from './gates/session-fresh.ts';
import { signInStrong } from './gates/sign-in-strong.ts';
import { staysOnSite } from './gates/stays-on-site.ts';
import { subjectActive } from './gates/subject-active.ts';
import { supportLive } from './gates/support-live.ts';
import { tenancyOpen } from './gates/tenancy-open.ts';

/**
 * Raise it whenever a gate would decide the same facts otherwise: it is part of every decision's policy version.
 */
export const gatesRevision = 1;

/** Every gate, in the order in which reasons are told. */
export const gates: readonly Gate[] = [
  feedAlive,
  environmentKnown,
  subjectActive,
  accountUsed,
  accountReviewed,
  rolePermits,
  rightOrganisation,
  organisationEligible,
  tenancyOpen,
  agreementInForce,
  classificationAllowed,
  commencementComplete,
  contactsFresh,
  obligationsMet,
  monitoringConfirmed,
  appointedToSign,
  cleared,
  clearedForSupport,
  screened,
  citizen,
  placeAllowed,
  customerApproved,
  providerApproved,
  dutiesSeparate,
  changeApproved,
  deviceManaged,
  remoteWorkApproved,
  sessionFresh,
  signInStrong,
  staysOnSite,
  supportLive,
  emergencyDeclared,
  applicationAllows,
];
