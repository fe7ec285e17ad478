import { expect, test } from 'vitest';
import { agree } from '../src/app/demo/agree.ts';
import { addOrganisation, addTenancy } from '../src/community/index.ts';
import { agreementState } from '../src/community/agreements/index.ts';
import { openAgreements, shippedPolicy } from '../src/community/agreements/testing.ts';

test('of the four customers of the demo one has agreed, one is in grace, one has lapsed and one is invited', async () => {
  const world = await openAgreements();
  try {
    const places = { agr: 'pdce', bwn: 'pdce', cen: 'odce', dhs: 'odce' };
    const staff = world.staff('one');
    for (const [id, environment] of Object.entries(places)) {
      await addOrganisation(world.deps, staff, { id, name: id, kind: 'customer' });
      await addTenancy(world.deps, staff, { organisation: id, environment });
    }
    await agree(world.deps, [shippedPolicy(1), shippedPolicy(2)]);
    const states: Record<string, string> = {};
    for (const [id, environment] of Object.entries(places))
      states[id] = await world.records.transaction({ system: 'test' }, async (tx) => {
        const { state } = await agreementState(tx, id, environment, world.clock.now());
        return state;
      });
    expect(states).toEqual({ agr: 'accepted', bwn: 'superseded-in-grace', cen: 'lapsed', dhs: 'invited' });
  } finally {
    await world.close();
  }
}, 120_000);
