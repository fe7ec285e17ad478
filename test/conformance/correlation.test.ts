import { readFileSync } from 'node:fs';
import {
  correlate,
  createRuleset,
  eventTime,
  parseCorrelations,
  parseRules,
  recognise,
} from '@ironbark/sigma';
import { expect, test } from 'vitest';
import { gzipLines } from '../corpus.ts';
import { sharedData } from '../shared.ts';

const data = sharedData('detection');

type Expected = Record<string, Record<string, { groups: { group: string[]; first_satisfied: string }[] }>>;

/** Milliseconds with the microseconds of the text as a fraction. */
function milliseconds(text: string): number {
  const [seconds = '', fraction = '0'] = text.replace('Z', '').split('.');
  return Date.parse(`${seconds}Z`) + Number(fraction.padEnd(6, '0').slice(0, 6)) / 1000;
}

test
  .skipIf(data === undefined)
  .each(['windows-evtx-attack-samples', 'aws-cloudtrail-invictus', 'zeek-dns', 'windows-sigmahq-regression'])(
  'on %s every correlation fires for the expected groups, first at the expected moment',
  async (name) => {
    const parsed = parseRules([
      { path: 'correlation-rules.yml', text: readFileSync(`${data}/correlation-rules.yml`, 'utf8') },
    ]);
    const { correlations, faults } = parseCorrelations(parsed.correlations, parsed.rules);
    expect([...parsed.faults, ...faults]).toEqual([]);
    expect(correlations).toHaveLength(10);

    const matcher = createRuleset(parsed.rules).matcher();
    const detections: {
      time: number;
      line: number;
      ruleId: string;
      fields: Readonly<Record<string, unknown>>;
    }[] = [];
    let line = 0;
    for await (const text of gzipLines(`${data}/events/${name}.ndjson.gz`)) {
      const view = recognise(JSON.parse(text));
      if (view.format === 'unreadable') throw new Error(view.why);
      const time = eventTime(view);
      for (const { rule } of matcher.match(view)) {
        if (time !== undefined) detections.push({ time, line, ruleId: rule.id, fields: view.fields });
      }
      line++;
    }
    detections.sort((a, b) => a.time - b.time || a.line - b.line);

    const correlator = correlate(correlations);
    const first: Record<string, number> = {};
    for (const { time, ruleId, fields, line: at } of detections) {
      for (const fired of correlator.push('t', ruleId, time, fields, String(at))) {
        first[`${fired.rule.id} ${Object.values(fired.group).join(' + ')}`] ??= fired.at;
      }
    }
    const expected =
      (JSON.parse(readFileSync(`${data}/expected/correlation.json`, 'utf8')) as Expected)[name] ?? {}; // The data's README gives the shape.
    const wanted: Record<string, number> = {};
    for (const [id, { groups }] of Object.entries(expected)) {
      for (const { group, first_satisfied } of groups)
        wanted[`${id} ${group.join(' + ')}`] = milliseconds(first_satisfied);
    }
    expect(first).toEqual(wanted);
  },
);
