import { gate } from '../gate.ts';

/** SOURCE: CRISP 6.6: customer data is never on equipment off site. */
export const staysOnSite = gate({
  id: 'stays-on-site',
  clause: 'data.stays-on-site',
  title: 'Customer data stays on site',
  outsiders: 'Customer data is not copied to equipment off site.',
  who: 'nobody',
  how: 'Work on the data where it is; there is no exception.',
  needs: [],
  applies: ({ action }) => action.offsite,
  opens: () => 'Customer data is never copied to equipment off site.',
});
