// `npm start`: installs what is missing, builds the page when its sources changed, and starts Ironbark on the pinned runtime.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { environment, install, pinnedNode, root, run, stop } from './toolchain.mjs';

install();
buildPage();
start();

/** The page is built from web/, the contracts it reads, and the lock; when none of them changed, neither did it. */
function buildPage() {
  const stamp = join(root, 'web', 'dist', '.built-from');
  const hash = hashOf([
    ...filesUnder('web').filter((path) => !path.startsWith(join('web', 'dist'))),
    ...filesUnder('src').filter((path) => path.endsWith('contract.ts')),
    'package-lock.json',
  ]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  process.stdout.write('Building the page …\n');
  const vite = join(root, 'node_modules', '.bin', 'vite');
  const result = run(vite, ['build', 'web', '--logLevel', 'warn'], { env: environment() });
  if (result.status !== 0) stop('The page did not build: see the message above.');
  writeFileSync(stamp, hash);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function filesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function start() {
  const child = spawn(pinnedNode, [join(root, 'src', 'cli', 'main.ts'), 'up', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: environment(),
  });
  // Ctrl-C reaches the child by itself, as it is in the same group; a manager's signal reaches only us.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}
