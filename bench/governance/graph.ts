/**
 * The inventory's page and graph in Chromium at 10,000 assets and 100,000 edges, on a real system: from the click until it is
 * drawn, and how long a frame takes while it is dragged. Beside it Cytoscape with the same graph.
 *   node bench/governance/graph.ts [assets] [edges]
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser, setUp } from '../../test/scenarios/browser.ts';
import { startIronbark } from '../../test/scenarios/running.ts';
import { inventory } from './inventory.ts';

const assets = Number(process.argv[2] ?? 10_000);
const edges = Number(process.argv[3] ?? 100_000);
type Row = [name: string, goal: string, value: string];
/** As it comes: the whole takes minutes on a busy machine. */
const tell = (...rows: Row[]): void => {
  for (const [name, goal, value] of rows) console.log(`${name.padEnd(44)}  ${goal.padEnd(8)}  ${value}`);
};
const milliseconds = (value: number): string => `${Math.round(value)} ms`;

/** Other systems on this machine may have the usual ones. */
const noDoors = {
  IRONBARK_BULK_LISTEN: '127.0.0.1:0',
  IRONBARK_SYSLOG_LISTEN: 'off',
  IRONBARK_SYSLOG_TLS_LISTEN: 'off',
};
const ironbark = await startIronbark(noDoors);
const browser = await openBrowser();
try {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await setUp(page, ironbark.firstLink);
  // Written by the server itself.
  const { secret } = JSON.parse(readFileSync(`${ironbark.data}/run/local.json`, 'utf8')) as {
    secret: string;
  };
  const file = inventory(assets, edges);
  const call = async (path: string, body?: string): Promise<string> => {
    const answer = await fetch(`${ironbark.origin}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/octet-stream' },
      ...(body !== undefined && { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  };
  const took = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  const least = async (times: number, work: () => Promise<number>): Promise<number> => {
    let best = Number.POSITIVE_INFINITY;
    for (let time = 0; time < times; time++) best = Math.min(best, await work());
    return best;
  };
  const { tenancies } = JSON.parse(await call('/api/community')) as { tenancies: { id: string }[] };
  const query = `tenancy=${tenancies[0]?.id}&format=ironbark`;
  tell([
    `import of ${assets} assets, ${edges} edges`,
    '',
    milliseconds(await took(() => call(`/api/assets/import?${query}`, file))),
  ]);
  tell([
    'the same file again',
    '',
    milliseconds(await took(() => call(`/api/assets/import?${query}`, file))),
  ]);
  tell(['GET /api/assets', '', milliseconds(await least(3, () => took(() => call('/api/assets'))))]);
  tell([
    'GET /api/assets/graph',
    '',
    milliseconds(await least(3, () => took(() => call('/api/assets/graph')))),
  ]);

  const opening = async (address: string, ready: () => Promise<unknown>): Promise<number> => {
    await page.goto('about:blank');
    return took(async () => {
      await page.goto(`${ironbark.origin}${address}`);
      await ready();
    });
  };
  // The page's policy forbids what Playwright's own waiting for a function needs.
  const drawn = async (): Promise<void> => {
    const count = () => page.evaluate(() => performance.getEntriesByName('asset-graph-draw').length);
    while ((await count()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  tell([
    'the list opens',
    '< 1 s',
    milliseconds(
      await least(3, () =>
        opening('/assets', () => page.getByRole('link', { name: 'account-0', exact: true }).waitFor()),
      ),
    ),
  ]);
  tell([
    'the graph opens',
    '< 1 s',
    milliseconds(await least(3, () => opening('/assets?view=graph', drawn))),
  ]);
  tell(['frame, dragged, groups closed', '< 33 ms', await dragged(page)]);
  await page.evaluate(() => performance.clearMeasures());
  const all = await took(async () => {
    await page.getByRole('button', { name: 'Open all' }).click();
    await drawn();
  });
  tell(['every group is opened', '', milliseconds(all)]);
  tell(['frame, dragged, everything open', '< 33 ms', await dragged(page)]);
  tell(...(await cytoscape(page, await call('/api/assets/graph'))));
} finally {
  await browser.close();
  await ironbark.stop();
}

/** The middle and the slowest of the frames drawn while the mouse drags. */
async function dragged(page: Page): Promise<string> {
  await page.evaluate(() => performance.clearMeasures());
  const box = await page.getByRole('application').boundingBox();
  if (box === null) throw new Error('the graph is not there');
  const [x, y] = [box.x + box.width / 2 + 300, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= 60; step++) await page.mouse.move(x - step * 5, y + step * 2);
  const times = await page.evaluate(() =>
    performance.getEntriesByName('asset-graph-draw').map(({ duration }) => duration),
  );
  await page.mouse.up();
  times.sort((a, b) => a - b);
  const at = (part: number): string =>
    milliseconds(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN);
  return `${at(0.5)} (95 %: ${at(0.95)}, ${times.length} frames)`;
}

/** The same nodes and edges, in rows, in Cytoscape; with its WebGL renderer and without. */
async function cytoscape(page: Page, graph: string): Promise<[string, string, string][]> {
  const source = readFileSync(fileURLToPath(import.meta.resolve('cytoscape/dist/cytoscape.min.js')), 'utf8');
  const found: [string, string, string][] = [];
  for (const webgl of [false, true]) {
    await page.goto('about:blank');
    await page.setContent('<div id="graph" style="position:absolute;inset:0"></div>');
    await page.addScriptTag({ content: source });
    const result = await page
      .evaluate(
        async ({ text, webgl: withWebgl }) => {
          // As the contract has it.
          const data = JSON.parse(text) as { ids: string[]; kindOf: number[]; depends: number[] };
          const start = performance.now();
          const nodes = data.ids.map((id, at) => ({
            data: { id },
            position: { x: (at % 150) * 20, y: Math.floor(at / 150) * 20 },
          }));
          const lines = [];
          for (let at = 0; at < data.depends.length; at += 3)
            lines.push({
              data: {
                id: `e${at}`,
                source: data.ids[data.depends[at] ?? 0],
                target: data.ids[data.depends[at + 1] ?? 0],
              },
            });
          // The library is a script of this page.
          const { cytoscape: make, document } = globalThis as unknown as {
            document: { getElementById(id: string): unknown };
            cytoscape: (options: object) => {
              on(name: string, heard: () => void): void;
              panBy(by: object): void;
              one(name: string, heard: () => void): void;
            };
          };
          const options = {
            container: document.getElementById('graph'),
            elements: [...nodes, ...lines],
            layout: { name: 'preset' },
            style: [
              { selector: 'node', style: { width: 8, height: 8 } },
              { selector: 'edge', style: { width: 1, 'curve-style': 'haystack' } },
            ],
            hideEdgesOnViewport: false,
            renderer: { name: 'canvas', webgl: withWebgl },
          };
          const made = make(options);
          const rendered = () => new Promise<void>((resolve) => made.one('render', resolve));
          await rendered();
          const opened = performance.now() - start;
          const frames: number[] = [];
          for (let step = 0; step < 10; step++) {
            const from = performance.now();
            made.panBy({ x: 5, y: 2 });
            await rendered();
            frames.push(performance.now() - from);
          }
          return { opened, frame: frames.sort((a, b) => a - b)[5] ?? 0 };
        },
        { text: graph, webgl },
      )
      .catch((error: unknown) => String(error).split('\n', 1)[0] ?? '');
    const name = `Cytoscape${webgl ? ', WebGL' : ', canvas'}`;
    if (typeof result === 'string') found.push([name, '', result]);
    else
      found.push(
        [`${name}: opens`, '', milliseconds(result.opened)],
        [`${name}: frame`, '', milliseconds(result.frame)],
      );
  }
  return found;
}
