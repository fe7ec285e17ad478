import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export type Running = {
  readonly origin: string;
  readonly firstLink: string;
  readonly data: string;
  readonly stop: () => Promise<void>;
};

/** Scenarios run beside each other, and beside whatever this machine does: no door is where it usually is. */
const doors = {
  IRONBARK_LISTEN: '127.0.0.1:0',
  IRONBARK_BULK_LISTEN: '127.0.0.1:0',
  IRONBARK_SYSLOG_LISTEN: 'off',
  IRONBARK_SYSLOG_TLS_LISTEN: 'off',
};

/** Ironbark as a person starts it, in a process and a data folder of its own, on ports the system chose. */
export async function startIronbark(settings: Readonly<Record<string, string>> = {}): Promise<Running> {
  buildPage();
  const data = mkdtempSync(join(tmpdir(), 'ironbark-scenario-'));
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'up', '--json'], {
    cwd: root,
    env: { ...process.env, IRONBARK_DATA: data, ...doors, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const up = await firstLine(child);
  // `up --json` prints this object once it listens.
  const { origin, firstLink } = JSON.parse(up) as { origin: string; firstLink: string };
  return {
    origin,
    firstLink,
    data,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** `npm test` builds the page before; a single file run by hand finds it here. */
export function buildPage(): void {
  if (existsSync(join(root, 'web/dist/index.html'))) return;
  execFileSync(join(root, 'node_modules/.bin/vite'), ['build', 'web', '--logLevel', 'warn'], { cwd: root });
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = '';
    let errors = '';
    child.stdout?.on('data', (piece: Buffer) => {
      out += piece.toString();
      const end = out.indexOf('\n');
      if (end >= 0) resolve(out.slice(0, end));
    });
    child.stderr?.on('data', (piece: Buffer) => {
      errors = (errors + piece.toString()).slice(-4000);
    });
    child.once('exit', (code) =>
      reject(new Error(`Ironbark ended with ${code} before it was up:\n${errors}`)),
    );
  });
}
