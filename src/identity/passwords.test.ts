import { expect, test } from 'vitest';
import { Busy } from '#platform/errors';
import { createPasswords } from './passwords.ts';

const cheap = { memory: 64, passes: 1, parallelism: 1 };

test('a password opens what was made of it, another one does not, and two of the same differ', async () => {
  const passwords = createPasswords();
  const [one, two] = [
    await passwords.hash('correct horse battery'),
    await passwords.hash('correct horse battery'),
  ];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await passwords.verify('correct horse battery', one)).toBe(true);
  expect(await passwords.verify('correct horse batterx', one)).toBe(false);
});

test('the same characters from another keyboard are the same password', async () => {
  const passwords = createPasswords(cheap);
  const stored = await passwords.hash('cafe\u0301 au lait noir');
  expect(await passwords.verify('caf\u00e9 au lait noir', stored)).toBe(true);
});

test('a password of an older cost still opens', async () => {
  const stored = await createPasswords(cheap).hash('correct horse battery');
  expect(await createPasswords({ ...cheap, memory: 128 }).verify('correct horse battery', stored)).toBe(true);
});

test.each([undefined, '', 'plain', '$argon2id$v=19$m=0,t=1,p=1$AAAA$AAAA'])(
  'nothing opens %j',
  async (stored) => {
    expect(await createPasswords(cheap).verify('', stored)).toBe(false);
  },
);

test('a flood is told to come back, and who waits gets a turn', async () => {
  const passwords = createPasswords(cheap);
  const answers = await Promise.allSettled(
    Array.from({ length: 60 }, () => passwords.hash('correct horse battery')),
  );
  const refused = answers.filter((answer) => answer.status === 'rejected');
  expect(refused).toHaveLength(60 - 2 - 32);
  for (const answer of refused) expect(answer.reason).toBeInstanceOf(Busy);
  expect(await passwords.hash('correct horse battery')).toContain('$argon2id$');
});
