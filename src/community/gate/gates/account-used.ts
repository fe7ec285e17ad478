import { days } from '../days.ts';
import { gate } from '../gate.ts';

/** SOURCE: ISM-1648, ISM-1404: access of accounts that are not used for 45 days ends. */
export const accountUsed = gate({
  id: 'account-used',
  clause: 'access.idle-accounts',
  title: 'The account is in use',
  outsiders: 'This account has not been used for a long time and is asleep.',
  who: "your organisation's security officer",
  how: 'Confirm that the account is still needed; then it can be used again.',
  requestable: true,
  link: '/people',
  after: ['subject-active'],
  needs: ['account'],
  opens: ({ account }, { at, parameters }) => {
    const since = account.lastUsedAt ?? account.createdAt;
    return (
      at < days(since, parameters.accountIdleDays) ||
      `The account was last used on ${since.toISOString()}; after ${parameters.accountIdleDays} days it sleeps.`
    );
  },
});
