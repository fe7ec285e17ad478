import { days } from '../days.ts';
import { gate } from '../gate.ts';

/** SOURCE: CRISP 4.4: in PROTECTED, monitoring to the ISM's grade is confirmed before service begins. */
export const monitoringConfirmed = gate({
  id: 'monitoring-confirmed',
  clause: 'monitoring.confirmed',
  title: 'Monitoring is confirmed',
  outsiders: 'Monitoring has to be confirmed for this environment first.',
  who: "the organisation's CISO",
  how: 'Confirm that monitoring is deployed, or take the service of the provider.',
  requestable: true,
  link: '/community',
  needs: ['environment'],
  may: ['monitoring'],
  applies: ({ action }) => action.provisioning,
  opens: ({ environment }, { at, parameters }, also) => {
    if (!parameters.protectedMarkings.includes(environment.marking)) return true;
    const { confirmedAt } = also('monitoring');
    if (confirmedAt === null) return `Monitoring was never confirmed; ${environment.id} needs it.`;
    return (
      at < days(confirmedAt, parameters.monitoringConfirmedDays) ||
      `Monitoring was confirmed on ${confirmedAt.toISOString()}; ${parameters.monitoringConfirmedDays} days count.`
    );
  },
});
