import { Readable } from 'node:stream';
import { directory } from '#community';
import { assetsOf, importAssets, setDependency } from '#assets';
import { importQuery } from '#contract/assets';
import { takeFile } from '#governance/evidence';
import { importFindings } from '#governance/risk';
import type { Actor } from '#identity';
import type { Estate, Place } from './estate.ts';
import { evidenceFiles, type Sending } from './files.ts';
import type { ProveHouse } from './house.ts';
import { customerFile, inventoryFile } from './inventory.ts';
import { nessusFile } from './scans.ts';

/** The provider's inventory of an environment and its customers', and what of theirs rests on the provider's services. */
export async function takeInventory(
  house: ProveHouse,
  actor: Actor,
  estate: Estate,
  place: Place,
): Promise<void> {
  const own = await ownTenancy(house, place);
  const file = async (tenancy: string, name: string, text: string, source: string): Promise<void> => {
    const query = importQuery.parse({ tenancy, file: name, source });
    const report = await importAssets(house.assets, actor, Buffer.from(text), query);
    if (!report.applied)
      throw new Error(`the demo's ${name} was not taken: ${JSON.stringify(report.counts)}`);
  };
  await file(own, `demo-${place}.json`, inventoryFile(estate, place, house.clock.now()), 'demo-cmdb');
  const customers = estate.customers.filter(({ tenancy }) => tenancy.endsWith(place));
  for (const customer of customers)
    await file(
      customer.tenancy,
      `demo-${customer.tenancy}.csv`,
      customerFile(customer, place),
      'demo-register',
    );
  const all = await house.records.transaction(actor.scope, (tx) => assetsOf(tx, actor.scope));
  const service = all.find(
    ({ tenancy, kind, name }) => tenancy === own && kind === 'service' && name === 'Infrastructure',
  );
  if (service === undefined) throw new Error('the demo has no infrastructure service');
  const resting = all.filter(
    ({ tenancy, kind }) => kind === 'host' && customers.some((one) => one.tenancy === tenancy),
  );
  for (const { id } of resting)
    await setDependency(house.assets, actor, id, {
      on: service.id,
      c: 0.5,
      i: 0.5,
      a: 0.9,
      note: 'Runs on it (demo)',
    });
}

async function ownTenancy({ records }: ProveHouse, place: Place): Promise<string> {
  const { tenancies } = await records.transaction({ system: 'the demo' }, (tx) => directory.facts(tx));
  const own = tenancies.find(({ internal, environment }) => internal && environment === place);
  if (own === undefined) throw new Error(`the demo's provider has no tenancy in ${place}`);
  return own.id;
}

/** What was sent at this moment, through the importers that people send to. @throws where a file is refused */
export async function sendEvidence(
  house: ProveHouse,
  actor: Actor,
  estate: Estate,
  place: Place,
  sending: Sending,
): Promise<void> {
  for (const { name, content, collectedAt, population } of evidenceFiles(estate, place, sending)) {
    const stated = { environment: place, kind: 'auto', name, collectedAt, population, dryRun: false };
    const taken = await takeFile(house.evidence, actor, stated, Readable.from([Buffer.from(content)]));
    if (taken.refused !== undefined) throw new Error(`the demo's ${name} was refused: ${taken.refused}`);
  }
  // Risk reads the newest scan itself: all of what there is on these hosts.
  const scan = nessusFile(estate, place, { now: sending.now, from: sending.at + 0.99, to: sending.at });
  await importFindings(house.risk, actor, place, Buffer.from(scan), {
    format: 'auto',
    asset: undefined,
    source: 'nessus-demo',
    complete: true,
    dryRun: false,
  });
}
