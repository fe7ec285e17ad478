// What start.mjs and test.mjs share. Plain JavaScript without dependencies: it runs on any Node >= 20, before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The Node that the project is pinned to: it comes with the install and does not depend on the machine's own. */
export const pinnedNode = join(root, 'node_modules', `node-${platform()}-${arch()}`, 'bin', 'node');

/** Says what is missing, and what would help, and ends the process. */
export function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

export function run(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
}

/** Environment for a child: the pinned Node and the project's own tools first on the PATH. */
export function environment(extra = {}) {
  const path = [dirname(pinnedNode), join(root, 'node_modules', '.bin'), process.env.PATH].join(':');
  // As in ./ironbark: what is freed goes back to the system.
  const memory = { MALLOC_MMAP_THRESHOLD_: '1048576', MALLOC_ARENA_MAX: '2' };
  return { ...memory, ...process.env, PATH: path, ...extra };
}

/** Installs from the lock when nothing is installed or the lock has changed since. */
export function install() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) stop(`Ironbark needs Node 20 or newer to install itself; this is ${process.version}.`);
  const stamp = join(root, 'node_modules', '.ironbark-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(pinnedNode);
  if (installed) return;
  process.stdout.write('Installing from package-lock.json (about two minutes the first time) …\n');
  const result = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (result.status !== 0)
    stop('npm ci did not finish: see its message above. npm 11 and a reachable package registry are needed.');
  if (!existsSync(pinnedNode)) {
    stop(
      `There is no pinned runtime for ${platform()}-${arch()}: Ironbark runs on linux-x64 and linux-arm64.`,
    );
  }
  writeFileSync(stamp, lock);
}
