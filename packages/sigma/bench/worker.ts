import { parentPort, workerData } from 'node:worker_threads';
import { loadCompiled } from '../src/index.ts';
import { laneTexts, matchAll } from './lanes.ts';

// Posted by workers.ts: the saved rule set in shared memory.
const { bytes } = workerData as { bytes: Uint8Array };
const matcher = loadCompiled(bytes, 'bench')?.ruleset.matcher();
if (!matcher || !parentPort) throw new Error('the worker was started without a rule set');
const texts = await laneTexts('events/windows-otrf', 30_000);
matchAll(texts, matcher);
const port = parentPort;
port.once('message', () => {
  const begun = process.threadCpuUsage();
  for (let round = 0; round < 3; round++) matchAll(texts, matcher);
  const { user, system } = process.threadCpuUsage(begun);
  port.postMessage({
    events: texts.length * 3,
    seconds: (user + system) / 1e6,
    rssMb: process.memoryUsage().rss / 1e6,
  });
});
port.postMessage('ready');
