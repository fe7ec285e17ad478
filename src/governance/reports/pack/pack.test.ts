import { expect, test } from 'vitest';
import { sampleState } from '../testing.ts';
import { compare, summaryOf } from '../summary.ts';
import { assessorDocument } from './assessor.ts';
import { htmlPack } from './html.ts';
import { pdfPack } from './pdf.ts';
import { securityPlan } from './plan.ts';

const state = sampleState();
const earlier = sampleState({
  at: new Date('2026-10-20T02:00:00Z'),
  controls: state.controls.map((one) => (one.id === 'own-0002' ? { ...one, status: 'Effective' } : one)),
});
const document = assessorDocument(state, compare(summaryOf(earlier), summaryOf(state)));

test('the pack as a page says how each control stands, on what, and what was not seen', () => {
  expect(htmlPack(document)).toMatchSnapshot();
});

test('whatever somebody wrote is text in the page, and nothing it could run', () => {
  const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>';
  const page = htmlPack(
    assessorDocument(
      sampleState({
        controls: state.controls.map((one) => ({ ...one, label: evil, statement: evil, because: evil })),
        collections: state.collections.map((one) => ({ ...one, source: evil, kind: evil })),
      }),
      null,
    ),
  );
  expect(page).not.toMatch(/<script|<img/);
  expect(page).toContain('&lt;script&gt;');
});

test.each([
  ['assessor pack', document],
  ['security plan', securityPlan(state)],
])('the %s has pages, the same for the same state', async (_name, one) => {
  const pages = await pdfPack(one);
  expect(pages.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect((await pdfPack(one)).equals(pages)).toBe(true);
});

test('whoever asked for pages can stop them between two blocks', async () => {
  const long = {
    ...document,
    blocks: Array.from({ length: 200 }, () => ({ kind: 'text' as const, text: 'x' })),
  };
  await expect(
    pdfPack(long, async () => {
      throw new Error('stopped');
    }),
  ).rejects.toThrow('stopped');
});
