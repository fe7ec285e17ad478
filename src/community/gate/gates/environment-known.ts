import { gate } from '../gate.ts';

export const environmentKnown = gate({
  id: 'environment-known',
  clause: 'community.environment',
  title: 'The environment is known',
  outsiders: 'The environment of this resource is not known.',
  who: "the provider's administrator",
  how: 'Put the resource into a tenancy of a known environment.',
  link: '/community',
  needs: ['environment'],
  opens: ({ environment }) =>
    environment.id !== '' || 'The resource is in no environment that the community has.',
});
