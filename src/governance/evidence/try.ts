import { createHash } from 'node:crypto';
import type { Sent } from './contract.ts';
import type { EvidenceDeps } from './deps.ts';
import { EvidenceRefused } from './errors.ts';
import { kindOf } from './kinds.ts';
import { caps, sizeText } from './reading/caps.ts';
import { readFile, type Stated } from './read-file.ts';
import { shownFact } from './view.ts';

/**
 * What sending a file would tell, without a system: whether it is known already, and how many there are by the inventory,
 * is left open. @throws {EvidenceRefused} {EvidenceFromFuture}
 */
export async function tryFile(
  deps: Pick<EvidenceDeps, 'kinds' | 'importers'>,
  stated: Stated,
  now: Date,
  open: () => AsyncIterable<Buffer>,
): Promise<Sent> {
  const hash = createHash('sha256');
  let rawBytes = 0;
  for await (const piece of open()) {
    hash.update(piece);
    rawBytes += piece.length;
    if (rawBytes > caps.fileBytes)
      throw new EvidenceRefused(`the file is larger than ${sizeText(caps.fileBytes)}.`);
  }
  if (rawBytes === 0) throw new EvidenceRefused('it is empty.');
  const { about, gathered, importer, refused, report } = await readFile(deps, stated, now, open);
  return {
    dryRun: true,
    applied: false,
    known: false,
    refused: refused ?? null,
    collection: {
      id: '',
      environment: stated.environment,
      kind: about.kind,
      title: kindOf(deps.kinds, about.kind).title,
      source: about.source,
      origin: stated.name,
      importer,
      collectedAt: about.collectedAt.toISOString(),
      expiresAt: about.expiresAt.toISOString(),
      receivedAt: now.toISOString(),
      state: about.expiresAt <= now ? 'expired' : 'in-force',
      population: { ...about.population, of: about.population.of ?? null },
      facts: gathered.facts,
      hash: hash.digest('hex'),
      rawBytes,
      ceiling: about.ceiling,
      by: '',
    },
    sample: gathered.sample.map(shownFact),
    report,
  };
}
