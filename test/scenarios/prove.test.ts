import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { sharedData } from '../shared.ts';
import { call, type Headers, must, operator } from './member.ts';
import { type Running, startIronbark } from './running.ts';

/*
 * From a fact to what a CISO signs for, over HTTP on a running system: evidence arrives, a control turns, the maturity level
 * drops, the report says so, the evidence runs out, and the control is unknown.
 */

const governance = sharedData('governance');
const system = '/api/systems/odce';
let ironbark: Running;
let local: Headers;

const get = (path: string) => must(ironbark, local, 'GET', path);
const post = (path: string, body: unknown) => must(ironbark, local, 'POST', path, body);

async function upload(path: string, bytes: Buffer | string): Promise<unknown> {
  const answer = await fetch(`${ironbark.origin}${path}`, {
    method: 'POST',
    headers: { ...local, 'content-type': 'application/octet-stream' },
    body: typeof bytes === 'string' ? Buffer.from(bytes) : new Uint8Array(bytes),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} gave ${answer.status}: ${text}`);
  return JSON.parse(text);
}

const ism = (name: string): Buffer => readFileSync(join(governance ?? '', 'ism/v2025.12.9', name));

type Person = { readonly name: string; readonly second: boolean };
const people: readonly Person[] = ['ana', 'ben', 'cat'].map((name) => ({ name, second: true }));
const mail = (name: string): string => `${name}@harbour.example`;

/** Two weeks of sign-ins, as Entra exports them. */
const signIns = (who: readonly Person[], hour: string): string =>
  JSON.stringify({
    value: who.flatMap(({ name, second }) =>
      Array.from({ length: 14 }, (_, day) => ({
        id: `${name}-${hour}-${day}`,
        createdDateTime: new Date(Date.now() - day * 86_400_000 - 3_600_000).toISOString(),
        userPrincipalName: mail(name),
        appDisplayName: 'Portal',
        isInteractive: true,
        authenticationRequirement: second ? 'multiFactorAuthentication' : 'singleFactorAuthentication',
        authenticationDetails: [
          {
            authenticationMethod: second ? 'FIDO2 security key' : 'Password',
            succeeded: true,
          },
        ],
        status: { errorCode: 0 },
      })),
    ),
  });

const registrations = JSON.stringify({
  value: people.map(({ name }) => ({
    userPrincipalName: mail(name),
    isAdmin: false,
    isMfaRegistered: true,
    methodsRegistered: ['fido2SecurityKey'],
    userType: 'member',
  })),
});

const send = (kind: string, name: string, text: string, more = '') =>
  upload(`/api/evidence?environment=odce&kind=${kind}&name=${name}&population=3/3${more}`, text);

const row = z.looseObject({ id: z.string(), status: z.string(), because: z.string(), unknown: z.boolean() });
async function standing(control: string) {
  const { control: found } = z
    .looseObject({ control: row })
    .parse(await get(`${system}/controls/${control}`));
  return found;
}

async function mfa() {
  const { strategies, gaps } = z
    .looseObject({
      strategies: z.array(z.looseObject({ strategy: z.string(), level: z.number(), possible: z.number() })),
      gaps: z.array(z.looseObject({ control: z.string(), text: z.string() })),
    })
    .parse(await get('/api/essential-eight/odce'));
  const found = strategies.find(({ strategy }) => strategy === 'multi-factor-authentication');
  return {
    level: found?.level,
    possible: found?.possible,
    gap: gaps.find(({ control }) => control === 'ism-1504'),
  };
}

describe.skipIf(governance === undefined)('prove', () => {
  beforeAll(async () => {
    ironbark = await startIronbark({
      IRONBARK_BULK_LISTEN: 'off',
      IRONBARK_SYSLOG_LISTEN: 'off',
      IRONBARK_SYSLOG_TLS_LISTEN: 'off',
    });
    local = operator(ironbark);
    await post('/api/setup/provider', { id: 'harbour', name: 'Harbour Cloud' });
    const { edition } = z
      .object({ edition: z.looseObject({ id: z.string(), controls: z.number() }) })
      .parse(await upload('/api/frameworks/editions?name=ISM_catalog.json', ism('ISM_catalog.json')));
    expect(edition.controls).toBe(1073);
    const { profiles } = z
      .looseObject({ profiles: z.array(z.looseObject({ id: z.string(), controls: z.number() })) })
      .parse(await get(`/api/frameworks/editions/${edition.id}`));
    const profile = profiles.find(({ controls }) => controls >= 950);
    await must(ironbark, local, 'PUT', `${system}/editions`, { edition: edition.id, profile: profile?.id });
  }, 180_000);
  afterAll(() => ironbark?.stop());

  test('what people attest is the level, until evidence says otherwise', async () => {
    const { controls } = z
      .looseObject({ controls: z.array(z.looseObject({ id: z.string(), e8Levels: z.array(z.string()) })) })
      .parse(await get(`${system}/controls`));
    const eight = controls.filter(({ e8Levels }) => e8Levels.length > 0).map(({ id }) => id);
    expect(eight.length).toBe(126);
    await post(`${system}/answers`, { controls: eight, set: { status: 'Effective', narrative: 'as built' } });
    expect(await mfa()).toMatchObject({ level: 3, gap: undefined });
    expect(await standing('ism-1504')).toMatchObject({ status: 'Effective', basis: 'answer' });
  }, 60_000);

  test('evidence of everybody makes it both answered and seen', async () => {
    await send('identity.registrations', 'registrations.json', registrations);
    await send('identity.sign-ins', 'sign-ins-1.json', signIns(people, 'a'), '&source=entra');
    await vi.waitFor(
      async () => expect(await standing('ism-1504')).toMatchObject({ status: 'Effective', basis: 'both' }),
      { timeout: 30_000, interval: 200 },
    );
  }, 60_000);

  test('one person with one factor turns the control, and the strategy falls to nothing', async () => {
    const slipped = people.map((one) => (one.name === 'cat' ? { ...one, second: false } : one));
    const expiresAt = new Date(Date.now() + 25_000).toISOString();
    await send(
      'identity.sign-ins',
      'sign-ins-2.json',
      signIns(slipped, 'b'),
      `&source=entra&expiresAt=${expiresAt}`,
    );
    const turned = await vi.waitFor(
      async () => {
        const found = await standing('ism-1504');
        expect(found.status).toBe('Ineffective');
        return found;
      },
      { timeout: 20_000, interval: 200 },
    );
    expect(turned.because).toMatch(/evidence says otherwise/);
    const after = await mfa();
    expect(after).toMatchObject({ level: 0, possible: 0 });
    expect(after.gap?.text).toContain(mail('cat'));
    const { findings } = z
      .looseObject({ findings: z.array(z.looseObject({ control: z.string(), state: z.string() })) })
      .parse(await get('/api/evidence/findings?environment=odce'));
    expect(findings).toContainEqual(expect.objectContaining({ control: 'ism-1504', state: 'open' }));
    const { changes } = z
      .looseObject({
        changes: z.array(z.looseObject({ control: z.string(), status: z.string().nullable() })),
      })
      .parse(await get(`${system}/posture`));
    expect(changes).toContainEqual(expect.objectContaining({ control: 'ism-1504', status: 'Ineffective' }));
  }, 60_000);

  test('when the evidence runs out it is unknown, and says what would settle it', async () => {
    const gone = await vi.waitFor(
      async () => {
        const found = await standing('ism-1504');
        expect(found).toMatchObject({ status: 'No Visibility', unknown: true });
        return found;
      },
      { timeout: 40_000, interval: 500 },
    );
    expect(gone.because).toMatch(/none has shown since/);
    expect(await mfa()).toMatchObject({ level: 0, possible: 3 });
    const { status } = await call(ironbark, local, 'GET', '/api/evidence/unknown?environment=odce');
    expect(status).toBe(200);
    expect(await get('/api/ledger/verification')).toMatchObject({ intact: true });
  }, 60_000);
});
