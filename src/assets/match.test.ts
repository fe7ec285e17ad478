import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldNames, type Fields, readValue, saying, type Said, valueText } from './fields.ts';
import { type Key, keysOf, keyText, mac, machineId, serial, sid, purlBase, hostNames } from './keys.ts';
import { keyIndex } from './match.ts';
import { plan } from './plan.ts';
import type { AssetRow } from './readers/record.ts';
import { type Observation, surviving } from './survive.ts';

const row = (line: number, keys: readonly Key[], name = 'x'): AssetRow => ({
  line,
  name,
  kind: 'host',
  keys,
  fields: { name },
});
function placed(rows: readonly AssetRow[], index = keyIndex()) {
  let next = 0;
  return plan(rows, index, () => `n${++next}`);
}
/** The sets of keys that were put together, whatever the assets are called. */
function groups(rows: readonly AssetRow[], index = keyIndex()): string[] {
  const known = Map.groupBy(
    placed(rows, index).filter(({ to }) => to !== undefined),
    ({ to }) => to,
  );
  return [...known.keys()]
    .map((asset) =>
      index
        .of(asset ?? '')
        .map(keyText)
        .sort()
        .join('|'),
    )
    .sort();
}

test('ids in both byte orders are one; what makers leave in is none', () => {
  expect(machineId('4C4C4544-0042-3510-8054-B4C04F565931')).toBe(
    machineId('44454c4c-4200-1035-8054-b4c04f565931'),
  );
  expect(machineId('03000200-0400-0500-0006-000700080009')).toBeUndefined();
  expect(machineId('{4c4c4544-0042-3510-8054-b4c04f565931}')).toBeDefined();
  for (const junk of ['To be filled by O.E.M.', '0', 'None', 'System Serial Number', '123456789', ''])
    expect(serial(junk)).toBeUndefined();
  expect(serial(' VMware-42 11 00 00 ')).toBe('vmware-42 11 00 00');
  expect([mac('02:42:ac:11:00:02'), mac('00-50-56-AA-BB-CC'), mac('ff:ff:ff:ff:ff:ff')]).toEqual([
    undefined,
    '00:50:56:aa:bb:cc',
    undefined,
  ]);
  expect([sid('S-1-5-18'), sid('s-1-5-21-1-2-3-1001')]).toEqual([undefined, 'S-1-5-21-1-2-3-1001']);
  expect(purlBase('pkg:npm/%40scope/name@1.2?a=b#c')).toBe('pkg:npm/%40scope/name');
  expect(hostNames('LOCALHOST.localdomain')).toBeUndefined();
  expect(hostNames('10.0.0.1')).toBeUndefined();
  expect(hostNames('Web1', 'acme.example.')).toEqual({ hostname: 'web1', fqdn: 'web1.acme.example' });
});

test('what a machine is known by is no key of what runs on it', () => {
  const named = { name: 'web1', hostname: 'web1', serial: 'ABC-1234', macs: ['00:50:56:aa:bb:cc'] };
  const host = keysOf({ kind: 'host', ...named }).map(keyText);
  const application = keysOf({ kind: 'application', ...named }).map(keyText);
  expect(application).toEqual(['name application:web1', 'serial application:abc-1234']);
  expect(host.filter((key) => application.includes(key))).toEqual([]);
});

const hostname = fc.constantFrom('web1', 'web2', 'db1');
const uuid = fc.constantFrom(
  '11111111-1111-4111-8111-111111111111',
  '22222222-2222-4222-8222-222222222222',
  '33333333-3333-4333-8333-333333333333',
);
const machine = fc
  .record({
    hostname: fc.option(hostname, { nil: undefined }),
    machineId: fc.option(uuid, { nil: undefined }),
    serial: fc.option(fc.constantFrom('SER-1', 'SER-2'), { nil: undefined }),
    domain: fc.option(fc.constantFrom('a.example', 'b.example'), { nil: undefined }),
  })
  .map((named) => keysOf({ kind: 'host', ...named }))
  .filter((keys) => keys.length > 0);

test('the order of a file’s rows decides nothing', () => {
  fc.assert(
    fc.property(
      fc.array(machine, { maxLength: 12 }).chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(
            all.map((_, at) => at),
            { minLength: all.length },
          ),
        ),
      ),
      ([all, order]) => {
        const rows = all.map((keys, at) => row(at + 1, keys));
        const shuffled = order.flatMap((at) => rows[at] ?? []);
        expect(groups(shuffled)).toEqual(groups(rows));
      },
    ),
    { numRuns: 1000 },
  );
});

