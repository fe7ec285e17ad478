import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { DetectionRecord } from '#soc/triage';
import { openWorld, storedSequencesOf, type World } from '../../src/soc/pipeline/testing.ts';
import { corpusRules, gzipLines } from '../corpus.ts';
import { sharedData } from '../shared.ts';

/*
 * Recordings through everything there is: spool, workers, chDB, records. The large one and all others go through the
 * workers' part in detect.test.ts.
 */
const data = sharedData('detection');
const recordings: readonly { name: string; format: string | null }[] = [
  { name: 'windows-sigmahq-regression', format: null },
  { name: 'windows-evtx-attack-samples', format: null },
  { name: 'aws-cloudtrail-invictus', format: 'aws//cloudtrail' },
  { name: 'cloud-aws-cloudtrail', format: 'aws//cloudtrail' },
  { name: 'cloud-amazon-eks-audit', format: 'kubernetes/application/audit' },
  { name: 'cloud-azure-monitoractivity', format: 'azure//activitylogs' },
  { name: 'cloud-github-audit', format: 'github//audit' },
  { name: 'zeek-dce_rpc', format: null },
];
const expectedFile = z.object({ matches_by_line: z.record(z.string(), z.array(z.string())) });

describe.skipIf(data === undefined)('through the whole pipeline', () => {
  let folder: string;
  let world: World;
  const heard = new Map<string, string[]>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ironbark-conformance-'));
    const rules = await corpusRules([
      'rules/',
      'rules-emerging-threats/',
      'rules-threat-hunting/',
      'rules-compliance/',
    ]);
    const hear = (detections: readonly DetectionRecord[]): void => {
      for (const { rule, eventUids } of detections) {
        const uid = eventUids[0] ?? '';
        heard.set(uid, [...(heard.get(uid) ?? []), rule.id].sort());
      }
    };
    world = await openWorld({ folder, rules, heard: hear });
  }, 300_000);
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  test.each(recordings)(
    '$name fires exactly the expected rules, and every event is stored',
    { timeout: 300_000 },
    async ({ name, format }) => {
      const expected = expectedFile.parse(
        JSON.parse(readFileSync(`${data}/expected/${name}.json`, 'utf8')),
      ).matches_by_line;
      await world.source(name, { format, recorded: true });
      let lines: string[] = [];
      let sent = 0;
      for await (const line of gzipLines(`${data}/events/${name}.ndjson.gz`)) {
        lines.push(line);
        sent++;
        if (lines.length === 500) await world.append(name, lines.splice(0));
      }
      if (lines.length > 0) await world.append(name, lines);
      await world.settled(name);

      const rows = await world.events.systemQuery<{ uid: string; sequence: string | number }>({
        sql: 'select toString(event_uid) as uid, source_sequence as sequence from event where source_id = {name:String}',
        params: { name },
        maxRows: 20_000,
      });
      expect(rows).toHaveLength(sent);
      const found = Object.fromEntries(
        rows.flatMap(({ uid, sequence }) =>
          heard.has(uid) ? [[String(Number(sequence) - 1), heard.get(uid)]] : [],
        ),
      );
      expect(found).toEqual(
        Object.fromEntries(Object.entries(expected).map(([line, ids]) => [line, [...ids].sort()])),
      );
      expect(await storedSequencesOf(world, name)).toEqual(Array.from({ length: sent }, (_, at) => at + 1));
      // The techniques of the rules that fired stand on the event's own row.
      const [tagged] = await world.events.systemQuery<{ count: string | number }>({
        sql: `select count() as count from event where source_id = {name:String} and notEmpty(attack_techniques)`,
        params: { name },
      });
      expect(Number(tagged?.count)).toBeLessThanOrEqual(Object.keys(expected).length);
      expect(world.faults).toEqual([]);
    },
  );
});
