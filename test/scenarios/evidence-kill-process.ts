/**
 * A child process for the durability test: imports one file of evidence after another into the folder given and says each
 * number once it is recorded, until it is killed.
 */
import { Readable } from 'node:stream';
import { openRecords } from '#platform/records';
import { takeFile } from '../../src/governance/evidence/take.ts';
import { openEvidence } from '../../src/governance/evidence/testing.ts';

const folder = process.argv[2] ?? '';
const records = await openRecords({ folder });
const world = await openEvidence({ records, close: () => records.close() });
for (let number = 1; ; number++) {
  const facts = Array.from({ length: 3000 }, (_, at) => ({
    subject: `h${number}-${at}`,
    values: { number },
  }));
  const stated = { environment: 'odce', kind: 'kill.hosts', name: `file ${number}`, dryRun: false };
  const body = Readable.from([Buffer.from(JSON.stringify(facts))]);
  const taken = await takeFile(world.deps, world.officer, stated, body);
  if (taken.applied) process.stdout.write(`${number}\n`);
}
