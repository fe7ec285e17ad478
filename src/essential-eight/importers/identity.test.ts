import { describe, expect, test } from 'vitest';
import { imported } from '../testing.ts';

const graph = (...value: readonly object[]) =>
  `\uFEFF${JSON.stringify({ '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata', value })}`;
const entraSignIn = {
  createdDateTime: '2026-03-18T01:02:03Z',
  userPrincipalName: 'ann@harbour.example',
  appDisplayName: 'Mail',
  isInteractive: true,
  authenticationRequirement: 'multiFactorAuthentication',
  conditionalAccessStatus: 'success',
  status: { errorCode: 0 },
  authenticationDetails: [
    { authenticationMethod: 'Password', succeeded: true },
    { authenticationMethod: 'Mobile app notification', succeeded: true },
  ],
};
const signIn = async (more: object) =>
  (await imported('s.json', graph({ ...entraSignIn, ...more })))?.facts[0]?.values;

describe('Entra', () => {
  test('a sign-in says who, when, with what and to what', async () => {
    expect(await imported('signIns.json', graph(entraSignIn))).toMatchObject({
      kind: 'identity.sign-ins',
      refused: [],
      facts: [
        {
          subject: 'ann@harbour.example',
          at: new Date('2026-03-18T01:02:03Z'),
          values: {
            result: 'success',
            interactive: true,
            second: 'satisfied',
            methods: ['Password', 'Mobile app notification'],
            application: 'Mail',
          },
        },
      ],
    });
  });

  test('one factor, a key alone, a factor not given, and what isn’t said', async () => {
    const single = {
      authenticationRequirement: 'singleFactorAuthentication',
      authenticationDetails: [{ authenticationMethod: 'Password', succeeded: true }],
    };
    expect(await signIn(single)).toMatchObject({ second: 'none' });
    expect(
      await signIn({
        ...single,
        authenticationDetails: [{ authenticationMethod: 'FIDO2 security key', succeeded: true }],
      }),
    ).toMatchObject({ second: 'satisfied' });
    expect(await signIn({ status: { errorCode: 500121 } })).toMatchObject({
      second: 'failed',
      result: 'failure',
    });
    expect(await signIn({ authenticationRequirement: undefined })).toMatchObject({ second: 'unknown' });
    // A method that was tried and failed isn't one that was used.
    expect(
      await signIn({
        authenticationDetails: [{ authenticationMethod: 'FIDO2 security key', succeeded: false }],
      }),
    ).toMatchObject({ methods: [] });
  });

  test('a record without a user is refused, and the rest is read', async () => {
    const read = await imported('s.json', graph(entraSignIn, { ...entraSignIn, userPrincipalName: null }));
    expect(read).toMatchObject({ facts: [{}], refused: [expect.stringContaining('userPrincipalName')] });
  });

  test('registered factors', async () => {
    const read = await imported(
      'reg.json',
      graph({
        userPrincipalName: 'ann',
        isAdmin: true,
        isMfaRegistered: true,
        userType: 'member',
        methodsRegistered: ['fido2'],
      }),
    );
    expect(read).toMatchObject({
      kind: 'identity.registrations',
      facts: [{ subject: 'ann', values: { admin: true, registered: true, guest: false } }],
    });
  });

  const policy = (more: object, conditions: object = {}) =>
    graph({
      displayName: 'MFA',
      state: 'enabled',
      conditions: {
        users: { includeUsers: ['All'], excludeUsers: [] },
        applications: { includeApplications: ['All'] },
        clientAppTypes: ['all'],
        ...conditions,
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
      ...more,
    });
  const readPolicy = async (text: string) => (await imported('ca.json', text))?.facts[0]?.values;

  test('a policy: report-only, exclusions, narrowings and strengths', async () => {
    expect(await readPolicy(policy({}))).toMatchObject({
      state: 'enabled',
      everybody: true,
      everything: true,
      excludes: false,
      requires: ['mfa'],
    });
    expect(await readPolicy(policy({ state: 'enabledForReportingButNotEnforced' }))).toMatchObject({
      state: 'report-only',
    });
    expect(
      await readPolicy(policy({}, { users: { includeUsers: ['All'], excludeGroups: ['g'] } })),
    ).toMatchObject({ excludes: true });
    expect(
      await readPolicy(
        policy({}, { locations: { includeLocations: ['All'], excludeLocations: ['AllTrusted'] } }),
      ),
    ).toMatchObject({ everything: false });
    expect(await readPolicy(policy({}, { signInRiskLevels: ['high'] }))).toMatchObject({ everything: false });
    expect(
      await readPolicy(
        policy({ grantControls: { operator: 'OR', builtInControls: ['mfa', 'compliantDevice'] } }),
      ),
    ).toMatchObject({ requires: [] });
    expect(
      await readPolicy(
        policy({ grantControls: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] } }),
      ),
    ).toMatchObject({ requires: ['mfa'] });
    expect(
      await readPolicy(
        policy({
          grantControls: {
            operator: 'OR',
            builtInControls: [],
            authenticationStrength: { id: '00000000-0000-0000-0000-000000000004' },
          },
        }),
      ),
    ).toMatchObject({ requires: ['phishing-resistant'] });
  });

  test('a role assignment: standing, activated, or nobody says', async () => {
    const role = async (more: object) =>
      (
        await imported(
          'roles.json',
          graph({
            principalId: 'p1',
            roleDefinitionId: 'r1',
            principal: { userPrincipalName: 'adm', accountEnabled: true },
            ...more,
          }),
        )
      )?.facts[0]?.values;
    expect(await role({ assignmentType: 'Assigned' })).toMatchObject({
      privileged: true,
      standing: true,
      signInName: 'adm',
    });
    expect(await role({ assignmentType: 'Assigned', endDateTime: '2026-12-01T00:00:00Z' })).toMatchObject({
      standing: false,
    });
    expect(await role({ assignmentType: 'Activated' })).toMatchObject({ standing: false });
    expect(await role({})).not.toHaveProperty('standing');
  });
});

