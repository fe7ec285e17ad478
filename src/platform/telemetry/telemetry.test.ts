import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createLogger, Secret } from './index.ts';

function lines(level = 'info') {
  const written: string[] = [];
  const log = createLogger({ level, to: { write: (line) => void written.push(line) } });
  return { log, written };
}

test('a secret prints as [secret] wherever it goes', () => {
  const secret = new Secret('hunter2');
  const { log, written } = lines();
  log.info({ secret, list: [secret], deep: { er: { secret } } }, `with ${String(secret)}`);
  for (const text of [...written, JSON.stringify({ secret }), inspect({ secret }), String(secret)]) {
    expect(text).not.toContain('hunter2');
    expect(text).toContain('[secret]');
  }
  expect(secret.reveal()).toBe('hunter2');
});

test('fields that hold secrets by their name are left out of the log', () => {
  const { log, written } = lines();
  log.info(
    {
      password: 'hunter2',
      session: { token: 'hunter2' },
      req: { headers: { authorization: 'hunter2', 'set-cookie': 'hunter2', host: 'here' } },
    },
    'x',
  );
  expect(written[0]).not.toContain('hunter2');
  expect(written[0]).toContain('here');
});

test('an error is told with its cause, and a line says when in UTC', () => {
  const { log, written } = lines();
  log.error({ err: new Error('outer', { cause: new Error('inner') }) }, 'failed');
  const line = JSON.parse(written[0] ?? '');
  expect(line).toMatchObject({ msg: 'failed', err: { message: 'outer', cause: { message: 'inner' } } });
  expect(line.time).toMatch(/Z$/);
});
