import type { ReviewDetail } from '#contract/identity/reviews';
import { table } from './table.ts';

/** An access review, as every command about one shows it. */
export const reviewLines = ({ review, items }: ReviewDetail): string[] => [
  `${review.name}: ${review.decided} of ${review.accounts} decided, due ${review.dueAt}${review.closedAt === null ? '' : ', closed'}`,
  ...table(
    ['E-MAIL', 'ORGANISATION', 'ROLES', 'LAST SIGN-IN', 'DECISION', 'BY', 'REASON'],
    items.map((item) => [
      item.email,
      item.organisation,
      item.roles.join(' '),
      item.lastSignInAt,
      item.decision ?? (item.suspendedWhy === null ? 'open' : `suspended (${item.suspendedWhy})`),
      item.decidedBy,
      item.reason,
    ]),
  ),
];
