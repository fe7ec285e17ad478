/** A system with evidence, for tests: services called straight, on PGlite or a real PostgreSQL, a clock moved by hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Actor, actorOf } from '#identity';
import type { Records } from '#platform/records';
import { scopeOf, tenancyId } from '#platform/scope';
import { engines, openCommunity } from '../testing.ts';
import type { Acceptance, EvidenceDeps } from './deps.ts';
import type { Evaluator } from './evaluator.ts';
import { genericImporters } from './generic.ts';
import type { EvidenceKind } from './importer.ts';
import type { Stated } from './read-file.ts';
import { takeFile, type Taken } from './take.ts';

export { engines };
export const environment = 'odce';

export const testKinds: readonly EvidenceKind[] = [
  {
    kind: 'test.hosts',
    title: 'Hosts looked at',
    how: 'From the tests.',
    validDays: 30,
    grows: 'snapshot',
    ceiling: 'direct',
  },
  {
    kind: 'test.events',
    title: 'Events seen',
    how: 'From the tests.',
    validDays: 1,
    grows: 'stream',
    ceiling: 'proxy',
  },
];

/** Hosts are to be patched: `patched` of each fact says so. */
export const patched: Evaluator = {
  id: 'test.patched',
  version: 1,
  title: 'Hosts are patched',
  controls: ['ism-0001', 'ism-0002'],
  kinds: ['test.hosts'],
  ceiling: 'direct',
  evaluate({ facts }) {
    let tested = 0;
    const failing: { subject: string; why: string }[] = [];
    for (const { fact } of facts('test.hosts')) {
      tested++;
      if (fact.values['patched'] !== true) failing.push({ subject: fact.subject, why: 'Not patched.' });
    }
    failing.sort((a, b) => (a.subject < b.subject ? -1 : 1));
    if (failing.length === 0)
      return { status: 'satisfied', confidence: 'direct', because: `${tested} hosts are patched.`, tested };
    return {
      status: 'not-satisfied',
      confidence: 'direct',
      because: `${failing.length} of ${tested} hosts are not patched.`,
      tested,
      failed: failing.length,
      failing,
    };
  },
};

export async function openEvidence(opened: { records: Records; close: () => Promise<void> }) {
  const community = await openCommunity(opened);
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-evidence-'));
  const acceptances = new Map<string, Acceptance>();
  const inventory = new Map<string, number>();
  const failed: unknown[] = [];
  const { records, clock, ids, ledger } = community.deps;
  const deps: EvidenceDeps = {
    records,
    clock,
    ids,
    ledger,
    folder,
    log: { warn: () => undefined, error: (facts) => failed.push(facts) },
    kinds: testKinds,
    importers: genericImporters,
    evaluators: [patched],
    inventoryOf: async (_tx, _environment, basis) => inventory.get(basis),
    acceptances: async () => acceptances,
    people: async () => [{ id: 'ann', name: 'Ann' }],
  };
  const actorIn = (tenancies: readonly string[]): Actor =>
    actorOf({
      kind: 'user',
      id: 'officer',
      userId: 'officer',
      name: 'Officer',
      organisation: 'wattle',
      ofProvider: true,
      roles: ['officer'],
      permissions: new Set(['governance.read', 'governance.manage', 'evidence.send']),
      scopeOrNone: scopeOf(tenancies.map(tenancyId)),
    });
  const officer = actorIn(['wattle-odce', 'wattle-pdce']);
  return {
    ...community,
    deps,
    folder,
    officer,
    stranger: actorIn(['acme-odce']),
    acceptances,
    inventory,
    failed,
    /** Sends a file of the kind given. */
    send: (content: string | Buffer, stated: Partial<Stated> = {}, by: Actor = officer): Promise<Taken> =>
      takeFile(
        deps,
        by,
        { environment, kind: 'test.hosts', name: 'hosts.json', dryRun: false, ...stated },
        Readable.from([Buffer.from(content)]),
      ),
    close: async () => {
      await community.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type EvidenceWorld = Awaited<ReturnType<typeof openEvidence>>;

/** A file of hosts: name → patched. */
export const hosts = (all: Readonly<Record<string, boolean>>, collection?: unknown): string =>
  JSON.stringify({
    ...(collection !== undefined && { collection }),
    facts: Object.entries(all).map(([subject, isPatched]) => ({ subject, values: { patched: isPatched } })),
  });
