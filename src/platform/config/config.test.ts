import { expect, test } from 'vitest';
import { BadConfig, nearest, readConfig } from './index.ts';

const faultsOf = (...args: Parameters<typeof readConfig>): string => {
  try {
    readConfig(...args);
  } catch (error) {
    if (error instanceof BadConfig) return error.message;
  }
  return '';
};
const file = (text: string) => ({ path: 'ironbark.yaml', text });

test('with nothing set, everything that is needed has a default', () => {
  const { config } = readConfig({ env: {} });
  expect(config).toMatchObject({
    data: 'data',
    listen: { host: '127.0.0.1', port: 7460 },
    spoolCap: 4 * 2 ** 30,
  });
  expect(config.databaseUrl).toBeUndefined();
});

test('the environment wins over the file, the file over the default, and it says which', () => {
  const { config, found } = readConfig({
    env: { IRONBARK_LISTEN: '[::1]:0', HOME: '/root' },
    file: file('listen: 0.0.0.0:80\nspoolCap: 500M\nworkers: 2'),
  });
  expect(config).toMatchObject({ listen: { host: '::1', port: 0 }, spoolCap: 500 * 2 ** 20, workers: 2 });
  expect(found.find(({ name }) => name === 'listen')?.from).toBe('environment');
  expect(found.find(({ name }) => name === 'spoolCap')?.from).toBe('file');
  expect(found.find(({ name }) => name === 'data')?.from).toBe('default');
});

test('all faults come at once, each with its place', () => {
  const faults = faultsOf({
    env: { IRONBARK_LISEN: 'x', IRONBARK_WORKERS: 'many' },
    file: file('liste: 1\norigin: https://siem.example/path'),
  });
  expect(faults).toContain('IRONBARK_LISEN is not a setting. Did you mean "IRONBARK_LISTEN"?');
  expect(faults).toContain('ironbark.yaml: "liste" is not a setting. Did you mean "listen"?');
  expect(faults).toContain('IRONBARK_WORKERS: Use a whole number.');
  expect(faults).toContain('origin: Use scheme, host and port only');
});

test.each(['localhost', '127.0.0.1:70000', ':80', 'http://127.0.0.1:80'])('%s is no address', (listen) => {
  expect(faultsOf({ env: { IRONBARK_LISTEN: listen } })).toContain('IRONBARK_LISTEN');
});

test('a certificate without its key is refused', () => {
  expect(faultsOf({ env: { IRONBARK_TLS_CERTIFICATE: 'a.pem' } })).toContain('tlsKey');
});

test('a file that is not a list of settings is refused', () => {
  expect(faultsOf({ env: {}, file: file('a: [1') })).toContain('ironbark.yaml');
  expect(faultsOf({ env: {}, file: file('- a') })).toContain('name: value');
  expect(faultsOf({ env: {}, file: file('# nothing\n') })).toBe('');
});

test('secrets are not shown', () => {
  const { found, config } = readConfig({ env: { IRONBARK_DATABASE_URL: 'postgres://u:hunter2@db/x' } });
  expect(JSON.stringify(found)).not.toContain('hunter2');
  expect(config.databaseUrl).toContain('hunter2');
});

test('a door can be shut', () => {
  expect(readConfig({ env: { IRONBARK_BULK_LISTEN: 'off' } }).config.bulkListen).toBeNull();
});

test('nothing near is suggested for a word that is far from all', () => {
  expect(nearest('frobnicate', ['listen', 'data'])).toBe('');
});
