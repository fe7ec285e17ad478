import { expect, test } from 'vitest';
import { standingAlone } from './alone.ts';

const good = { status: 'satisfied', because: 'all do', tested: 3, of: 3 } as const;
const of = (confidence: 'direct' | 'proxy' | 'partial' | 'attested') =>
  standingAlone('ism-1504', [{ judgement: { ...good, confidence } }]).status;

test('evidence alone shows a control met where it looked at all of what is asked', () => {
  expect([of('direct'), of('proxy'), of('partial'), of('attested')]).toEqual([
    'Effective',
    'Effective',
    'Not Assessed',
    'Not Assessed',
  ]);
});

test('one failure decides, and an unknown leaves it open', () => {
  const bad = {
    status: 'not-satisfied',
    confidence: 'proxy',
    because: 'one does not',
    tested: 3,
    failed: 1,
    failing: [{ subject: 'pc1', why: 'no' }],
  } as const;
  const open = { status: 'unknown', because: 'nobody can tell', wouldSettle: ['more'] } as const;
  const satisfied = { ...good, confidence: 'direct' } as const;
  expect(
    standingAlone('x', [{ judgement: satisfied }, { judgement: open }, { judgement: bad }]),
  ).toMatchObject({
    status: 'Ineffective',
    failing: [{ subject: 'pc1' }],
  });
  expect(standingAlone('x', [{ judgement: satisfied }, { judgement: open }])).toMatchObject({
    status: 'Not Assessed',
    wouldSettle: ['more'],
  });
  expect(standingAlone('x', [])).toMatchObject({ status: 'Not Assessed' });
});
