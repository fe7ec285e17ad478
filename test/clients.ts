import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real log shippers, as Debian packages them, unpacked side by side: as packages rsyslog and syslog-ng exclude each other. */
export type LogClients = {
  /** Runs until it is stopped. `settings` is the whole configuration file. */
  rsyslog(settings: string, folder: string): RunningClient;
  syslogNg(settings: string, folder: string): RunningClient;
};

export type RunningClient = {
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
};

const packages = [
  'rsyslog',
  'rsyslog-elasticsearch',
  'libestr0',
  'libfastjson4',
  'liblognorm5',
  'syslog-ng-core',
  'syslog-ng-mod-http',
  'libivykis0',
  'libjson-c5',
  'libnet1',
  'libpcre3',
  'libwrap0',
];
const cache = fileURLToPath(new URL('../node_modules/.cache/ironbark/log-clients', import.meta.url));

/** Fetches them at the first run. @throws with the reason, where they can't be had */
export function prepareLogClients(): LogClients {
  if (!existsSync(cache)) download();
  const libraries = librariesIn(cache).join(':');
  const run = (program: string, words: readonly string[]): RunningClient =>
    start(join(cache, 'usr/sbin', program), words, { ...process.env, LD_LIBRARY_PATH: libraries });
  return {
    rsyslog(settings, folder) {
      const file = join(folder, 'rsyslog.conf');
      writeFileSync(file, settings);
      const modules = only(librariesIn(cache).filter((path) => path.endsWith('/rsyslog')));
      return run('rsyslogd', ['-n', '-f', file, '-i', join(folder, 'rsyslog.pid'), '-M', modules]);
    },
    syslogNg(settings, folder) {
      const file = join(folder, 'syslog-ng.conf');
      writeFileSync(file, settings);
      const versions = join(cache, 'usr/lib/syslog-ng');
      const modules = join(versions, only(readdirSync(versions).filter((name) => /^\d+\.\d+$/.test(name))));
      const state = ['persist', 'ctl', 'pid'].map((name) => join(folder, `syslog-ng.${name}`));
      const [persist = '', control = '', pid = ''] = state;
      return run('syslog-ng', [
        '-F',
        '--no-caps',
        '-e',
        '-f',
        file,
        '-R',
        persist,
        '-c',
        control,
        '-p',
        pid,
        `--module-path=${modules}`,
      ]);
    },
  };
}

function download(): void {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg')) {
    throw new Error(
      'Real log shippers are fetched with apt-get and dpkg, which this system does not have: run these tests on Debian.',
    );
  }
  const aside = `${cache}.${process.pid}`;
  mkdirSync(join(aside, 'packages'), { recursive: true });
  try {
    const options = {
      cwd: join(aside, 'packages'),
      stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'],
    };
    execFileSync('apt-get', ['download', '-qq', ...packages], options);
    for (const name of readdirSync(join(aside, 'packages')))
      execFileSync('dpkg', ['-x', name, aside], options);
    rmSync(join(aside, 'packages'), { recursive: true });
    if (!existsSync(cache)) renameSync(aside, cache);
  } catch (error) {
    throw new Error(`The packages ${packages.join(', ')} could not be fetched. Is "apt-get update" due?`, {
      cause: error,
    });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Folders below that hold shared libraries. */
function librariesIn(folder: string): string[] {
  const found = new Set<string>();
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.name.includes('.so')) found.add(entry.parentPath);
  }
  return [...found];
}

function only(paths: readonly string[]): string {
  const [path] = paths;
  if (path === undefined)
    throw new Error(`A log shipper is not in ${cache}; delete that folder to fetch it again.`);
  return path;
}

function start(program: string, words: readonly string[], env: NodeJS.ProcessEnv): RunningClient {
  const child: ChildProcess = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const gone = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', (error) => {
      output += error.message;
      resolve();
    });
  });
  const keep = (text: Buffer): void => {
    output = `${output}${text.toString()}`.slice(-20_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return {
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(timer);
    },
  };
}
