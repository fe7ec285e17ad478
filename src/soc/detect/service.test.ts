import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '#platform/clock';
import { type Content, createContent, packOf } from '#platform/content';
import { Invalid, NotAllowed, NotFound } from '#platform/errors';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { createTestRecords } from '#platform/records/testing';
import { scopeOf, tenancyId } from '#platform/scope';
import { LookCosts } from './look-costs.ts';
import { ruleKind } from './rule-kind.ts';
import { createRules, type RuleKeeper, type Rules } from './service.ts';

const clock = manualClock('2026-03-02T10:00:00Z');
const keeper = (id: string, ...tenancies: string[]): RuleKeeper => {
  const scope = scopeOf(tenancies.map(tenancyId));
  if (scope === undefined) throw new Error('A scope is never empty.');
  return { kind: 'user', id, name: id, scope };
};
const acme = keeper('kim', 'acme-odce');
const zeta = keeper('zoe', 'zeta-odce');

const ruleId = '11111111-0000-4000-8000-000000000001';
const goneId = '11111111-0000-4000-8000-0000000000e1';
const cameId = '11111111-0000-4000-8000-0000000000e2';
const ruleText = (title: string, id = ruleId) => `title: ${title}
id: ${id}
status: test
author: Jo
license: Apache-2.0
tags: [attack.t1105]
logsource: { product: windows, category: process_creation }
detection: { selection: { Image|endswith: '\\certutil.exe' }, condition: selection }
level: high
`;
const broken = `title: Broken
id: 11111111-0000-4000-8000-000000000002
logsource: { product: windows }
detection: { selection: { Image|nosuch: x }, condition: selection }
`;

let records: Records;
let rules: Rules;
const ledger: string[] = [];
const costs = new LookCosts();

let content: Content;
const manager = (id: string) => ({
  kind: 'user' as const,
  id,
  name: id,
  permissions: new Set(['rule.manage']),
});

beforeAll(async () => {
  records = await createTestRecords();
  const ids = systemIds(clock);
  rules = createRules({
    costs,
    records,
    clock,
    ids,
    ledger: {
      record: async (_tx, entry) => void ledger.push(`${entry.action} ${entry.tenancy ?? ''}`.trim()),
    },
  });
  content = createContent({
    records,
    clock,
    ids,
    ledger: { record: async (_tx, entry) => void ledger.push(entry.action) },
    kinds: [ruleKind(records)],
    trusted: [],
    plain: 'allowed',
    mirrors: [],
  });
});
afterAll(() => records.close());

const importing = (version: string, files: Record<string, string>) =>
  content.add(manager('kim'), {
    file: 'acme-rules',
    kind: 'rules',
    name: 'acme-rules',
    version,
    origin: 'test',
    content: packOf(Object.entries(files).map(([path, text]) => ({ path, text }))),
    activate: true,
  });

test('a pack is imported with every rule that is rejected, and is the active one at once', async () => {
  const pack = await importing('1', {
    'a.yml': ruleText('First'),
    'sub/b.yml': broken,
    'README.md': '# no rule',
    '.git/x.yml': 'x: 1',
  });
  expect(pack).toMatchObject({
    name: 'acme-rules',
    version: '1',
    active: true,
    facts: { rules: 1, rejected: 1 },
  });
  const list = await rules.list(acme);
  expect(list.rules).toMatchObject([
    {
      id: ruleId,
      title: 'First',
      level: 'high',
      enabled: true,
      pack: 'acme-rules',
      hits: 0,
      attack: ['T1105'],
    },
  ]);
  expect(list.faults).toMatchObject([
    {
      file: 'acme-rules/sub/b.yml',
      line: 4,
      what: 'unknown-modifier',
      why: expect.stringContaining('nosuch'),
    },
  ]);
  expect((await rules.rule(acme, ruleId)).text).toBe(ruleText('First'));
  expect(list.rules[0]?.meanMicroseconds).toBeNull();
  expect(list.rules[0]?.undecided).toBe(0);
  costs.tell(1, [{ ruleId, looks: 64, lookMicroseconds: 1.5, undecided: 3 }]);
  expect(await rules.rule(acme, ruleId)).toMatchObject({ meanMicroseconds: 1.5, undecided: 3 });
  await expect(rules.rule(acme, 'nothing')).rejects.toThrow(NotFound);
});

