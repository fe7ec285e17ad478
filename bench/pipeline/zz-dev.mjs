import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { EventBlock } from '#platform/events';
import { LineReader, loadMaps, mapColumns, Normaliser, Planner } from '#soc/normalise';
import { processBatch } from '../../src/soc/detect/batch.ts';
import { EventUids } from '../../src/soc/detect/event-uid.ts';
import { Exceptions } from '../../src/soc/detect/exceptions.ts';
import { corpusRules } from '../../test/corpus.ts';
import { compileRules } from '../../src/soc/detect/sigma-rules.ts';
const cache = '/tmp/pipe/lines.json';
if (!existsSync(cache)) {
  const { eventLines } = await import('./events.ts');
  writeFileSync(cache, JSON.stringify(await eventLines(20000)));
}
const lines = JSON.parse(readFileSync(cache, 'utf8'));
const texts = process.env.NORULES
  ? []
  : await corpusRules(['rules/', 'rules-emerging-threats/', 'rules-threat-hunting/', 'rules-compliance/']);
const maps = loadMaps(fileURLToPath(new URL('../../content/normalise', import.meta.url)));
const deps = {
  rules: compileRules({ version: 'bench', texts, disabled: [], exceptions: [] }).ruleset,
  exceptions: new Exceptions([]),
  maps,
  planner: new Planner(maps, mapColumns()),
  lines: new LineReader(maps),
  normaliser: new Normaliser(),
  block: new EventBlock(),
  uids: new EventUids(),
  now: () => 0,
};
const perBatch = 5000;
function batchOf(l) {
  const items = l.map((x) => Buffer.from(x));
  const bytes = new ArrayBuffer(items.reduce((s, i) => s + i.length, 0));
  let at = 0;
  for (const i of items) at += i.copy(Buffer.from(bytes), at);
  return {
    bytes,
    frames: [
      {
        source: 'bench',
        tenancy: 'acme-odce',
        format: null,
        recorded: true,
        firstSequence: 1,
        wire: 'json',
        receivedMs: 1795000000000,
        peer: '',
        itemBytes: items.map((i) => i.length),
        clientIds: items.map(() => ''),
        stored: [],
      },
    ],
  };
}
const batches = [];
for (let at = 0; at < lines.length; at += perBatch) batches.push(batchOf(lines.slice(at, at + perBatch)));
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const rounds = Number(process.argv[2] ?? 6);
const times = [];
let h;
for (let r = 0; r < rounds; r++) {
  h = createHash('sha256');
  let hits = 0;
  let size = 0;
  let t = 0;
  for (const b of batches) {
    const s = cpu();
    const o = processBatch(deps, b);
    t += cpu() - s;
    hits += o.hits.length;
    size += o.block.length;
    h.update(o.block);
    h.update(JSON.stringify(o.hits));
  }
  times.push((t / lines.length).toFixed(1));
  if (r === rounds - 1)
    console.log(
      'hits',
      hits,
      'block B/ev',
      (size / lines.length).toFixed(0),
      'sha',
      h.digest('hex').slice(0, 16),
    );
}
console.log('us/event', times.join(' '));
