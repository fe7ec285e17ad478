import { evaluate, type RiskModel } from '@ironbark/risk';
import { expect, test } from 'vitest';
import { riskResult } from './contract.ts';
import { residualsOf } from './residual.ts';

const safeguards = [
  { id: 'mfa', title: 'Second factor', controls: ['ism-1504', 'ism-1173'], against: ['identity'] },
  { id: 'hardening', title: 'Hardening', controls: ['ism-1412'], against: ['exploit'] },
  { id: 'admin', title: 'Privileges', controls: ['ism-1507'], against: ['admin'] },
] as const;
const model: RiskModel = {
  format: 'ironbark-risk-1',
  asOf: '2026-11-02T00:00:00Z',
  assets: [
    { id: 'plain', kind: 'information', values: { C: 1 } },
    { id: 'grave', kind: 'information', values: { C: 5 } },
    { id: 'web', kind: 'supporting', exposure: 'internet' },
    { id: 'mail', kind: 'supporting', exposure: 'internet' },
    { id: 'directory', kind: 'supporting', exposure: 'offline' },
  ],
  findings: [{ id: 'f', asset: 'web', epss: 0.5 }],
  threats: [{ id: 't', asset: 'mail', kind: 'credential', likelihood: 0.1 }],
  reach: [{ from: 'mail', to: 'directory', kind: 'identity', step: 0.9 }],
  dependencies: [
    { from: 'plain', to: 'web', degree: { C: 1 } },
    { from: 'grave', to: 'directory', degree: { C: 1 } },
  ],
  controls: safeguards.map(({ id, against }) => ({ id, status: 'No Visibility', against, on: 'all' })),
};

test('the risk that is left with a control is that of the outcomes whose ways lead past it, and of no other', () => {
  const result = riskResult.parse(evaluate(model, { seed: 3, draws: 8000 }));
  const high = (asset: string): number =>
    result.outcomes.find((one) => one.asset === asset && one.dimension === 'C')?.high ?? -1;
  const found = residualsOf(model, result, { safeguards, patching: ['ism-1690'] });
  expect([...found.keys()].sort()).toEqual(['ism-1173', 'ism-1412', 'ism-1504', 'ism-1690']);
  // The step from mail to directory is by identity: the second factor stands in its way.
  expect(found.get('ism-1504')).toEqual({ probability: high('grave'), level: 'high' });
  expect(found.get('ism-1412')).toEqual({ probability: high('plain'), level: 'medium' });
  expect(found.get('ism-1690')).toEqual(found.get('ism-1412'));
});
