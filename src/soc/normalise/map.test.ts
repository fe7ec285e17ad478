import { expect, test } from 'vitest';
import { mapColumns } from './index.ts';
import { readMap } from './load.ts';
import { MapFault } from './plan.ts';
import { Planner } from './planner.ts';

const load = (text: string): Planner => new Planner([readMap('test.yaml', text)], mapColumns());
const head = 'format: test\nversion: 1\napplies: [{ product: test }]\n';

test('a map that says something nobody understands is refused, and told where', () => {
  expect(() => load(`${head}colums: {}`)).toThrow(MapFault);
  expect(() => load(`${head}columns: { no_such_column: a }`)).toThrow('no_such_column');
  expect(() => load(`${head}columns: { tenancy_id: a }`)).toThrow('tenancy_id');
  expect(() => load(`${head}columns: { src_port: { value: 70000 } }`)).toThrow('70000');
  expect(() =>
    load(`${head}cases: [{ class: 1, columns: { src_port: { from: a, map: { x: -1 } } } }]`),
  ).toThrow('src_port');
});

test('the map that says most of a log source is taken, and cases by the value they name', () => {
  const text = (format: string, applies: string): string =>
    `format: ${format}\nversion: 1\napplies: [${applies}]\nswitch: kind\ncases: [{ is: [a, 7], class: 1007 }, { class: 3002 }]`;
  const maps = [
    readMap('1', text('wide', '{ product: p }')),
    readMap('2', text('narrow', '{ product: p, service: s }')),
  ];
  const planner = new Planner(maps, mapColumns());
  const plan = (kind: unknown, service?: string) =>
    planner.planOf({
      fields: { kind },
      logsources: [{ product: 'p', ...(service === undefined ? {} : { service }) }],
      routeKey: service ?? '',
    });
  expect([plan('A').parser, plan('a', 's').parser]).toEqual(['wide@1', 'narrow@1']);
  expect([plan('A').classUid, plan(7).classUid, plan('b').classUid]).toEqual([1007, 1007, 3002]);
  expect(planner.planOf({ fields: {}, logsources: [{ product: 'other' }], routeKey: 'x' }).mapped).toBe(
    false,
  );
});
