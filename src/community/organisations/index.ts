/**
 * Organisations as members of the community: what makes them eligible, where each of their tenancies stands in its life,
 * their people, who of them holds which office, and whom to call in an incident.
 * Not here: what they agreed to (agreements), who is cleared (clearances), what is allowed (gate).
 * INVARIANT: nobody verifies an appointment of their own; an appointment holds up to, and not at, its expiry.
 */
export { type Appointment, lifeOf } from './appointment.ts';
export type { ContactSeverity, Office, TenancyLife } from './contract.ts';
export { isServiced, organisationLife } from './life-cycle.ts';
export type { Person } from './person.ts';
export {
  organisationById,
  organisationRecords,
  organisationState,
  type TenancyRecord,
  tenancyState,
  tenancyStates,
} from './store.ts';
export { appointmentById, appointments, appointmentsInForce } from './store-appointments.ts';
export { people, peopleByEmail, personById, personOfUser } from './store-people.ts';
