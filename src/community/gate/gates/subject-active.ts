import { gate } from '../gate.ts';

export const subjectActive = gate({
  id: 'subject-active',
  clause: 'people.current',
  title: 'The person is current',
  outsiders: 'This account is not in use in this community.',
  who: "your organisation's security officer",
  how: 'Have the person added to the community, or activated again.',
  link: '/people',
  needs: ['subject'],
  opens: ({ subject }, { ask }) =>
    subject.state === 'active' ||
    `${ask.subject.id} is ${subject.state === 'left' ? 'no longer in the community' : 'suspended'}.`,
});
