import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedDirectory } from '../testing-directory.ts';
import { openWorld, type Signed, type World } from '../testing.ts';
import { matching } from './filter.ts';
import { patched } from './patch.ts';

let world: World;
let admin: Signed;
let acme: Record<string, string>;
beforeAll(async () => {
  world = await openWorld(fixedDirectory());
  admin = await world.founder();
  acme = await world.token(admin.headers, ['user.provision'], { tenancies: ['acme-odce'] });
});
afterAll(() => world.close());

async function scim(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  who = acme,
) {
  const answer = await world.http.server.inject({
    method,
    url: `/scim/v2${path}`,
    headers: { ...who, ...(body && { 'content-type': 'application/scim+json' }) },
    ...(body && { payload: JSON.stringify(body) }),
  });
  // Every answer of SCIM is an object, or nothing.
  const json = JSON.parse(answer.body === '' ? '{}' : answer.body) as Record<string, unknown>;
  return { status: answer.statusCode, type: String(answer.headers['content-type']), json };
}
const patch = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
async function add(userName: string, more: object = {}): Promise<string> {
  const made = await scim('POST', '/acme/Users', { userName, ...more });
  expect([made.status, made.json['userName']]).toEqual([201, userName]);
  return String(made.json['id']);
}
const find = async (filter: string) =>
  (await scim('GET', `/acme/Users?filter=${encodeURIComponent(filter)}`)).json['totalResults'];

describe('provisioning of people', () => {
  test('adds, finds, changes and removes a person, as RFC 7644 writes it', async () => {
    const id = await add('ida@acme.example', {
      externalId: 'hr-1',
      name: { givenName: 'Ida', familyName: 'Berg' },
      roles: [{ value: 'administrator' }],
    });
    const { json, type } = await scim('GET', `/acme/Users/${id}`);
    expect(type).toBe('application/scim+json; charset=utf-8');
    expect(json).toMatchObject({
      id,
      externalId: 'hr-1',
      userName: 'ida@acme.example',
      displayName: 'Ida Berg',
      active: true,
      groups: [{ value: 'member' }],
      meta: { resourceType: 'User', location: `https://siem.example/scim/v2/acme/Users/${id}` },
    });
    expect(await find('userName eq "IDA@acme.example"')).toBe(1);
    expect(await find('externalId eq "HR-1"')).toBe(0);
    expect(await find('emails[type eq "work" and value co "IDA@"] and active eq true')).toBe(1);
    expect((await scim('POST', '/acme/Users', { userName: 'Ida@acme.example' })).json).toMatchObject({
      status: '409',
      scimType: 'uniqueness',
    });
    const put = await scim('PUT', `/acme/Users/${id}`, {
      userName: 'ida.berg@acme.example',
      displayName: 'Ida B',
    });
    expect(put.json).toMatchObject({ userName: 'ida.berg@acme.example', displayName: 'Ida B', active: true });
    expect(put.json['externalId']).toBeUndefined();
    expect((await scim('DELETE', `/acme/Users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/acme/Users/${id}`)).status).toBe(404);
    // The address is free again.
    expect(await add('ida.berg@acme.example')).not.toBe(id);
  });

  test.each([
    ['as Entra sends it', patch({ op: 'Replace', path: 'active', value: 'False' })],
    ['as Okta sends it', patch({ op: 'replace', value: { active: false } })],
  ])('that deactivates a person, %s, ends sessions and tokens with the next request', async (how, body) => {
    const email = `out-${how.length}@acme.example`;
    const person = await world.person(email, ['analyst'], 'acme');
    const { users } = (await world.call('GET', '/api/users', admin.headers)).json as {
      users: { id: string; email: string; suspendedWhy: string | null }[];
    };
    const id = users.find((user) => user.email === email)?.id ?? '';
    expect((await world.call('GET', '/api/session', person.headers)).status).toBe(200);
    expect((await scim('PATCH', `/acme/Users/${id}`, body)).json['active']).toBe(false);
    expect((await world.call('GET', '/api/session', person.headers)).status).toBe(401);
    expect((await world.signIn(person)).status).toBe(401);
    expect(
      (await scim('PATCH', `/acme/Users/${id}`, patch({ op: 'replace', path: 'active', value: true }))).json,
    ).toMatchObject({
      active: true,
    });
    world.clock.advance(60);
    expect((await world.signIn(person)).status).toBe(200);
  });

  test('does not bring back whom an administrator locked', async () => {
    const id = await add('locked@acme.example');
    await world.call('PATCH', `/api/users/${id}`, admin.headers, { locked: true });
    const answer = await scim(
      'PATCH',
      `/acme/Users/${id}`,
      patch({ op: 'replace', path: 'active', value: true }),
    );
    expect(answer.json['active']).toBe(false);
  });

  test('passes pages of people', async () => {
    for (const n of [1, 2, 3]) await add(`page-${n}@acme.example`);
    const { json } = await scim('GET', '/acme/Users?filter=userName sw "page-"&startIndex=2&count=1');
    expect(json).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
    const none = await scim('GET', '/acme/Users?startIndex=-5&count=-1');
    expect(none.json).toMatchObject({ startIndex: 1, itemsPerPage: 0 });
  });
});

