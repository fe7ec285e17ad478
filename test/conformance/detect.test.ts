import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EventBlock } from '#platform/events';
import { LineReader, loadMaps, mapColumns, Normaliser, Planner } from '#soc/normalise';
import { type BatchDeps, processBatch } from '../../src/soc/detect/batch.ts';
import { EventUids } from '../../src/soc/detect/event-uid.ts';
import { Exceptions } from '../../src/soc/detect/exceptions.ts';
import { compileRules } from '../../src/soc/detect/sigma-rules.ts';
import { corpusRules, gzipLines } from '../corpus.ts';
import { sharedData } from '../shared.ts';

/*
 * Every recording, whole, through the work a worker does on a batch: parse, recognise, match, normalise, encode.
 * The rules that fire on each line are exactly the expected ones, and every line becomes a row.
 */
const data = sharedData('detection');
const manifest =
  data === undefined
    ? []
    : z
        .array(
          z.object({
            file: z.string(),
            logsource: z.union([z.string(), z.record(z.string(), z.string().nullable())]),
            events: z.number(),
          }),
        )
        .parse(JSON.parse(readFileSync(`${data}/manifest.json`, 'utf8')));
const expectedFile = z.object({ matches_by_line: z.record(z.string(), z.array(z.string())) });

const mapsFolder = fileURLToPath(new URL('../../content/normalise', import.meta.url));
const maps = loadMaps(mapsFolder);
const batchLines = 2000;

async function makeDeps(): Promise<BatchDeps> {
  const texts = await corpusRules([
    'rules/',
    'rules-emerging-threats/',
    'rules-threat-hunting/',
    'rules-compliance/',
  ]);
  const compiled = compileRules({ version: 'corpus', texts, disabled: [], exceptions: [] });
  expect([compiled.facts.length, compiled.rejectedRules]).toEqual([3755, 2]);
  return {
    rules: compiled.ruleset,
    exceptions: new Exceptions([]),
    maps,
    planner: new Planner(maps, mapColumns()),
    lines: new LineReader(maps),
    normaliser: new Normaliser(),
    block: new EventBlock(),
    uids: new EventUids(),
    now: () => 0,
  };
}

/** Windows records, and Zeek's with a stream each, say themselves what they are; of others the manifest declares it. */
function formatOf(logsource: string | Record<string, string | null>): string | null {
  if (typeof logsource === 'string' || logsource['service']?.includes('@stream')) return null;
  return ['product', 'category', 'service'].map((part) => logsource[part] ?? '').join('/');
}

describe.skipIf(data === undefined)('recordings', async () => {
  const deps = data === undefined ? undefined : await makeDeps();
  test.each(manifest)(
    '$file fires exactly the expected rules',
    { timeout: 600_000 },
    async ({ file, logsource, events }) => {
      if (deps === undefined || data === undefined) throw new Error('skipped without data');
      const name = file.replace('events/', '').replace('.ndjson.gz', '');
      const expectedPath = `${data}/expected/${name}.json`;
      expect(existsSync(expectedPath)).toBe(true);
      const expected = new Map(
        Object.entries(expectedFile.parse(JSON.parse(readFileSync(expectedPath, 'utf8'))).matches_by_line),
      );
      const wrong: string[] = [];
      let rows = 0;
      let from = 0;
      const check = (lines: string[]): void => {
        const items = lines.map((line) => Buffer.from(line));
        const bytes = new ArrayBuffer(items.reduce((sum, item) => sum + item.length, 0));
        let at = 0;
        for (const item of items) at += item.copy(Buffer.from(bytes), at);
        const outcome = processBatch(deps, {
          bytes,
          frames: [
            {
              source: name,
              tenancy: 'acme-odce',
              format: formatOf(logsource),
              recorded: true,
              firstSequence: from + 1,
              wire: 'json',
              receivedMs: Date.UTC(2026, 10, 23),
              peer: '',
              itemBytes: items.map((item) => item.length),
              clientIds: items.map(() => ''),
              stored: [],
            },
          ],
        });
        rows += outcome.rows;
        for (const reject of outcome.rejects)
          wrong.push(`${reject.sequence - 1}: rejected, ${reject.reason}`);
        const found = Map.groupBy(outcome.hits, (hit) => hit.sequence - 1);
        for (let line = from; line < from + lines.length; line++) {
          const got = (found.get(line) ?? []).map((hit) => hit.ruleId).sort();
          const want = expected.get(String(line)) ?? [];
          if (got.join() !== [...want].sort().join())
            wrong.push(`${line}: got ${got.join()} want ${want.join()}`);
        }
        // Every hit says why, and of what kind its event is.
        for (const hit of outcome.hits)
          if (hit.reasons.length === 0) wrong.push(`${hit.sequence - 1}: ${hit.ruleId} without a reason`);
        from += lines.length;
      };
      let lines: string[] = [];
      for await (const line of gzipLines(`${data}/${file}`)) {
        lines.push(line);
        if (lines.length === batchLines) {
          check(lines);
          lines = [];
        }
      }
      if (lines.length > 0) check(lines);
      expect(wrong.slice(0, 20)).toEqual([]);
      expect(rows).toBe(events);
    },
  );
});
