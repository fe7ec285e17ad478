/**
 * The gate's figures, each beside its goal: `node bench/gate/run.ts`. Prints percentiles of wall time. What else the machine does
 * is in them: the load average, the same arithmetic timed again and again, and a bare web server under the same load stand beside.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { changed, directory } from '#community';
import { authzenRoutes, openGate } from '#community/gate';
import { createGatekeeper } from '#identity';
import { openWorld } from '#identity/testing';
import { systemClock } from '#platform/clock';
import { createHttp } from '#platform/http';
import { systemAccess } from '#platform/scope';
import { briefAdmissions } from '../../src/app/brief-admissions.ts';
import { decide } from '../../src/community/gate/decide.ts';
import { atDesk, factsFor, memorySources, now, policy } from '../../src/community/gate/testing.ts';
import { noise, show, timed } from './figures.ts';
import { besideCedar } from './peer.ts';

console.log(
  `load average ${loadavg()
    .map((one) => one.toFixed(1))
    .join(' ')}`,
);

noise();
// decide: 33 gates, all reasons; the facts differ each time.
const questions = ['portal.use', 'service.provision', 'support.connect', 'infrastructure.administer'].flatMap(
  (action) => [
    factsFor(action),
    factsFor(action, {
      device: { managed: false },
      agreement: { state: 'lapsed', version: '1', until: now },
    }),
  ],
);
const decideOne = (n: number): void =>
  void decide(questions[n % questions.length] ?? factsFor('portal.use'), policy);
timed(5000, decideOne);
const own = timed(20_000, decideOne);
show('decide', own, 'goal: p99 <= 0.1 ms');

await besideCedar();

// Over HTTP, with 10,000 people more.
const world = await openWorld(directory);
const memory = memorySources(new Date(), 10_000);
const gate = await openGate({
  ...world.deps,
  clock: systemClock,
  sources: memory.sources,
  countryOf: async () => 'AU',
  failed: console.error,
});
const admin = await world.founder();
await world.call('POST', '/api/setup/provider', admin.headers, { id: 'wattle', name: 'Wattle' });
const { authorization } = await world.token(admin.headers, ['gate.evaluate']);
// As the system puts it together: who a token is is remembered for half a second.
const http = await createHttp({
  gatekeeper: briefAdmissions(createGatekeeper(world.deps), systemClock),
  ids: world.deps.ids,
  log: pino({ level: 'silent' }),
  metrics: new Registry(),
  version: '0',
  readiness: async () => ({ parts: {} }),
});
await http.add(authzenRoutes({ gate, origin: () => 'http://localhost' }));
const address = await http.listen({ host: '127.0.0.1', port: 0 });
while (gate.snapshot.heardUntil() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));

const load = (
  path: string,
  perSecond: number,
  seconds: number,
  body: string,
): Promise<{ times: number[]; failed: number }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('load.ts', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
    child.on('exit', (code) =>
      code === 0
        ? resolve(JSON.parse(out) as { times: number[]; failed: number })
        : reject(new Error(`load ended with ${code}`)),
    );
    child.stdin.end(
      JSON.stringify({
        url: path.startsWith('http') ? path : `http://127.0.0.1:${address.port}${path}`,
        authorization,
        perSecond,
        seconds,
        body,
      }),
    );
  });

const one = (who: string) => ({
  subject: { type: 'email', id: who },
  action: { name: 'portal.use' },
  resource: { type: 'tenancy', id: 'acme-odce' },
  context: atDesk(new Date()),
});
// What this machine and the load's own process leave of 5 ms: a server that only reads the body and says yes.
const bare = createServer((request, answer) => {
  request.resume();
  request.on('end', () =>
    answer.writeHead(200, { 'content-type': 'application/json' }).end('{"decision":true}'),
  );
});
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
// Listening on TCP: the address is never a pipe's name.
const { port } = bare.address() as AddressInfo;
const floor = await load(`http://127.0.0.1:${port}/`, 1000, 6, JSON.stringify(one('alice@acme.example')));
show(`reference: node:http that says yes, 1,000/s (${floor.failed} failed)`, floor.times, 'beside it');
bare.close();
// Until the code is compiled, a queue builds up that says nothing of what comes after.
await load('/access/v1/evaluation', 1000, 6, JSON.stringify(one('alice@acme.example')));
const single = await load('/access/v1/evaluation', 1000, 8, JSON.stringify(one('alice@acme.example')));
show(`evaluation over HTTP, 1,000/s (${single.failed} failed)`, single.times, 'goal: p99 <= 5 ms');
const batch = {
  ...one('alice@acme.example'),
  evaluations: Array.from({ length: 100 }, (_, n) => ({
    subject: { type: 'email', id: `p${String(n).padStart(6, '0')}@acme.example` },
  })),
};
const many = await load('/access/v1/evaluations', 10, 8, JSON.stringify(batch));
show(`a batch of 100 over HTTP, 10/s (${many.failed} failed)`, many.times, 'goal: p99 <= 30 ms');
const search = { ...one('x'), subject: { type: 'email' }, page: { limit: 1000 } };
const found = await load('/access/v1/search/subject', 2, 6, JSON.stringify(search));
show(
  `search over 10,000 people, a page of 1,000 (${found.failed} failed)`,
  found.times,
  'goal: p99 <= 100 ms',
);
const rare = { ...search, resource: { type: 'tenancy', id: 'beta-odce' } };
const sparse = await load('/access/v1/search/subject', 2, 6, JSON.stringify(rare));
show(`search over 10,000 people, one fits (${sparse.failed} failed)`, sparse.times, 'goal: p99 <= 100 ms');

// Revocation: from the commit of a withdrawal until the gate denies.
const caller = {
  actor: { id: 'b', name: 'bench', ofProvider: true, organisation: 'wattle', scopeOrNone: undefined },
  face: 'system',
  requestId: '',
} as const;
const waits: number[] = [];
for (let n = 0; n < 100; n++) {
  const state = n % 2 === 0 ? 'withdrawn' : 'accepted';
  memory.registers.agreements.entries.set('acme/odce', { state, version: '1', until: null });
  await world.records.transaction(systemAccess('bench'), (tx) =>
    changed(tx, { kind: 'agreement', id: 'acme/odce' }),
  );
  const began = performance.now();
  while (gate.weigh(caller, one('alice@acme.example')).decision !== (state === 'accepted'))
    await new Promise(setImmediate);
  waits.push(performance.now() - began);
}
show('revocation, from its commit to the denial', waits, 'goal: p99 <= 1000 ms');
console.log(
  `load average ${loadavg()
    .map((it) => it.toFixed(1))
    .join(' ')}`,
);
await http.close();
await gate.close();
await world.close();