test('a filter that can not be used is listed like a rule', async () => {
  const filter = `title: Lost\nid: 11111111-0000-4000-8000-0000000000ff\nlogsource: { product: windows }\nfilter: { rules: [nothing-here], selection: { Image: x }, condition: selection }\n`;
  await content.add(manager('kim'), {
    file: 'filtered',
    version: '1',
    origin: 'test',
    content: packOf([
      { path: 'a.yml', text: ruleText('Filtered', '11111111-0000-4000-8000-0000000000fe') },
      { path: 'f.yml', text: filter },
    ]),
    activate: true,
  });
  const { faults, packs } = await rules.list(acme);
  expect(faults).toContainEqual(expect.objectContaining({ file: 'filtered/f.yml', what: 'filter' }));
  await content.setActive(manager('kim'), packs.find((pack) => pack.name === 'filtered')?.id ?? '', {
    active: false,
  });
});

test('the same content again is the version that is there', async () => {
  const before = (await rules.list(acme)).packs.length;
  await importing('1', { 'a.yml': ruleText('First'), 'sub/b.yml': broken });
  expect((await rules.list(acme)).packs).toHaveLength(before);
});

test('a new version takes over, and rolling back is activating the one before', async () => {
  const heard: string[] = [];
  const stop = await rules.onChange(() => heard.push('changed'));
  const first = (await rules.list(acme)).packs[0];
  await importing('2', { 'a.yml': ruleText('Second') });
  expect((await rules.running()).texts).toEqual([{ path: 'acme-rules/a.yml', text: ruleText('Second') }]);
  expect((await rules.list(acme)).packs.filter((pack) => pack.active)).toMatchObject([{ version: '2' }]);
  await content.setActive(manager('kim'), first?.id ?? '', { active: true });
  expect((await rules.list(acme)).rules[0]?.title).toBe('First');
  await expect.poll(() => heard.length).toBe(2);
  await stop();
});

test('what runs has a new version whenever it differs, and an equal one when it does not', async () => {
  const before = (await rules.running()).version;
  expect((await rules.running()).version).toBe(before);
  await rules.setEnabled(acme, ruleId, false);
  const off = await rules.running();
  expect(off.disabled).toEqual([ruleId]);
  expect(off.version).not.toBe(before);
  expect((await rules.list(acme)).rules[0]?.enabled).toBe(false);
  await rules.setEnabled(acme, ruleId, true);
  expect((await rules.running()).version).toBe(before);
});

test('an exception needs an end, stops applying at it, and is shown after it', async () => {
  const wanted = {
    ruleId,
    tenancy: 'acme-odce',
    field: 'Image',
    value: 'C:\\tools\\certutil.exe',
    reason: 'deployment tool',
  };
  const at = (days: number) => new Date(clock.now().getTime() + days * 86_400_000).toISOString();
  await expect(rules.addException(acme, { ...wanted, expiresAt: at(-1) })).rejects.toThrow(Invalid);
  await expect(rules.addException(acme, { ...wanted, expiresAt: at(400) })).rejects.toThrow(Invalid);
  await expect(rules.addException(acme, { ...wanted, ruleId: 'nothing', expiresAt: at(7) })).rejects.toThrow(
    NotFound,
  );
  const added = await rules.addException(acme, { ...wanted, expiresAt: at(7) });
  expect(added.owner).toBe('kim');
  expect((await rules.running()).exceptions).toEqual([
    {
      ruleId,
      tenancy: 'acme-odce',
      field: 'Image',
      value: 'C:\\tools\\certutil.exe',
      expiresMs: Date.parse(at(7)),
    },
  ]);
  clock.advance(8 * 86_400);
  expect((await rules.running()).exceptions).toEqual([]);
  expect(await rules.exceptions(acme, ruleId)).toEqual([added]);
  await rules.removeException(acme, added.id);
  expect(await rules.exceptions(acme)).toEqual([]);
});

