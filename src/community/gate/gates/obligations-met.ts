import { days } from '../days.ts';
import { gate } from '../gate.ts';

export const obligationsMet = gate({
  id: 'obligations-met',
  clause: 'agreement.obligations',
  title: 'Nothing owed is overdue',
  outsiders: 'Something that the organisation owes under the community policy is overdue.',
  who: "the organisation's security officer",
  how: 'Do what is overdue and record it; the agreement lists it.',
  link: '/agreements',
  after: ['agreement-in-force'],
  needs: ['obligations'],
  applies: ({ action }) => action.provisioning,
  opens: ({ obligations }, { at, parameters }) => {
    const late = obligations.filter(({ dueAt }) => at >= days(dueAt, parameters.obligationGraceDays));
    return (
      late.length === 0 ||
      `Overdue: ${late.map(({ title, dueAt }) => `${title} (due ${dueAt.toISOString()})`).join('; ')}.`
    );
  },
});
