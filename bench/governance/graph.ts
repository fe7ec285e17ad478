/**
 * The inventory's page and graph in Chromium at 10,000 assets and 100,000 edges, on a real system: from the address until it
 * is drawn, and how long a frame takes while it is dragged and zoomed. Beside it plain Cytoscape with all nodes and edges, in
 * the same run. "busy" is the page's own processor time, which a loaded machine does not stretch.
 *   node bench/governance/graph.ts [assets] [edges]
 */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser, setUp } from '../../test/scenarios/browser.ts';
import { startIronbark } from '../../test/scenarios/running.ts';
import { inventory } from './inventory.ts';

const assets = Number(process.argv[2] ?? 10_000);
const edges = Number(process.argv[3] ?? 100_000);
/** A reference that is not done by then is told so. */
const patienceMs = 90_000;
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
  console.log(`load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors`);
  for (const path of ['/api/assets', '/api/assets/graph']) {
    tell([`GET ${path}, made`, '', milliseconds(await took(() => call(path)))]);
    tell([`GET ${path}, kept`, '', milliseconds(await least(3, () => took(() => call(path))))]);
  }

  const meter = await page.context().newCDPSession(page);
  await meter.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => {
    const { metrics } = await meter.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
  const opening = async (address: string, ready: () => Promise<unknown>): Promise<string> => {
    let wall = Number.POSITIVE_INFINITY;
    let own = Number.POSITIVE_INFINITY;
    for (let time = 0; time < 3; time++) {
      await page.goto('about:blank');
      const before = await busy();
      const opened = await took(async () => {
        await page.goto(`${ironbark.origin}${address}`);
        await ready();
      });
      const after = await busy();
      wall = Math.min(wall, opened);
      own = Math.min(own, after > before ? after - before : after);
    }
    return `${milliseconds(wall)} (busy ${milliseconds(own)})`;
  };
  // The page's policy forbids what Playwright's own waiting for a function needs.
  const drawn = async (): Promise<void> => {
    const count = () => page.evaluate(() => performance.getEntriesByName('asset-graph-draw').length);
    while ((await count()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  tell([
    'the list opens',
    '< 1 s',
    await opening('/assets', () => page.getByRole('link', { name: 'account-0', exact: true }).waitFor()),
  ]);
  tell(['the graph opens', '< 1 s', await opening('/assets?view=graph', drawn)]);
  tell(['frame, dragged, groups closed', '< 33 ms', await dragged(page)]);
  tell(['frame, zoomed, groups closed', '< 33 ms', await zoomed(page)]);
  await page.evaluate(() => performance.clearMeasures());
  const all = await took(async () => {
    await page.getByRole('button', { name: 'Open all' }).click();
    await drawn();
  });
  tell(['every group is opened', '', milliseconds(all)]);
  tell(['frame, dragged, everything open', '< 33 ms', await dragged(page)]);
  tell(['frame, zoomed, everything open', '< 33 ms', await zoomed(page)]);
  const graph = await call('/api/assets/graph');
  for (const webgl of [false, true]) tell(...(await cytoscape(page, graph, webgl)));
} finally {
  await browser.close();
  await ironbark.stop();
}

/** The middle and the slowest of the frames drawn while the mouse does something. */
async function framesOf(page: Page, act: (x: number, y: number) => Promise<void>): Promise<string> {
  const box = await page.getByRole('application').boundingBox();
  if (box === null) throw new Error('the graph is not there');
  await page.mouse.move(box.x + box.width / 2 + 300, box.y + box.height / 2);
  await page.evaluate(() => performance.clearMeasures());
  await act(box.x + box.width / 2 + 300, box.y + box.height / 2);
  const times = await page.evaluate(() =>
    performance.getEntriesByName('asset-graph-draw').map(({ duration }) => duration),
  );
  times.sort((a, b) => a - b);
  const at = (part: number): string =>
    milliseconds(times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN);
  return `${at(0.5)} (95 %: ${at(0.95)}, ${times.length} frames)`;
}

function dragged(page: Page): Promise<string> {
  return framesOf(page, async (x, y) => {
    await page.mouse.down();
    for (let step = 1; step <= 60; step++) await page.mouse.move(x - step * 5, y + step * 2);
    await page.mouse.up();
  });
}

function zoomed(page: Page): Promise<string> {
  return framesOf(page, async () => {
    for (let step = 0; step < 60; step++) await page.mouse.wheel(0, step < 30 ? -60 : 60);
  });
}

/** The same nodes and edges, in rows, in Cytoscape; with its WebGL renderer (no graphics card here) or without. */
async function cytoscape(beside: Page, graph: string, webgl: boolean): Promise<Row[]> {
  const source = readFileSync(fileURLToPath(import.meta.resolve('cytoscape/dist/cytoscape.min.js')), 'utf8');
  const name = `Cytoscape${webgl ? ', WebGL' : ', canvas'}`;
  const page = await beside.context().newPage();
  let timer: NodeJS.Timeout | undefined;
  try {
    await page.goto('about:blank');
    await page.setContent('<div id="graph" style="position:absolute;inset:0"></div>');
    await page.addScriptTag({ content: source });
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`not done in ${patienceMs / 1000} s`), patienceMs);
    });
    const asked = page
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
    const result = await Promise.race([asked, late]);
    if (typeof result === 'string') return [[name, '', result]];
    return [
      [`${name}: opens`, '', milliseconds(result.opened)],
      [`${name}: frame`, '', milliseconds(result.frame)],
    ];
  } finally {
    clearTimeout(timer);
    await page.close({ runBeforeUnload: false });
  }
}
