import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { openWorld } from '../../src/soc/pipeline/testing.ts';

/*
 * Clients send bulks as fast as they are answered while the process is killed at random moments, 20 times. In the end every
 * item that was acknowledged is in the event store exactly once, no item at all is there twice, the source's balance
 * closes, and each event that a rule fires on was detected exactly once.
 */
const rounds = 20;
const ruleId = '6f1f0b4e-0000-4000-8000-00000000000a';
const rules = [
  {
    path: 'bad.yml',
    text: `
title: bad
id: ${ruleId}
logsource: { product: windows, category: process_creation }
detection: { selection: { Image|endswith: '\\bad.exe' }, condition: selection }
level: low
`,
  },
];
/** Small batches: many moments at which it can be killed between two of them. */
const limits = { items: 300, windowMilliseconds: 10 };
const ready = z.object({ port: z.number(), token: z.string().nullable() });
const answer = z.object({ items: z.array(z.record(z.string(), z.object({ status: z.number() }))) });

const item = (n: number): string =>
  JSON.stringify({
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Hostname: `ws-${n % 7}`,
    Image: n % 50 === 0 ? 'C:\\bad.exe' : 'C:\\good.exe',
    UtcTime: new Date().toISOString().replace('T', ' ').replace('Z', ''),
    n,
  });

function post(port: number, token: string, body: string): Promise<z.infer<typeof answer>> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: '/_bulk',
        method: 'POST',
        agent: false,
        headers: {
          authorization: `ApiKey ${token}`,
          'content-type': 'application/x-ndjson',
          'user-agent': 'test',
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (!response.complete || response.statusCode !== 200)
            reject(new Error(`status ${response.statusCode}`));
          else resolve(answer.parse(JSON.parse(Buffer.concat(chunks).toString())));
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function start(folder: string): Promise<{ child: ChildProcess; port: number; token: string | null }> {
  const script = fileURLToPath(new URL('./watch-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, JSON.stringify(rules), JSON.stringify(limits)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { port, token } = ready.parse(JSON.parse(line));
    return { child, port, token };
  }
  throw new Error(`the process ended with ${child.exitCode} before it was ready`);
}

test(`${rounds} times kill -9 under load: every acknowledged item is there, once`, {
  timeout: 1_800_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-kill-'));
  const acknowledged = new Set<number>();
  let next = 0;
  let token = '';
  try {
    for (let round = 0; round < rounds; round++) {
      // A machine under load may need a second go: the start has its own time limits.
      const started = await start(folder).catch(() => start(folder));
      token = started.token ?? token;
      let killed = false;
      const client = async (): Promise<void> => {
        while (!killed) {
          const numbers = Array.from({ length: 20 + Math.floor(Math.random() * 150) }, () => next++);
          const body = numbers.map((n) => `{"create":{}}\n${item(n)}\n`).join('');
          try {
            const { items } = await post(started.port, token, body);
            for (const [at, one] of items.entries())
              if (Object.values(one)[0]?.status === 201) acknowledged.add(numbers[at] ?? -1);
          } catch (error) {
            // Not answered, so not acknowledged. Before the kill that would be a fault of its own.
            if (!killed) throw error;
          }
        }
      };
      const clients = [client(), client(), client()];
      await sleep(50 + Math.random() * 1500);
      killed = true;
      started.child.kill('SIGKILL');
      if (started.child.exitCode === null && started.child.signalCode === null)
        await once(started.child, 'exit');
      await Promise.all(clients);
    }
    expect(acknowledged.size).toBeGreaterThan(rounds * 20);

    const world = await openWorld({ folder, rules, limits });
    try {
      await world.settled('crash');
      const rows = await world.events.systemQuery<{ n: string; times: number | string }>({
        sql: `select fields['n'] as n, count() as times from event where source_id = 'crash' group by n`,
        params: {},
        maxRows: 5_000_000,
        maxSeconds: 60,
      });
      const times = new Map(rows.map((row) => [Number(row.n), Number(row.times)]));
      expect([...acknowledged].filter((n) => !times.has(n))).toEqual([]);
      expect([...times].filter(([, count]) => count !== 1)).toEqual([]);
      const { balance } = await world.sources.one(
        { id: 'jo', kind: 'user', name: 'Jo', scope: world.scope },
        'crash',
      );
      expect(balance).toMatchObject({ received: times.size, stored: times.size, rejected: 0, pending: 0 });
      const alerts = await world.alerts();
      const bad = [...times.keys()].filter((n) => n % 50 === 0).length;
      expect(alerts.reduce((sum, alert) => sum + alert.detections, 0)).toBe(bad);
    } finally {
      await world.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
