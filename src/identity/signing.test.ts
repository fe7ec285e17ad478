import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, actorOf } from './actor.ts';
import { signingOptions, verifySignature } from './signing.ts';
import { authenticator, userPresent } from './testing-authenticator.ts';
import { fixedDirectory } from './testing-directory.ts';
import { openWorld, type Signed, type World } from './testing.ts';

let world: World;
const key = authenticator();
let jo: Actor;
let other: Actor;
beforeAll(async () => {
  world = await openWorld(fixedDirectory());
  const founder = await world.founder();
  const options = await world.call('POST', '/api/passkeys/options', founder.headers);
  await world.call('POST', '/api/passkeys', founder.headers, key.create(String(options.json['challenge'])));
  jo = await actorFor(founder);
  other = await actorFor(await world.person('lee@wattle.example', ['administrator'], 'wattle'));
});
afterAll(() => world.close());

async function actorFor(who: Signed): Promise<Actor> {
  const { json } = await world.call('GET', '/api/session', who.headers);
  // The session's contract.
  const { id, name } = json['user'] as { id: string; name: string };
  return actorOf({
    kind: 'user',
    id,
    name,
    organisation: 'wattle',
    ofProvider: true,
    roles: ['officer'],
    permissions: new Set(),
    scopeOrNone: undefined,
  });
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const begin = async (text: string, actor = jo) =>
  (await signingOptions(world.deps, actor, digestOf(text))).challenge;

describe('a signature', () => {
  test('is over the digest of the record, and can be checked without this system', async () => {
    const challenge = await begin('the text');
    const made = await verifySignature(world.deps, jo, digestOf('the text'), key.get(challenge));
    const client = Buffer.from(made.clientDataJSON, 'base64url');
    expect(JSON.parse(client.toString())).toMatchObject({
      challenge: digestOf('the text').toString('base64url'),
    });
    const x = Buffer.from(made.publicKey, 'base64url').subarray(10, 42).toString('base64url');
    const y = Buffer.from(made.publicKey, 'base64url').subarray(45, 77).toString('base64url');
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
    const signed = Buffer.concat([
      Buffer.from(made.authenticatorData, 'base64url'),
      createHash('sha256').update(client).digest(),
    ]);
    expect(verify('sha256', signed, publicKey, Buffer.from(made.signature, 'base64url'))).toBe(true);
  });

  test('can be begun again, and is good once', async () => {
    await begin('twice');
    const answer = key.get(await begin('twice'));
    await verifySignature(world.deps, jo, digestOf('twice'), answer);
    await expect(verifySignature(world.deps, jo, digestOf('twice'), answer)).rejects.toMatchObject({
      code: 'signature-refused',
    });
  });

  const refusals: [string, () => Promise<unknown>][] = [
    [
      'another text',
      async () => verifySignature(world.deps, jo, digestOf('changed'), key.get(await begin('read'))),
    ],
    [
      'another person',
      async () => verifySignature(world.deps, other, digestOf('a'), key.get(await begin('a'))),
    ],
    [
      'another origin',
      async () =>
        verifySignature(
          world.deps,
          jo,
          digestOf('b'),
          key.get(await begin('b'), { from: 'https://evil.example' }),
        ),
    ],
    [
      'an owner who was not verified',
      async () =>
        verifySignature(world.deps, jo, digestOf('c'), key.get(await begin('c'), { flags: userPresent })),
    ],
    [
      'another passkey',
      async () => verifySignature(world.deps, jo, digestOf('d'), authenticator().get(await begin('d'))),
    ],
    [
      'a digest nobody asked to sign',
      async () =>
        verifySignature(world.deps, jo, digestOf('e'), key.get(digestOf('e').toString('base64url'))),
    ],
    [
      'the challenge of a sign-in',
      async () => {
        const answer = await world.call('POST', '/api/session/passkey/options');
        return verifySignature(world.deps, jo, digestOf('f'), key.get(String(answer.json['challenge'])));
      },
    ],
    [
      'an answer after five minutes',
      async () => {
        const challenge = await begin('late');
        world.clock.advance(301);
        return verifySignature(world.deps, jo, digestOf('late'), key.get(challenge));
      },
    ],
  ];
  test.each(refusals)('is refused for %s', async (_why, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ code: 'signature-refused' });
  });

  test('is refused when the account was locked since the session began', async () => {
    const challenge = await begin('locked');
    await world.call('PATCH', `/api/users/${jo.id}`, world.local, { locked: true });
    await expect(
      verifySignature(world.deps, jo, digestOf('locked'), key.get(challenge)),
    ).rejects.toMatchObject({
      code: 'signature-refused',
    });
    await world.call('PATCH', `/api/users/${jo.id}`, world.local, { locked: false });
  });

  test('needs a passkey', async () => {
    await expect(signingOptions(world.deps, other, randomBytes(32))).rejects.toMatchObject({
      code: 'no-passkey',
    });
  });
});

test('a challenge of one person is not taken over by another', async () => {
  const digest = randomBytes(32);
  await signingOptions(world.deps, jo, digest);
  const answer = key.get(digest.toString('base64url'));
  await expect(verifySignature(world.deps, other, digest, answer)).rejects.toMatchObject({
    code: 'signature-refused',
  });
  await expect(verifySignature(world.deps, jo, digest, answer)).resolves.toMatchObject({ userId: jo.id });
});