describe('roles as groups', () => {
  test('are given and taken by their members', async () => {
    const id = await add('role@acme.example');
    await scim(
      'PATCH',
      '/acme/Groups/auditor',
      patch({ op: 'add', path: 'members', value: [{ value: id }] }),
    );
    expect((await scim('GET', `/acme/Users/${id}`)).json['groups']).toMatchObject([
      { value: 'member' },
      { value: 'auditor' },
    ]);
    await scim('PATCH', '/acme/Groups/member', patch({ op: 'Remove', path: `members[value eq "${id}"]` }));
    await scim('PATCH', '/acme/Groups/auditor', patch({ op: 'replace', path: 'members', value: [] }));
    expect((await scim('GET', `/acme/Users/${id}`)).json['groups']).toMatchObject([{ value: 'member' }]);
  });

  test.each(['administrator', 'officer', 'support-engineer', 'shift-lead'])(
    'never make a customer\u2019s %s',
    async (role) => {
      const id = await add(`${role}@acme.example`);
      const answer = await scim(
        'PATCH',
        `/acme/Groups/${role}`,
        patch({ op: 'add', path: 'members', value: [{ value: id }] }),
      );
      expect(answer.status).toBe(404);
    },
  );

  test('leave administrators and officers alone', async () => {
    await world.person('boss@acme.example', ['officer'], 'acme');
    const { json } = await scim('GET', '/acme/Users?filter=userName eq "boss@acme.example"');
    const id = (json['Resources'] as { id: string }[])[0]?.id ?? '';
    for (const [method, path, body] of [
      ['DELETE', `/acme/Users/${id}`, undefined],
      ['PATCH', `/acme/Users/${id}`, patch({ op: 'replace', path: 'active', value: false })],
      ['PATCH', '/acme/Groups/analyst', patch({ op: 'add', path: 'members', value: [{ value: id }] })],
    ] as const)
      expect((await scim(method, path, body)).json).toMatchObject({ scimType: 'mutability' });
  });
});

describe('a token for one organisation', () => {
  test.each(['/beta/Users', '/wattle/Users', '/nobody/Users', '/beta/Groups', '/beta/Users/x'])(
    'does not reach %s',
    async (path) => {
      expect((await scim('GET', path)).status).toBe(404);
    },
  );

  test('does not reach another organisation\u2019s person by id', async () => {
    await world.person('bo@beta.example', ['member'], 'beta');
    const { users } = (await world.call('GET', '/api/users', admin.headers)).json as {
      users: { id: string; email: string }[];
    };
    const id = users.find(({ email }) => email === 'bo@beta.example')?.id ?? '';
    for (const method of ['GET', 'DELETE'] as const)
      expect((await scim(method, `/acme/Users/${id}`)).status).toBe(404);
    const moved = await scim(
      'PATCH',
      '/acme/Groups/auditor',
      patch({ op: 'add', path: 'members', value: [{ value: id }] }),
    );
    expect(moved.status).toBe(404);
  });

  test('needs the permission, and says so as SCIM does', async () => {
    const other = await world.token(admin.headers, ['alert.read'], { tenancies: ['acme-odce'] });
    const answer = await scim('GET', '/acme/Users', undefined, other);
    expect([answer.status, answer.json['schemas']]).toEqual([
      403,
      ['urn:ietf:params:scim:api:messages:2.0:Error'],
    ]);
    expect((await scim('GET', '/acme/Users', undefined, {})).status).toBe(401);
  });
});

describe('what can not be done', () => {
  const wrong: [string, string, object][] = [
    ['an address that is none', '/acme/Users', { userName: 'kim' }],
    ['no address', '/acme/Users', { displayName: 'Kim' }],
    ['a text that is too long', '/acme/Users', { userName: 'k@acme.example', displayName: 'k'.repeat(255) }],
  ];
  test.each(wrong)('is refused: %s', async (_what, path, body) => {
    expect(await scim('POST', path, body)).toMatchObject({ status: 400, json: { status: '400' } });
  });

  test.each(['userName eq', '((((((((((((((((((((((userName pr', 'userName xx "a"', ')'])(
    'is a filter: %s',
    async (filter) => {
      expect((await scim('GET', `/acme/Users?filter=${encodeURIComponent(filter)}`)).json).toMatchObject({
        status: '400',
        scimType: 'invalidFilter',
      });
    },
  );

  test('is a patch half of which is wrong: none of it happens', async () => {
    const id = await add('half@acme.example');
    const answer = await scim(
      'PATCH',
      `/acme/Users/${id}`,
      patch(
        { op: 'replace', path: 'displayName', value: 'Changed' },
        { op: 'replace', path: 'active', value: 'maybe' },
      ),
    );
    expect(answer.json).toMatchObject({ status: '400', scimType: 'invalidValue' });
    expect((await scim('GET', `/acme/Users/${id}`)).json['displayName']).toBe('half@acme.example');
  });

  test('is broken JSON, or members that reach for the prototype', async () => {
    const headers = { ...acme, 'content-type': 'application/scim+json' };
    for (const payload of ['{', '{"userName":"a@b.example","__proto__":{"x":1}}'])
      expect(
        (await world.http.server.inject({ method: 'POST', url: '/scim/v2/acme/Users', headers, payload }))
          .statusCode,
      ).toBe(400);
  });
});

const person = { userName: 'a@b.example', externalId: null, displayName: 'A', active: true };

test('patches write what they may by name, whatever path and value they bring', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          op: fc.constantFrom('add' as const, 'replace' as const, 'remove' as const),
          path: fc.option(
            fc.oneof(fc.string(), fc.constantFrom('__proto__.x', 'constructor.prototype.x', 'active')),
            {
              nil: undefined,
            },
          ),
          value: fc.jsonValue(),
        }),
        { maxLength: 5 },
      ),
      (operations) => {
        let next: object = person;
        try {
          next = patched(person, operations);
        } catch (error) {
          expect(error).toMatchObject({ code: 'scim-invalid' });
        }
        expect(Object.keys(next)).toEqual(Object.keys(person));
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
  );
});

test('a filter is read or refused, and never breaks anything', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `userName eq "${text}"`),
      ),
      (text) => {
        try {
          matching([{ userName: 'A@b.example' }], text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'scim-invalid' });
        }
      },
    ),
  );
});
