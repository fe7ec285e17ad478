import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Where distributions put PostgreSQL's own programs; undefined where there are none (15 or newer). */
export function postgresPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  const newest = readdirSync(root)
    .map(Number)
    .filter((major) => major >= 15)
    .sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : `${root}/${newest}/bin`;
}

/**
 * A real PostgreSQL server of its own for one test file, in a temporary folder on 127.0.0.1.
 * As root it runs as the account `postgres` or `nobody`: PostgreSQL refuses to run as root.
 */
export async function startPostgres(programs: string): Promise<{
  newDatabase(): Promise<string>;
  crash(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}> {
  const folder = mkdtempSync(`${tmpdir()}/ironbark-postgres-`);
  const account = unprivileged();
  const as = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  execFileSync(
    `${programs}/initdb`,
    ['-D', `${folder}/data`, '-U', 'admin', '--auth=trust', '--no-sync', '-E', 'UTF8'],
    { ...as, cwd: folder, stdio: 'pipe' },
  );
  const port = await freePort();
  const admin = `postgres://admin@127.0.0.1:${port}/postgres`;
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    server = spawn(
      `${programs}/postgres`,
      ['-D', `${folder}/data`, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-F'],
      { ...as, cwd: folder, stdio: 'ignore' },
    );
    for (let tries = 0; tries < 200; tries++) {
      const answered = await withClient(admin, () => Promise.resolve(true)).catch(() => false);
      if (answered) return;
      await pause(50);
    }
    throw new Error('PostgreSQL did not start within 10 s');
  };
  const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  };
  await start();
  let databases = 0;
  return {
    /** Owned by a login that is no superuser, as in production. @returns its URL */
    newDatabase: async () => {
      const name = `test${++databases}`;
      await withClient(admin, async (client) => {
        await client.query(
          `do $$ begin create role ironbark login createrole; exception when duplicate_object then null; end $$`,
        );
        await client.query(`create database ${name} owner ironbark`);
      });
      return `postgres://ironbark@127.0.0.1:${port}/${name}`;
    },
    crash: () => end('SIGQUIT'),
    restart: start,
    stop: async () => {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString());
      return { uid: id('-u'), gid: id('-g') };
    } catch {}
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no account "postgres" or "nobody" to run it as',
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
