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
  opens: ({ account: { roles } }, { action }) => {
    if (roles.some((role) => action.roles.includes(role))) return true;
    const held =
      roles.length === 0
        ? 'The account has no role in force'
        : `None of the roles ${roles.join(', ')} is enough`;
    return `${held}: "${action.label}" takes one of ${action.roles.join(', ')}.`;
  },
});
