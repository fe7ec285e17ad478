import { days } from '../days.ts';
import { gate } from '../gate.ts';

/** SOURCE: ISM-1647; CRISP 8.2. A new account counts as reviewed when it is made. */
export const accountReviewed = gate({
  id: 'account-reviewed',
  clause: 'access.review',
  title: 'The access was reviewed',
  outsiders: 'The yearly review of this access is due.',
  who: "your organisation's security officer",
  how: 'Review the access and confirm that it is still needed.',
  requestable: true,
  link: '/people',
  after: ['subject-active'],
  needs: ['account'],
  opens: ({ account }, { at, parameters }) => {
    const reviewed = account.reviewedAt ?? account.createdAt;
    return (
      at < days(reviewed, parameters.accountReviewedDays) ||
      `The access was last reviewed on ${reviewed.toISOString()}; ${parameters.accountReviewedDays} days count.`
    );
  },
});
