import { expect, test } from 'vitest';
import type { Answer, Gate } from '#community/gate';
import type { ConnectQuestion } from '#community/support';
import { inNetworks, supportConditions } from './support-gate.ts';

const question: ConnectQuestion = {
  session: 's',
  kind: 'planned',
  tenancy: 'acme-odce',
  engineer: { user: 'u', person: 'p', name: 'Eli' },
  address: '10.20.1.1',
  signIn: { at: new Date(0), passkey: true },
  moment: 'start',
};
const now = new Date(60_000);
const reason = (gate: string) => ({ gate, staff: `${gate} is shut` });

/** What was asked of the gate, and an answer that has these reasons. */
function gateWith(gates: readonly string[]) {
  const asked: unknown[] = [];
  // Only the reasons of an answer are read.
  const answer = { decision: gates.length === 0, reasons: gates.map(reason) } as unknown as Answer;
  const gate: Pick<Gate, 'evaluate' | 'weigh' | 'ready'> = {
    evaluate: async (...given) => (asked.push(['evaluate', ...given]), answer),
    weigh: (...given) => (asked.push(['weigh', ...given]), answer),
    ready: async () => undefined,
  };
  return { asked, ask: supportConditions({ gate, managed: inNetworks(['10.20.0.0/16']), now: () => now }) };
}

test('before the start, that the session is not live yet is no reason; anything else is', async () => {
  expect(await gateWith(['support-live']).ask(question)).toEqual({ allowed: true, reasons: [] });
  expect(await gateWith(['support-live', 'cleared']).ask(question)).toEqual({
    allowed: false,
    reasons: ['cleared is shut'],
  });
  for (const moment of ['login', 'again'] as const)
    expect(await gateWith(['support-live']).ask({ ...question, moment })).toMatchObject({ allowed: false });
});

test('letting somebody in is a decision that is kept', async () => {
  for (const [moment, how] of [
    ['start', 'weigh'],
    ['login', 'evaluate'],
    ['again', 'weigh'],
  ] as const) {
    const { asked, ask } = gateWith([]);
    await ask({ ...question, moment });
    expect(asked).toMatchObject([[how, {}, { subject: { id: 'p' }, action: { name: 'support.connect' } }]]);
  }
});

test('of a device nothing is told outside the managed networks', async () => {
  const tells = async (more: Partial<ConnectQuestion>) => {
    const { asked, ask } = gateWith([]);
    await ask({ ...question, ...more });
    const [[, caller]] = asked as [[string, { told: object }]];
    return caller.told;
  };
  expect(await tells({})).toEqual({
    address: '10.20.1.1',
    device: { managed: true },
    remote: false,
    session: { beganAt: new Date(0), lastActiveAt: now, phishingResistant: true },
  });
  expect(await tells({ address: '203.0.113.7', signIn: null })).toEqual({
    address: '203.0.113.7',
    remote: true,
  });
  expect(await tells({ address: null, signIn: null })).toEqual({});
});
