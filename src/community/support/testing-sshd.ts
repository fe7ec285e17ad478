/** A real sshd on the loopback, and the real ssh, for tests. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type Sshd = Awaited<ReturnType<typeof startSshd>>;

/** @param trusted the line for TrustedUserCAKeys */
export async function startSshd(trusted: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ironbark-sshd-'));
  const at = (name: string): string => join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-b', '384', '-N', '', '-f', at('host')]);
  writeFileSync(at('authority.pub'), `${trusted}\n`);
  const port = await freePort();
  writeFileSync(
    at('config'),
    [
      `ListenAddress 127.0.0.1:${port}`,
      `HostKey ${at('host')}`,
      `PidFile ${at('pid')}`,
      `TrustedUserCAKeys ${at('authority.pub')}`,
      'AuthorizedKeysFile none',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'PermitRootLogin prohibit-password',
      'StrictModes no',
      'LogLevel VERBOSE',
      'Subsystem sftp internal-sftp',
    ].join('\n'),
  );
  // Where sshd separates its privileges, when it has any.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  let log = '';
  const server: ChildProcess = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', at('config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  server.stderr?.on('data', (bytes: Buffer) => {
    log += bytes.toString();
  });
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200) throw new Error(`sshd did not start: ${log}`);
    await pause(50);
  }
  const [, fingerprint = ''] = execFileSync('ssh-keygen', ['-lf', at('host.pub')], {
    encoding: 'utf8',
  }).split(' ');
  return {
    port,
    account: userInfo().username,
    hostKey: fingerprint,
    hostLine: readFileSync(at('host.pub'), 'utf8').split(' ').slice(0, 2).join(' '),
    log: () => log,
    stop: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A key of an engineer's, made by ssh-keygen, and a place for its certificate. */
export function newKey(folder: string, name: string, type = 'ed25519') {
  const path = join(folder, name);
  if (!existsSync(path)) execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', path]);
  return {
    path,
    publicKey: readFileSync(`${path}.pub`, 'utf8'),
    /** Where ssh looks for it by itself. */
    certify: (certificate: string) => writeFileSync(`${path}-cert.pub`, certificate),
  };
}

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs the real ssh. @returns its child, and how it ended */
export function ssh(args: readonly string[], { key, knownHosts }: { key: string; knownHosts: string }) {
  const hosts = `${key}.hosts`;
  writeFileSync(hosts, `${knownHosts}\n`);
  const options = {
    IdentitiesOnly: 'yes',
    IdentityFile: key,
    UserKnownHostsFile: hosts,
    GlobalKnownHostsFile: '/dev/null',
    StrictHostKeyChecking: 'yes',
    BatchMode: 'yes',
    ConnectTimeout: '20',
  };
  const child = spawn(
    'ssh',
    [
      '-F',
      'none',
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      ...args,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
  });
  const ended = new Promise<Ran>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
  return { child, ended, out: () => out, err: () => err };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });

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
