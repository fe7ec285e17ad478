import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { evidenceImporters, evidenceKinds } from '#app';
import { type Sent, sendQuery } from '#contract/governance/evidence';
import { tryFile } from '#governance/evidence';
import type { Call } from '../command.ts';

/** Reads a file here, with the importers that the system has, and records nothing. */
export function tryLocally({ text, on }: Call, file: string): Promise<Sent> {
  const given = sendQuery.parse({
    environment: text('environment'),
    kind: text('kind'),
    name: basename(file),
    source: text('source'),
    collectedAt: text('collected-at'),
    expiresAt: text('expires'),
    population: text('population'),
  });
  const [covered, of] = (given.population ?? '').split('/').map(Number);
  return tryFile(
    { kinds: evidenceKinds, importers: evidenceImporters },
    {
      ...given,
      collectedAt: given.collectedAt === undefined ? undefined : new Date(given.collectedAt),
      expiresAt: given.expiresAt === undefined ? undefined : new Date(given.expiresAt),
      population: given.population === undefined ? undefined : { covered: covered ?? 0, of },
      onBadRow: on('skip-bad-rows') ? 'skip-row' : undefined,
      dryRun: true,
    },
    new Date(),
    // A stream without an encoding gives buffers.
    () => createReadStream(file) as AsyncIterable<Buffer>,
  );
}