test('the order of files decides nothing for machines that always tell their id', () => {
  const whole = fc
    .tuple(uuid, hostname)
    .map(([machineId, name]) => keysOf({ kind: 'host', machineId, hostname: name }));
  fc.assert(
    fc.property(fc.array(whole, { maxLength: 8 }), (all) => {
      const oneByOne = (list: readonly (readonly Key[])[]) => {
        const index = keyIndex();
        const assets = new Set<string>();
        let next = 0;
        for (const [at, keys] of list.entries())
          for (const { to } of plan([row(at, keys)], index, () => `n${++next}`))
            if (to !== undefined) assets.add(to);
        return [...assets].map((asset) => index.of(asset).map(keyText).sort().join('|')).sort();
      };
      expect(oneByOne([...all].reverse())).toEqual(oneByOne(all));
    }),
  );
});

test('no asset ever has two values of an exclusive key', () => {
  fc.assert(
    fc.property(fc.array(machine, { maxLength: 14 }), (all) => {
      const index = keyIndex();
      for (const { to } of placed(
        all.map((keys, at) => row(at, keys)),
        index,
      )) {
        if (to === undefined) continue;
        for (const kind of ['machine-id', 'serial'] as const)
          expect(index.of(to).filter((key) => key.kind === kind).length).toBeLessThan(2);
      }
    }),
    { numRuns: 1000 },
  );
});

test('what survives does not depend on the order in which sources and their words came', () => {
  const at = fc.constantFrom(
    '2026-01-01T00:00:00.000Z',
    '2026-03-01T00:00:00.000Z',
    '2026-06-01T00:00:00.000Z',
  );
  const word = fc.record({
    source: fc.constantFrom('osquery', 'csv', 'vmware', 'person'),
    at,
    fields: fc.record(
      { owner: fc.constantFrom('Ann', 'Ben'), os: fc.constantFrom('a', 'b') },
      { requiredKeys: [] },
    ),
  });
  const survivors = (words: readonly { source: string; at: string; fields: Fields }[]) => {
    const said = new Map<string, Said>();
    for (const one of words) said.set(one.source, saying(said.get(one.source), one.fields, one.at));
    return surviving(
      [...said].map(
        ([source, own]): Observation => ({
          source,
          format: source,
          seenAt: new Date(0),
          firstSeenAt: new Date(0),
          said: own,
        }),
      ),
    );
  };
  fc.assert(
    fc.property(fc.array(word, { maxLength: 10 }), (words) => {
      expect(survivors([...words].reverse())).toEqual(survivors(words));
    }),
    { numRuns: 500 },
  );
});

test('a source that is far behind loses to a newer one it would outrank; a person does not', () => {
  const one = (source: string, value: string, at: string): Observation => ({
    source,
    format: source,
    seenAt: new Date(at),
    firstSeenAt: new Date(at),
    said: { owner: { v: value, at } },
  });
  expect(
    surviving([one('osquery', 'old', '2026-01-01T00:00:00Z'), one('csv', 'new', '2026-05-01T00:00:00Z')])
      .owner,
  ).toBe('new');
  expect(
    surviving([one('osquery', 'host', '2026-04-01T00:00:00Z'), one('csv', 'sheet', '2026-05-01T00:00:00Z')])
      .owner,
  ).toBe('host');
  expect(
    surviving([one('person', 'said', '2020-01-01T00:00:00Z'), one('osquery', 'host', '2026-05-01T00:00:00Z')])
      .owner,
  ).toBe('said');
});

test('values are read as people write them, and written as they are read', () => {
  expect(
    [
      'High',
      '$5,000',
      'AUD 10000..50000',
      '10,000 - 50,000',
      '1 to 2',
      'lots',
      '5-1',
      `${'9'.repeat(80)}`,
    ].map(readValue),
  ).toEqual([
    'high',
    { low: 5000, high: 5000 },
    { low: 10_000, high: 50_000 },
    { low: 10_000, high: 50_000 },
    { low: 1, high: 2 },
    undefined,
    undefined,
    undefined,
  ]);
  const value = fc.oneof(
    fc.constantFrom('low' as const, 'extreme' as const),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) })),
  );
  fc.assert(
    fc.property(value, (one) => {
      expect(readValue(valueText(one))).toEqual(one);
    }),
  );
  expect(new Set(fieldNames).size).toBe(fieldNames.length);
});
