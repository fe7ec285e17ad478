import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Running, startIronbark } from './running.ts';

/** The demo on the running system: every page of Gate and Prove has something to show, and all of it came through the services. */
let ironbark: Running;
let secret: string;
beforeAll(async () => {
  ironbark = await startIronbark();
  secret = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8'))).secret;
  const answer = await fetch(`${ironbark.origin}/api/setup/demo`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: '{}',
  });
  if (!answer.ok) throw new Error(await answer.text());
}, 600_000);
afterAll(() => ironbark.stop());

async function get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
  const answer = await fetch(`${ironbark.origin}/api${path}`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return shape.parse(JSON.parse(text));
}
const list = z.array(z.looseObject({}));
const places = ['odce', 'pdce'];

test.each(places)('%s stands at levels, with gaps that name hosts, and what nobody knows', async (place) => {
  const found = await get(
    `/essential-eight/${place}`,
    z.object({
      level: z.number(),
      strategies: z.array(z.object({ strategy: z.string(), level: z.number() })),
      controls: z.array(z.object({ control: z.string(), verdict: z.string() })),
    }),
  );
  const verdicts = new Set(found.controls.map(({ verdict }) => verdict));
  expect(verdicts).toEqual(new Set(['met', 'not-met', 'unknown', ...verdicts]));
  expect(found.strategies.some(({ level }) => level > 0)).toBe(true);
  const { points } = await get(`/essential-eight/${place}/history`, z.object({ points: list }));
  expect(points.length).toBeGreaterThan(2);
});

test('in PROTECTED more is met than in OFFICIAL', async () => {
  const level = async (place: string) => get(`/essential-eight/${place}`, z.object({ level: z.number() }));
  expect((await level('pdce')).level).toBeGreaterThan((await level('odce')).level);
});

test('since yesterday a fix at the edge is late in OFFICIAL, and the page says on which host and since when', async () => {
  const { changes } = await get(
    '/systems/odce/posture',
    z.object({ changes: z.array(z.object({ control: z.string(), status: z.string().nullable() })) }),
  );
  expect(changes).toContainEqual(expect.objectContaining({ control: 'ism-1876', status: 'Ineffective' }));
  const { failing } = await get(
    '/systems/odce/controls/ism-1876',
    z.object({ failing: z.array(z.object({ subject: z.string(), due: z.string().nullable() })) }),
  );
  expect(failing.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['OF-API-01', 'OF-API-02']));
  expect(failing.every(({ due }) => due !== null)).toBe(true);
});

test.each(places)('%s has a trend, evidence in force, some that ran out, and findings', async (place) => {
  const { trend } = await get(`/systems/${place}/posture`, z.object({ trend: list }));
  expect(trend.length).toBeGreaterThan(3);
  const { findings } = await get(`/evidence/findings?environment=${place}`, z.object({ findings: list }));
  expect(findings.length).toBeGreaterThan(0);
});

test.each(places)('%s has risks with figures from a run, and a register', async (place) => {
  const page = await get(`/risk/${place}`, z.object({ result: z.object({ outcomes: list }), trend: list }));
  expect(page.result.outcomes.length).toBeGreaterThan(5);
  expect(page.trend.length).toBeGreaterThan(3);
  const { risks } = await get(`/risk/${place}/register`, z.object({ risks: list }));
  expect(risks).toHaveLength(2);
});

test('assets, documents and certificates are there, with what is overdue and what nears', async () => {
  const { total } = await get('/assets', z.object({ total: z.number() }));
  expect(total).toBeGreaterThan(150);
  const { documents } = await get(
    '/documents',
    z.object({ documents: z.array(z.object({ review: z.object({ state: z.string() }) })) }),
  );
  expect(documents.map(({ review }) => review.state)).toEqual(
    expect.arrayContaining(['current', 'overdue', 'not-in-force']),
  );
  const { certificates } = await get(
    '/certificates',
    z.object({ certificates: z.array(z.object({ warnings: z.array(z.object({ code: z.string() })) })) }),
  );
  const codes = certificates.flatMap(({ warnings }) => warnings.map(({ code }) => code));
  expect(codes).toEqual(expect.arrayContaining(['reassessment-due', 'condition-due', 'surveillance-due']));
});

test('all of it is in the ledger, by people who are named as demo', async () => {
  const { entries } = await get(
    '/ledger?limit=200&action=control.answered',
    z.object({
      entries: z.array(z.object({ action: z.string(), actor: z.object({ name: z.string() }) })),
    }),
  );
  expect(entries.length).toBeGreaterThan(50);
  expect(entries.every(({ actor }) => actor.name.endsWith('(demo)'))).toBe(true);
});

test('the gate has places, devices, changes in every state, and decisions that say what is missing', async () => {
  const found = await get(
    '/places',
    z.object({ exceptions: z.array(z.object({ state: z.string() })), remoteWork: list, devices: list }),
  );
  expect(new Set(found.exceptions.map(({ state }) => state))).toEqual(new Set(['in-force', 'proposed']));
  expect([found.remoteWork.length, found.devices.length]).toEqual([1, 3]);
  const { changes } = await get(
    '/changes',
    z.object({ changes: z.array(z.object({ state: z.string(), open: z.boolean() })) }),
  );
  expect(new Set(changes.map(({ state }) => state))).toEqual(
    new Set(['draft', 'approved', 'rejected', 'closed']),
  );
  expect(changes.filter(({ open }) => open)).toHaveLength(1);
  const { decisions } = await get(
    '/decisions',
    z.object({
      decisions: z.array(
        z.object({ permitted: z.boolean(), reasons: z.array(z.object({ rule: z.string() })) }),
      ),
    }),
  );
  // Nobody of the demo has ever signed in, so nothing is permitted; and the reasons are of many kinds.
  expect(decisions).toHaveLength(12);
  expect(decisions.some(({ permitted }) => permitted)).toBe(false);
  const rules = new Set(decisions.flatMap(({ reasons }) => reasons.map(({ rule }) => rule)));
  expect([...rules]).toEqual(
    expect.arrayContaining([
      'role-permits',
      'cleared',
      'citizen',
      'place-allowed',
      'device-managed',
      'agreement-in-force',
    ]),
  );
});
