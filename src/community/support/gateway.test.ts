import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemAccess } from '#platform/scope';
import { certificateLine, issue } from './ssh/certificate.ts';
import { blobOf, blobOfLine, lineOf } from './ssh/keys.ts';
import { connectTarget } from './ssh/target.ts';
import { openSupportWorld, type SupportWorld } from './testing.ts';
import { newKey, type Sshd, ssh, startSshd } from './testing-sshd.ts';

// A real sshd, the real ssh, and the gateway between them.
let world: SupportWorld;
let sshd: Sshd;
let folder: string;
let keys = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ironbark-gateway-'));
  world = await openSupportWorld({
    gateway: true,
    recording: { everyMilliseconds: 300, chunkBytes: 64 * 1024, totalBytes: 2 * 1024 * 1024 },
  });
  sshd = await startSshd(world.support.facts().targetAuthority);
});
afterAll(async () => {
  await world.close();
  await sshd.stop();
  rmSync(folder, { recursive: true, force: true });
});
// sshd has the machine's clock.
beforeEach(() => {
  world.clock.set(new Date());
  world.denied.clear();
});

const system = () => ({
  name: 'web-1',
  host: '127.0.0.1',
  port: sshd.port,
  account: sshd.account,
  hostKey: sshd.hostKey,
});

/** A session that eli may use, and the key with its certificate. */
async function live(more: object = {}, type = 'ed25519') {
  const id = await world.approved({ systems: [system()], ...more });
  const key = newKey(folder, `key-${++keys}`, type);
  const answer = await world.post(world.path(id, '/certificate'), world.people.eli, {
    publicKey: key.publicKey,
  });
  expect(answer).toMatchObject({ status: 200 });
  key.certify(String(answer.json['certificate']));
  const gateway = answer.json['gateway'] as { port: number; knownHosts: string }; // certificateIssued
  return {
    id,
    key,
    gateway,
    run: (args: readonly string[], login = id) =>
      ssh(['-p', String(gateway.port), ...args.slice(0, -1), `${login}@127.0.0.1`, ...args.slice(-1)], {
        key: key.path,
        knownHosts: gateway.knownHosts,
      }),
  };
}
const recorded = async (id: string, number = 1, as = 'text'): Promise<string> => {
  const answer = await world.call(
    'GET',
    `${world.path(id)}/recordings/${number}?as=${as}`,
    world.people.cas.headers,
  );
  return String(answer.status === 200 ? answer.json['recording'] : answer.json['code']);
};
const actions = async (id: string) => (await world.ledger(id)).map(({ action }) => action);

