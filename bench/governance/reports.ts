/** Reports of a system as large as an edition of the ISM: 1,073 controls. Prints wall and processor time, min of three. */
import { annex } from '../../src/governance/reports/annex/write.ts';
import { readAnnex } from '../../src/governance/reports/annex/read.ts';
import { oscalFiles } from '../../src/governance/reports/oscal/bundle.ts';
import { reportKinds } from '../../src/governance/reports/kinds.ts';
import { readSheets } from '../../src/governance/reports/sheet/read.ts';
import { largeState } from '../../src/governance/reports/testing.ts';

const controls = 1073;
const runs = 3;
const state = largeState(controls);
const pack = reportKinds(oscalFiles).find(({ kind }) => kind === 'pack');
if (pack === undefined) throw new Error('there is a kind called pack');
const written = await annex(state);
const proven = new Set<string>();

const cases: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  ['SSP annex, written', '3 s', () => annex(state)],
  ['SSP annex, read back', '-', async () => readAnnex(await readSheets(written))],
  ['OSCAL, seven documents', '-', async () => oscalFiles(state, { folder: '', entries: proven })],
  [
    'assessor pack, all files',
    '10 s',
    () => pack.make({ state, tenancy: undefined, changes: null, proven, progress: async () => undefined }),
  ],
];

console.log(`${controls} controls, min of ${runs}`);
for (const [name, goal, work] of cases) {
  let wall = Number.POSITIVE_INFINITY;
  let processor = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const used = process.cpuUsage();
    const began = performance.now();
    await work();
    wall = Math.min(wall, performance.now() - began);
    const { user, system } = process.cpuUsage(used);
    processor = Math.min(processor, (user + system) / 1000);
  }
  console.log(
    `${name.padEnd(28)} ${(wall / 1000).toFixed(2).padStart(6)} s wall ${(processor / 1000).toFixed(2).padStart(6)} s processor   goal ${goal}`,
  );
}
