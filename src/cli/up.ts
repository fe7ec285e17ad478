import { startSystem } from '#app';
import { createLogger } from '#platform/telemetry';
import type { Command } from './command.ts';
import { configOf } from './settings.ts';
import { versionOf } from './version-of.ts';

export const command: Command = {
  name: 'up',
  summary: 'Start Ironbark: page, API, doors, detection.',
  examples: ['ironbark up', 'IRONBARK_DATA=/srv/ironbark IRONBARK_LISTEN=0.0.0.0:443 ironbark up'],
  async run({ io, show, remark, signal }) {
    const started = Date.now();
    const { config } = configOf(io);
    const version = versionOf(io);
    // Lines for machines where nobody looks, what a person must act on where somebody does.
    const level = process.stderr.isTTY && config.logLevel === 'info' ? 'warn' : config.logLevel;
    const log = createLogger({ level });
    const system = await startSystem({ config, root: io.root, version, log });
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    show({ origin: system.origin, address: system.address, firstLink: system.firstLink ?? null }, () => [
      `Ironbark ${version} is up after ${seconds} s: ${system.origin}`,
      ...(system.firstLink === undefined
        ? []
        : ['', 'Nobody has signed in yet. Begin here (works once):', `  ${system.firstLink}`]),
      '',
      'Ctrl-C stops it.',
    ]);
    warnWithoutTls(system.origin, system.address.host, remark);
    try {
      await Promise.race([aborted(signal), system.failed]);
      remark('Stopping: finishing what has begun. Press Ctrl-C again to stop at once.');
    } finally {
      await system.close();
    }
    return 0;
  },
};

function warnWithoutTls(origin: string, host: string, remark: (text: string) => void): void {
  if (origin.startsWith('https:') || /^(127\.|::1$)/.test(host)) return;
  remark(
    'Without TLS, browsers on other machines do not keep the sign-in, and passwords travel in the clear. ' +
      'Set IRONBARK_TLS_CERTIFICATE and IRONBARK_TLS_KEY, or put a proxy with TLS before it and set IRONBARK_ORIGIN.',
  );
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
