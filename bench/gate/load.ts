/**
 * Open-loop load from a process of its own: requests go out by the clock, whether or not answers came, and time counts from when
 * each was due. The first two seconds, while this process itself gets going, are not counted. Reads what to do from standard
 * input, prints `{ times, failed }`.
 */
import { Agent, request } from 'node:http';
import { z } from 'zod';

const job = z.object({
  url: z.string(),
  authorization: z.string(),
  perSecond: z.number(),
  seconds: z.number(),
  body: z.string(),
});

let text = '';
for await (const piece of process.stdin) text += String(piece);
const { url, authorization, perSecond, seconds, body } = job.parse(JSON.parse(text));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const times: number[] = [];
const uncountedMilliseconds = 2_000;
let failed = 0;

function ask(due: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (good: boolean): void => {
      if (!good) failed++;
      else if (due - began >= uncountedMilliseconds) times.push(performance.now() - due);
      resolve();
    };
    const outgoing = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          authorization,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => done(answer.statusCode === 200));
      },
    );
    outgoing.on('error', () => done(false));
    outgoing.end(body);
  });
}

const began = performance.now();
const all: Promise<void>[] = [];
const total = perSecond * (seconds + uncountedMilliseconds / 1000);
for (let sent = 0; sent < total; ) {
  for (; sent < total; sent++) {
    const due = began + (sent * 1000) / perSecond;
    if (due > performance.now()) break;
    all.push(ask(due));
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await Promise.all(all);
process.stdout.write(JSON.stringify({ times, failed }));
agent.destroy();
