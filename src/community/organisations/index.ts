/**
 * Organisations as members of the community: what makes them eligible, where each of their tenancies stands in its life,
 * their people, who of them holds which office, and whom to call in an incident.
 * Not here: what they agreed to (agreements), who is cleared (clearances), what is allowed (gate).
 * INVARIANT: nobody verifies an appointment of their own; an appointment holds up to, and not at, its expiry.
 */
export { type Appointment, lifeOf, monthsLater } from './appointment.ts';
export {
  type Contact,
  type ContactStanding,
  standingOf as contactStandingOf,
} from './contact.ts';
export { conditionsOf } from './conditions.ts';
export type { ContactSeverity, Office, TenancyLife } from './contract.ts';
export { organisationLife } from './life-cycle.ts';
export { officeName } from './office.ts';
export type { Person } from './person.ts';
export {
  organisationById,
  type OrganisationRecord,
  organisationRecords,
  organisationState,
  type TenancyRecord,
  tenancyState,
  tenancyStates,
} from './store.ts';
export { appointmentById, appointments, appointmentsInForce } from './store-appointments.ts';
export { lockPerson, people, peopleByEmail, personById, personOfUser } from './store-people.ts';
export { contacts } from './store-contacts.ts';
export { consumedServices, services } from './store-tenancies.ts';
export {
  delegateAppointment,
  endAppointment,
  proposeAppointment,
  verifyAppointment,
} from './appointments.ts';
export { confirmAllContacts, setContacts } from './contacts.ts';
export type { AgreementOf, OrganisationsDeps } from './deps.ts';
export * from './errors.ts';
export { eligibilityDueAt } from './organisation.ts';
export { addPerson, endPerson } from './people.ts';
export { listed, mustReach, type Reach, reachOf } from './reach.ts';
export { organisationRoutes } from './routes.ts';
export { changeLife, changeOrganisation, consume, recordEvidence } from './tenancies.ts';