describe('the gateway', () => {
  test.each(['ed25519', 'ecdsa'])(
    'hands a command on to the real sshd, with its output and its exit code (%s)',
    async (type) => {
      const { id, run } = await live({}, type);
      const ran = await run(['echo out-$((6*7)); echo fault >&2; exit 3']).ended;
      expect(ran).toMatchObject({ code: 3, out: 'out-42\n', err: expect.stringContaining('fault') });
      await expect.poll(() => actions(id)).toContain('support.recording-closed');
      const session = await world.show(id, world.people.cas);
      expect(session['recordings']).toMatchObject([
        { kind: 'exec', command: 'echo out-$((6*7)); echo fault >&2; exit 3', address: '127.0.0.1' },
      ]);
      expect(await recorded(id)).toContain('out-42');
      expect(sshd.log()).toContain(`ID ${id}`);
    },
  );

  test('gives a terminal that is recorded as asciicast, sealed, with every chunk in the ledger', async () => {
    const { id, run } = await live();
    const terminal = run(['-tt', '-e', 'none', 'exec sh']);
    terminal.child.stdin.write('echo marker-$((40+2))\n');
    await expect.poll(() => terminal.out()).toContain('marker-42');
    terminal.child.stdin.end('exit\n');
    expect(await terminal.ended).toMatchObject({ code: 0 });
    await expect.poll(() => actions(id)).toContain('support.recording-closed');
    const cast = await recorded(id, 1, 'asciicast');
    const [header = '', ...lines] = cast.trimEnd().split('\n');
    // This ssh has no terminal of its own, and says 0 by 0.
    expect(JSON.parse(header)).toMatchObject({ version: 2, width: 80, height: 24 });
    const events = lines.map((line) => JSON.parse(line) as [number, string, string]);
    expect(events.map(([, , text]) => text).join('')).toContain('marker-42');
    expect(events.every(([, code]) => code === 'o' || code === 'r')).toBe(true);
    const { rows } = await world.records.transaction(systemAccess('test'), (tx) =>
      sql<{
        sealed: Buffer;
        hash: Buffer;
      }>`select sealed, hash from community.support_chunk where session_id = ${id}`.execute(tx),
    );
    expect(Buffer.concat(rows.map(({ sealed }) => sealed)).includes('marker')).toBe(false);
    const chunks = (await world.ledger(id)).filter(({ action }) => action === 'support.recorded');
    expect(chunks.map(({ facts }) => facts['hash'])).toEqual(rows.map(({ hash }) => hash.toString('hex')));
    // Who played it back is known.
    expect((await actions(id)).filter((action) => action === 'support.played').length).toBe(1);
    const { seen } = (await world.call('GET', '/api/support/seen', world.people.cas.headers)).json as {
      seen: { what: string; session: string }[];
    };
    // The customer's own playing is no look from outside.
    expect(seen.some((row) => row.what === 'playback' && row.session === id)).toBe(false);
    await world.call('GET', `${world.path(id)}/recordings/1`, world.people.coo.headers);
    const after = (await world.call('GET', '/api/support/seen', world.people.cas.headers))
      .json as typeof seen extends never ? never : { seen: typeof seen };
    expect(after.seen).toContainEqual(
      expect.objectContaining({ what: 'playback', session: id, who: 'coo@wattle.example' }),
    );
  });

  test('keeps what is typed only when the request says so', async () => {
    const { id, run } = await live({ recordInput: true });
    const terminal = run(['cat >/dev/null']);
    terminal.child.stdin.end('typed-words\n');
    await terminal.ended;
    await expect.poll(() => actions(id)).toContain('support.recording-closed');
    expect(await recorded(id, 1, 'asciicast')).toContain('"i","typed-words');
  });

  test.each([
    [
      'the customer ends it',
      async (id: string) => world.post(world.path(id, '/end'), world.people.cas, { reason: 'Stop, please.' }),
    ],
    [
      'the provider ends it',
      async (id: string) => world.post(world.path(id, '/end'), world.people.sam, { reason: 'Stop, please.' }),
    ],
    ['the gate denies', async () => world.denied.set(world.people.eli.id, 'Suspended.')],
    ['its time is up', async () => world.clock.advance(31 * 60)],
  ])('cuts both sides off within five seconds when %s', async (_, stop) => {
    const { id, run } = await live();
    const file = join(folder, `alive-${id}`);
    const running = run(['-tt', `while true; do date +%s%N > ${file}; sleep 0.2; done`]);
    await expect.poll(() => existsSync(file)).toBe(true);
    await stop(id);
    const stopped = Date.now();
    const { code, out, err } = await running.ended;
    expect(Date.now() - stopped).toBeLessThan(5000);
    expect(code).not.toBe(0);
    expect(out + err).toContain('[ironbark] Ended:');
    world.denied.clear();
    // Nothing goes on at the target either.
    const at = () => readFileSync(file, 'utf8');
    await expect
      .poll(async () => {
        const before = at();
        await new Promise((resolve) => setTimeout(resolve, 700));
        return before === at();
      })
      .toBe(true);
    await expect.poll(async () => (await world.show(id))['state']).toBe('ended');

    // The certificate is worth nothing any more, though its own time may not be over.
    const again = await run(['echo in']).ended;
    expect(again).toMatchObject({ code: 255, out: '', err: expect.stringContaining('Permission denied') });
    await expect.poll(() => actions(id)).toContain('support.login-refused');
  });

  test('lets nobody in without a certificate, with another key, from another address, or for another session', async () => {
    const one = await live();
    const two = await live();
    const refused = { code: 255, out: '', err: expect.stringContaining('Permission denied') };
    const bare = newKey(folder, 'bare');
    const run = (args: string[], key: string) =>
      ssh(['-p', String(one.gateway.port), ...args, 'echo in'], { key, knownHosts: one.gateway.knownHosts })
        .ended;
    expect(await run([`${one.id}@127.0.0.1`], bare.path)).toMatchObject(refused);
    expect(await run([`${two.id}@127.0.0.1`], one.key.path)).toMatchObject(refused);
    expect(await run(['root@127.0.0.1'], one.key.path)).toMatchObject(refused);
    expect(await run(['-b', '127.0.0.2', `${one.id}@127.0.0.1`], one.key.path)).toMatchObject(refused);
    await expect
      .poll(async () =>
        (await world.ledger(one.id)).flatMap(({ action, facts }) =>
          action === 'support.login-refused' ? [facts['why']] : [],
        ),
      )
      .toEqual(['the certificate is for another session', 'the certificate is for another address']);
    expect(await run([`${one.id}+other@127.0.0.1`], one.key.path)).toMatchObject(refused);
    // One that somebody made with an authority of their own.
    const forged = newKey(folder, 'forged');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const certificate = {
      serial: 1n,
      keyId: one.id,
      principals: [one.id],
      validAfter: new Date(0),
      validBefore: new Date(Date.now() + 60_000),
      sourceAddresses: ['127.0.0.1'],
    } as const;
    forged.certify(
      certificateLine(
        issue(
          { ...certificate, principals: [one.id], sourceAddresses: ['127.0.0.1'] },
          blobOfLine(forged.publicKey),
          privateKey,
        ),
        '',
      ),
    );
    expect(await run([`${one.id}@127.0.0.1`], forged.path)).toMatchObject(refused);
    // One of ours that is in no register.
    forged.certify(
      certificateLine(
        issue(
          { ...certificate, principals: [one.id], sourceAddresses: ['127.0.0.1'] },
          blobOfLine(forged.publicKey),
          world.support.authorities.engineers.key,
        ),
        '',
      ),
    );
    expect(await run([`${one.id}@127.0.0.1`], forged.path)).toMatchObject(refused);
    expect(await run([`${one.id}@127.0.0.1`], one.key.path)).toMatchObject({ code: 0, out: 'in\n' });
  });

  test('passes no files and forwards nothing', async () => {
    const { id, run, gateway, key } = await live();
    expect((await run(['-s', 'sftp']).ended).code).not.toBe(0);
    const through = await ssh(
      ['-p', String(gateway.port), '-W', `127.0.0.1:${sshd.port}`, `${id}@127.0.0.1`],
      { key: key.path, knownHosts: gateway.knownHosts },
    ).ended;
    expect(through).toMatchObject({ out: '', err: expect.stringMatching(/forward|prohibited|closed/i) });
    const reverse = await ssh(
      [
        '-p',
        String(gateway.port),
        '-o',
        'ExitOnForwardFailure=yes',
        '-R',
        '0:127.0.0.1:1',
        `${id}@127.0.0.1`,
        'echo in',
      ],
      { key: key.path, knownHosts: gateway.knownHosts },
    ).ended;
    expect(reverse).toMatchObject({ code: 255, out: '' });
  });

  test('goes to no system that shows another host key', async () => {
    const { id, run } = await live({ systems: [{ ...system(), hostKey: `SHA256:${'A'.repeat(43)}` }] });
    const ran = await run(['echo in']).ended;
    expect(ran).toMatchObject({ code: 255, out: '' });
    expect(await actions(id)).not.toContain('support.connected');
  });

  test('ends the session when the recording would grow too long', async () => {
    const { id, run } = await live();
    const ran = await run(['head -c 4000000 /dev/zero | tr "\\0" x']).ended;
    expect(ran.code).not.toBe(0);
    await expect.poll(async () => (await world.show(id))['end']).toMatchObject({ code: 'recording-failed' });
  });
});