test('Okta: the events of a session are one sign-in', async () => {
  const event = (eventType: string, session: string, more: object = {}) => ({
    eventType,
    published: '2026-03-18T01:00:00.000Z',
    actor: { alternateId: 'ann@harbour.example' },
    outcome: { result: 'SUCCESS' },
    authenticationContext: { externalSessionId: session },
    ...more,
  });
  const read = await imported(
    'okta.json',
    JSON.stringify([
      event('user.session.start', 's1'),
      event('user.authentication.auth_via_mfa', 's1', {
        debugContext: { debugData: { factor: 'FIDO_WEBAUTHN' } },
      }),
      event('user.session.start', 's2'),
      event('user.authentication.auth_via_password', 's2'),
      event('user.session.start', 's3'),
      event('policy.rule.update', 's4'),
    ]),
  );
  expect(read?.facts.map(({ values }) => [values['second'], values['methods']])).toEqual([
    ['satisfied', ['FIDO_WEBAUTHN']],
    ['none', []],
    // Nothing says which factor it took.
    ['unknown', []],
  ]);
});

test('Keycloak: the last credential says what was given, and none says nothing', async () => {
  const event = (type: string, details: object, more: object = {}) => ({
    time: 1773795600000,
    type,
    realmId: 'harbour',
    clientId: 'portal',
    userId: 'u1',
    details,
    ...more,
  });
  const read = await imported(
    'keycloak.json',
    [
      event('LOGIN', { username: 'ann', credential_type: 'webauthn' }),
      event('LOGIN', { username: 'ben', credential_type: 'password' }),
      event('LOGIN', { username: 'cat' }),
      event(
        'LOGIN_ERROR',
        { username: 'ann', credential_type: 'otp' },
        { error: 'invalid_user_credentials' },
      ),
      event('REFRESH_TOKEN', {}),
    ]
      .map((one) => JSON.stringify(one))
      .join('\n'),
  );
  expect(read).toMatchObject({ kind: 'identity.sign-ins', skipped: 1 });
  expect(read?.facts.map(({ subject, values }) => [subject, values['second']])).toEqual([
    ['ann', 'satisfied'],
    ['ben', 'none'],
    ['cat', 'unknown'],
    ['ann', 'failed'],
  ]);
});

describe('Active Directory', () => {
  const ldif = [
    'dn: CN=Ann Admin,OU=Tier0,DC=harbour,DC=example',
    'objectClass: user',
    'sAMAccountName: adm-ann',
    'userAccountControl: 512',
    // S-1-5-21-1-2-3-1001
    'objectSid:: AQUAAAAAAAUVAAAAAQAAAAIAAAADAAAA6QMAAA==',
    'memberOf: CN=Domain Admins,CN=Users,DC=harbour,',
    ' DC=example',
    'lastLogonTimestamp: 134000000000000000',
    'whenCreated: 20200101000000.0Z',
    'employeeID: 7',
    '',
    '# a remark',
    'dn: CN=Ann,OU=People,DC=harbour,DC=example',
    'sAMAccountName: ann',
    'userAccountControl: 514',
    'adminCount: 1',
    'mail: ann@harbour.example',
    '',
    'dn: CN=Nobody,DC=harbour,DC=example',
    'objectClass: user',
  ].join('\r\n');

  test('LDIF with folded lines, binary SIDs and disabled accounts', async () => {
    const read = await imported('users.ldif', ldif);
    expect(read).toMatchObject({ kind: 'directory.accounts', refused: ['It has no sAMAccountName.'] });
    expect(read?.facts[0]).toMatchObject({
      subject: 'adm-ann',
      values: {
        sid: 'S-1-5-21-1-2-3-1001',
        enabled: true,
        privileged: true,
        standing: true,
        person: '7',
        lastActiveLagDays: 14,
        created: '2020-01-01T00:00:00.000Z',
      },
    });
    expect(read?.facts[0]?.values['lastActive']).toMatch(/^2025-08-/);
    // adminCount alone makes nobody privileged: it stays when somebody leaves the group.
    expect(read?.facts[1]).toMatchObject({
      subject: 'ann',
      values: { enabled: false, privileged: false, mail: 'ann@harbour.example' },
    });
  });

  test('CSV with groups by SID, and without any word on groups nobody can tell', async () => {
    const csv =
      'SamAccountName,Enabled,MemberOfSid,LastLogonDate\nadm,True,S-1-5-21-1-2-3-512;S-1-5-21-1-2-3-1105,2026-03-01T00:00:00Z\nann,True,S-1-5-21-1-2-3-1105,\nben,False,,\n';
    const read = await imported('users.csv', csv);
    expect(
      read?.facts.map(({ subject, values }) => [subject, values['enabled'], values['privileged']]),
    ).toEqual([
      ['adm', true, true],
      ['ann', true, false],
      ['ben', false, undefined],
    ]);
  });
});
