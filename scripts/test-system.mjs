// The programs the tests drive that do not come from npm: a browser, a database server, real log shippers.
import { existsSync } from 'node:fs';
import { run, stop } from './toolchain.mjs';

/** package: what proves it is there. */
const wanted = {
  chromium: ['/usr/bin/chromium'],
  'postgresql-15': [
    '/usr/lib/postgresql/15/bin/postgres',
    '/usr/lib/postgresql/16/bin/postgres',
    '/usr/lib/postgresql/17/bin/postgres',
  ],
  rsyslog: ['/usr/sbin/rsyslogd'],
  'rsyslog-elasticsearch': [
    '/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so',
    '/usr/lib/aarch64-linux-gnu/rsyslog/omelasticsearch.so',
  ],
  'libevtx-utils': ['/usr/bin/evtxexport'],
  openssl: ['/usr/bin/openssl'],
  nginx: ['/usr/sbin/nginx'],
  'openssh-server': ['/usr/sbin/sshd'],
  'openssh-client': ['/usr/bin/ssh'],
};

/** Installs what is missing (Debian, as root); elsewhere says what is missing and ends the process. */
export function prepareSystem() {
  const missing = Object.keys(wanted).filter((name) => !wanted[name].some((path) => existsSync(path)));
  if (missing.length === 0) return;
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!canInstall)
    stop(
      `The tests need these Debian packages: ${missing.join(', ')}.\nInstall them (apt-get install ${missing.join(' ')}) and run npm test again.`,
    );
  process.stdout.write(`Installing for the tests: ${missing.join(', ')} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq', '-o', 'DPkg::Lock::Timeout=300'], { env, stdio: 'ignore' });
  const result = run(
    'apt-get',
    ['install', '-y', '-qq', '-o', 'DPkg::Lock::Timeout=300', '--no-install-recommends', ...missing],
    { env, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (result.status !== 0) stop(`apt-get could not install ${missing.join(', ')}: see its message above.`);
}