describe('a recording', () => {
  const change = (statement: ReturnType<typeof sql>) =>
    world.records.transaction(systemAccess('test'), (tx) => statement.execute(tx));

  test.each([
    [
      'the last chunk is cut off',
      (id: string) => sql`delete from community.support_chunk where session_id = ${id} and number = 2`,
    ],
    [
      'a chunk is missing',
      (id: string) => sql`delete from community.support_chunk where session_id = ${id} and number = 1`,
    ],
    [
      'a chunk was changed',
      (id: string) =>
        sql`update community.support_chunk set sealed = set_byte(sealed, 20, (get_byte(sealed, 20) + 1) % 256) where session_id = ${id} and number = 1`,
    ],
    [
      'two chunks changed places',
      (id: string) =>
        sql`update community.support_chunk set number = 3 - number + 10 where session_id = ${id}`,
    ],
  ])('is not played when %s', async (_, statement) => {
    const { id, run } = await live();
    await run(['echo one; sleep 1; echo two']).ended;
    await expect.poll(() => actions(id)).toContain('support.recording-closed');
    expect(await recorded(id)).toContain('two');
    await change(statement(id));
    expect(await recorded(id)).toContain('recording-broken');
  });
});

describe('at the target', () => {
  test('a certificate is good from its own address only, and an engineer’s is good for nothing', async () => {
    const { id, key } = await live();
    const knownHosts = `[127.0.0.1]:${sshd.port} ${sshd.hostLine}`;
    const direct = (more: readonly string[], path: string) =>
      ssh(['-p', String(sshd.port), ...more, `${sshd.account}@127.0.0.1`, 'echo in'], {
        key: path,
        knownHosts,
      }).ended;
    expect(await direct([], key.path)).toMatchObject({ code: 255, out: '' });
    const stolen = newKey(folder, 'stolen');
    const certify = (address: string, seconds = 60) =>
      stolen.certify(
        certificateLine(
          issue(
            {
              serial: 7n,
              keyId: id,
              principals: [sshd.account],
              validAfter: new Date(Date.now() - 120_000),
              validBefore: new Date(Date.now() + seconds * 1000),
              sourceAddresses: [address],
            },
            blobOfLine(stolen.publicKey),
            world.support.authorities.targets.key,
          ),
          '',
        ),
      );
    certify('127.0.0.1');
    expect(await direct([], stolen.path)).toMatchObject({ code: 0, out: 'in\n' });
    expect(await direct(['-b', '127.0.0.2'], stolen.path)).toMatchObject({ code: 255, out: '' });
    certify('10.9.9.9');
    expect(await direct([], stolen.path)).toMatchObject({ code: 255, out: '' });
    certify('127.0.0.1', -60);
    expect(await direct([], stolen.path)).toMatchObject({ code: 255, out: '' });
  });

  test('another authority’s certificate does not let the gateway in', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const options = {
      keyId: 'x',
      authority: privateKey,
      now: new Date(),
      signal: new AbortController().signal,
    };
    await expect(connectTarget(system(), options)).rejects.toThrow();
    const ours = await connectTarget(system(), {
      ...options,
      authority: world.support.authorities.targets.key,
    });
    ours.end();
    expect(lineOf(blobOf(world.support.authorities.targets.key), 'ironbark-support')).toBe(
      world.support.facts().targetAuthority,
    );
  });
});
