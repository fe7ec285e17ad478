/** A shipper in a process of its own: posts bulks over kept connections, at the pace it is told over IPC. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventLines } from './events.ts';

type Order = { readonly perSecond: number };

const [port = '', token = '', lines = '20000'] = process.argv.slice(2);
const perBulk = 500;
const texts = await eventLines(Number(lines));
const bodies: Buffer[] = [];
for (let at = 0; at + perBulk <= texts.length; at += perBulk)
  bodies.push(
    Buffer.from(
      texts
        .slice(at, at + perBulk)
        .map((line) => `{"create":{}}\n${line}\n`)
        .join(''),
    ),
  );

const agent = new Agent({ keepAlive: true, maxSockets: 4 });
let perSecond = 0;
let sent = 0;
let failed = 0;
let due = performance.now();
process.on('message', (order: Order) => {
  perSecond = order.perSecond;
  due = performance.now();
});
process.on('disconnect', () => process.exit(0));

function post(body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const out = request(
      {
        host: '127.0.0.1',
        port,
        path: '/_bulk',
        method: 'POST',
        agent,
        headers: {
          authorization: `ApiKey ${token}`,
          'content-type': 'application/x-ndjson',
          'content-length': body.length,
          'user-agent': 'bench',
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    out.on('error', reject);
    out.end(body);
  });
}

async function connection(first: number): Promise<void> {
  for (let at = first; ; at++) {
    while (perSecond === 0 || performance.now() < due)
      await sleep(perSecond === 0 ? 20 : Math.max(1, due - performance.now()));
    due = Math.max(due + (perBulk / perSecond) * 1000, performance.now() - 200);
    const body = bodies[at % bodies.length];
    if (body === undefined) return;
    const status = await post(body).catch(() => 0);
    if (status === 200) sent += perBulk;
    else {
      failed++;
      await sleep(200);
    }
  }
}

setInterval(
  () =>
    process.send?.({ sent, failed, cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6 }),
  250,
);
process.send?.({ sent, failed, cpuSeconds: 0 });
await Promise.all(Array.from({ length: 4 }, (_, at) => connection(Math.floor((bodies.length / 4) * at))));
