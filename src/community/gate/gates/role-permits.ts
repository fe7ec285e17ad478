import { gate } from '../gate.ts';

/** SOURCE: CRISP 7.3: access by role. */
export const rolePermits = gate({
  id: 'role-permits',
  clause: 'access.roles',
  title: 'The role permits the action',
  outsiders: 'Your role does not include this.',
  who: 'an administrator of your organisation',
  how: 'Ask for a role that includes it.',
  requestable: true,
  link: '/people',
  after: ['subject-active'],
  needs: ['account'],
  opens: ({ account }, { action }) =>
    account.roles.some((role) => action.roles.includes(role)) ||
    `None of the roles (${account.roles.join(', ') || 'none'}) may "${action.label}"; it takes one of: ${action.roles.join(', ')}.`,
});
