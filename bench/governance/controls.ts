/**
 * Frameworks and controls: how long an ISM edition takes to import, a system's standings to be worked out, its list to come
 * over the API and its page to open in Chromium. The least of several; where the machine is busy, the real figure is less.
 *
 *   node bench/governance/controls.ts
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createTestRecords } from '#platform/records/testing';
import { bulkAnswer, putAnswer } from '../../src/governance/controls/answering.ts';
import { answerInput } from '../../src/governance/controls/contract.ts';
import { listControls } from '../../src/governance/controls/look.ts';
import { recordStandings } from '../../src/governance/controls/record.ts';
import { createStandings } from '../../src/governance/controls/standings.ts';
import { activateEdition, importEdition } from '../../src/governance/frameworks/editions.ts';
import { openGovernance } from '../../src/governance/frameworks/testing.ts';
import { openBrowser, setUp } from '../../test/scenarios/browser.ts';
import { startIronbark } from '../../test/scenarios/running.ts';
import { sharedData } from '../../test/shared.ts';

const data = sharedData('governance');
if (data === undefined)
  throw new Error('The ISM is not here: see test/shared.ts for where it is looked for.');
const edition = (version: string) => ({
  name: `ISM ${version}.json`,
  bytes: readFileSync(`${data}/ism/${version}/ISM_catalog.json`),
});
const rows: [string, string, string][] = [];

/** The least of `times`, in milliseconds of the clock and of the processor. */
async function least(times: number, work: () => Promise<unknown>): Promise<string> {
  let [wall, processor] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let run = 0; run < times; run++) {
    const [at, cpu] = [performance.now(), process.cpuUsage()];
    await work();
    const used = process.cpuUsage(cpu);
    wall = Math.min(wall, performance.now() - at);
    processor = Math.min(processor, (used.user + used.system) / 1000);
  }
  return `${Math.round(wall)} ms, processor ${Math.round(processor)} ms`;
}

const records = await createTestRecords();
const world = await openGovernance({ records, close: () => records.close() });
const ann = world.as('ann');
rows.push([
  'import of an ISM edition (1,107 entries)',
  await least(1, () => importEdition(world.deps, ann, edition('v2025.12.9'))),
  '2 s',
]);
const { edition: ism } = await importEdition(world.deps, ann, edition('v2025.12.9'));
await activateEdition(world.deps, ann, 'odce', { edition: ism.id, profile: 'all' });
const deps = {
  ...world.deps,
  standings: createStandings({ judgements: async () => new Map(), openFindings: async () => new Set() }),
  responsibilities: new Map(),
};
const { controls } = await listControls(deps, ann, 'odce');
await bulkAnswer(deps, ann, 'odce', {
  controls: controls.map(({ id }) => id),
  set: { status: 'Effective', narrative: 'As it is done here, in a sentence or two of some length.' },
});
await putAnswer(
  deps,
  ann,
  'odce',
  'ism-1504',
  answerInput.parse({ status: 'Ineffective', narrative: 'Not yet.' }),
);
rows.push([
  `standings of ${controls.length} answered controls`,
  await least(10, () => world.tx((tx) => deps.standings(tx, 'odce', world.clock.now()))),
  '200 ms',
]);
await recordStandings(deps, 'odce');
rows.push(['the same, compared with the last', await least(5, () => recordStandings(deps, 'odce')), '']);
rows.push(['the list of them for the page', await least(5, () => listControls(deps, ann, 'odce')), '']);
await world.close();

const ironbark = await startIronbark({
  IRONBARK_BULK_LISTEN: 'off',
  IRONBARK_SYSLOG_LISTEN: 'off',
  IRONBARK_SYSLOG_TLS_LISTEN: 'off',
});
const browser = await openBrowser();
try {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await setUp(page, ironbark.firstLink);
  const { secret } = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')));
  const call = async (method: string, path: string, body?: Buffer | object): Promise<string> => {
    const answer = await fetch(`${ironbark.origin}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body && {
          'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
        }),
      },
      ...(body && { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.text();
  };
  const { name, bytes } = edition('v2025.12.9');
  const imported = z
    .object({ edition: z.object({ id: z.string() }) })
    .parse(
      JSON.parse(
        await call('POST', `/frameworks/editions?${new URLSearchParams({ name }).toString()}`, bytes),
      ),
    );
  await call('PUT', '/systems/odce/editions', { edition: imported.edition.id, profile: 'all' });
  const list = await call('GET', '/systems/odce/controls');
  rows.push([
    `GET controls over HTTP (${Math.round(list.length / 1024)} KiB)`,
    await least(10, () => call('GET', '/systems/odce/controls')),
    '1 s',
  ]);
  const open = async (): Promise<void> => {
    await page.goto(`${ironbark.origin}/controls?system=odce`);
    await page.getByRole('grid', { name: 'Controls' }).getByRole('row').nth(10).waitFor();
  };
  await open();
  rows.push(['the page of 1,073 controls, reloaded until its rows are there', await least(7, open), '1 s']);
  const inside = async (): Promise<void> => {
    await page.getByRole('link', { name: 'Controls', exact: true }).click();
    await page.getByRole('grid', { name: 'Controls' }).getByRole('row').nth(10).waitFor();
  };
  await page.getByRole('link', { name: 'Ledger', exact: true }).click();
  await page.getByRole('heading', { name: 'Ledger', exact: true }).waitFor();
  rows.push(['the same from another room', await least(1, inside), '1 s']);
} finally {
  await browser.close();
  await ironbark.stop();
}
const wide = Math.max(...rows.map(([what]) => what.length));
for (const [what, figure, goal] of rows)
  process.stdout.write(`${what.padEnd(wide)}  ${figure}${goal && `  (goal ${goal})`}\n`);
