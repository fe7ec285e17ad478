/**
 * `node packages/oscal/bench/oscal.ts`: the figures of the README. Import of an ISM edition (decode, validate, read), its
 * checks, a resolution and a comparison: least CPU time of some runs, beside JSON.parse of the same bytes.
 */
import { readFileSync } from 'node:fs';
import {
  checkDocument,
  createReader,
  diffControls,
  findAmong,
  type OscalDocument,
  readControls,
  type Reader,
  resolveProfile,
} from '../src/index.ts';
import { ism } from '../test/ism.ts';

if (ism === undefined) {
  console.log('The governance data is not there: put it beside the checkout or set IRONBARK_SHARED.');
  process.exit(1);
}
const bytes = (file: string): Buffer => readFileSync(`${ism}/${file}`);
const newer = bytes('v2025.12.9/ISM_catalog.json');
const older = bytes('v2025.10.8/ISM_catalog.json');

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
const least = (runs: number, work: () => unknown): number =>
  Math.min(...Array.from({ length: runs }, () => cpuMs(work)));

function documentOf(read: Reader, source: Buffer): OscalDocument {
  const result = read(source);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.document;
}
function controlsOf(read: Reader, source: Buffer) {
  const document = documentOf(read, source);
  if (document.model !== 'catalog') throw new Error('not a catalogue');
  return readControls(document.value);
}

// The first import of a process also compiles the schema: measured before anything else runs.
const first = cpuMs(() => controlsOf(createReader(), newer));
const parse = least(15, () => JSON.parse(newer.toString('utf8')));
const read = createReader();
const again = least(15, () => controlsOf(read, newer));
const catalog = documentOf(read, newer);
const check = least(10, () => checkDocument(catalog));
const profile = documentOf(read, bytes('v2025.12.9/ISM_TOP_SECRET-baseline_profile.json'));
if (profile.model !== 'profile') throw new Error('not a profile');
const asked = {
  find: findAmong([{ name: 'ISM_catalog.json', document: catalog }]),
  uuid: profile.value.uuid,
  now: new Date(0),
};
const resolve = least(10, () => resolveProfile('profile', profile.value, asked));
const [before, after] = [controlsOf(read, older), controlsOf(read, newer)];
const diff = least(10, () => diffControls(before, after));

const print = (what: string, ms: number): void =>
  console.log(
    `${what.padEnd(52)}${ms.toFixed(1).padStart(8)} ms${(ms / parse).toFixed(1).padStart(8)} x JSON.parse`,
  );
console.log(
  `Node ${process.version}, ISM v2025.12.9, ${(newer.length / 1e6).toFixed(2)} MB, ${after.length} entries; CPU time, least of some runs`,
);
print('JSON.parse', parse);
print('import, first of a process (compiles the schema)', first);
print('import: decode, bounds, schema, controls', again);
print('checks past the schema', check);
print('resolve TOP SECRET', resolve);
print('compare with v2025.10.8, word by word', diff);