test('an exception of another tenancy is neither seen, nor made, nor ended', async () => {
  const wanted = {
    ruleId,
    tenancy: 'acme-odce',
    field: 'Image',
    value: 'x',
    reason: 'testing',
    expiresAt: new Date(clock.now().getTime() + 1000).toISOString(),
  };
  const added = await rules.addException(acme, wanted);
  await expect(rules.addException(zeta, wanted)).rejects.toThrow(NotFound);
  expect(await rules.exceptions(zeta)).toEqual([]);
  await expect(rules.removeException(zeta, added.id)).rejects.toThrow(NotFound);
});

test('what a person switched off, the system does not switch on when it brings it again, nor with a new version', async () => {
  const system = { ...manager('system'), kind: 'system' as const };
  const bring = (title: string) =>
    content.bring(system, {
      kind: 'rules',
      name: 'own',
      version: title,
      content: packOf([{ path: 'a.yml', text: ruleText(title, '11111111-0000-4000-8000-00000000000a') }]),
    });
  const first = await bring('one');
  expect(first.active).toBe(true);
  expect((await bring('two')).active).toBe(true);
  expect((await bring('one')).active).toBe(false);
  const second = (await rules.list(acme)).packs.find((pack) => pack.name === 'own' && pack.active);
  await content.setActive(manager('kim'), second?.id ?? '', { active: false });
  expect((await bring('two')).active).toBe(false);
  expect((await bring('three')).active).toBe(false);
});

test('a version that is not active can be forgotten, and its rules with it; the active one can not', async () => {
  const { packs } = await rules.list(acme);
  const idle = packs.find(({ active }) => !active);
  const active = packs.find((pack) => pack.active);
  if (idle === undefined || active === undefined) throw new Error('one of each was made above');
  await content.remove(manager('kim'), idle.id);
  expect((await rules.list(acme)).packs.map(({ id }) => id)).not.toContain(idle.id);
  await expect(content.remove(manager('kim'), idle.id)).rejects.toMatchObject({ code: 'not-found' });
  await expect(content.remove(manager('kim'), active.id)).rejects.toMatchObject({ code: 'pack-in-use' });
});

test('between two versions it is told which rules came, went, and changed their level', async () => {
  const one = await importing('7', { 'a.yml': ruleText('First'), 'b.yml': ruleText('Gone', goneId) });
  const two = await importing('8', {
    'moved/a.yml': ruleText('First').replace('level: high', 'level: low'),
    'c.yml': ruleText('Came', cameId),
  });
  expect((await content.diff(two.id, one.id)).changes).toEqual([
    { change: 'removed', id: goneId, title: 'Gone' },
    { change: 'added', id: cameId, title: 'Came', why: 'high' },
    { change: 'changed', id: ruleId, title: 'First', why: 'level high became low' },
  ]);
});

test('who may not manage rules adds none, whatever else they may', async () => {
  const other = { ...manager('lee'), permissions: new Set(['content.manage']) };
  await expect(
    content.add(other, {
      file: 'x',
      origin: 'test',
      content: packOf([{ path: 'a.yml', text: ruleText('x') }]),
    }),
  ).rejects.toThrow(NotAllowed);
});

test('a pack without a rule is refused', async () => {
  await expect(importing('3', { 'a.yml': broken })).rejects.toThrow(Invalid);
  await expect(importing('3', { 'a.txt': ruleText('x') })).rejects.toThrow(Invalid);
});

test('every change is in the ledger', () => {
  expect(new Set(ledger)).toEqual(
    new Set([
      'content.added',
      'content.activated',
      'content.deactivated',
      'content.removed',
      'rule.disabled',
      'rule.enabled',
      'exception.added acme-odce',
      'exception.removed acme-odce',
    ]),
  );
});
