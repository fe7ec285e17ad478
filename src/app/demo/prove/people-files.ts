import { ago } from './scans.ts';
import type { Place } from './estate.ts';

const given = [
  'ada',
  'ben',
  'cleo',
  'dan',
  'elsa',
  'finn',
  'gia',
  'hugo',
  'iris',
  'jon',
  'kate',
  'leo',
  'mina',
  'nils',
  'oda',
  'paul',
];
const administrators = ['hana', 'marek', 'lena', 'dev', 'sione'];
const everybody = [...given, ...administrators];
const address = (name: string): string => `${name}@wattle.example`;

/** Two weeks of sign-ins to the provider's cloud services, as Graph gives them out. */
export function signInsFile(
  now: Date,
  from: number,
  method: 'key' | 'push',
  /** Whoever was not asked for a second factor. */
  single: readonly string[] = [],
): string {
  const days = [0.5, 4.5, 9.5].map((day) => from + day);
  const value = everybody.flatMap((name, at) =>
    days.map((day) => ({
      userPrincipalName: address(name),
      createdDateTime: ago(now, day - at / 100).toISOString(),
      appDisplayName: 'Customer portal administration (demo)',
      isInteractive: true,
      ...(single.includes(name)
        ? {
            authenticationRequirement: 'singleFactorAuthentication',
            authenticationDetails: [{ authenticationMethod: 'Password', succeeded: true }],
          }
        : {
            authenticationRequirement: 'multiFactorAuthentication',
            authenticationDetails:
              method === 'key'
                ? [{ authenticationMethod: 'FIDO2 security key', succeeded: true }]
                : [
                    { authenticationMethod: 'Password', succeeded: true },
                    { authenticationMethod: 'Mobile app notification', succeeded: true },
                  ],
          }),
      status: { errorCode: 0 },
    })),
  );
  const failed = {
    userPrincipalName: address('ada'),
    createdDateTime: ago(now, from + 2).toISOString(),
    appDisplayName: 'Customer portal administration (demo)',
    isInteractive: true,
    authenticationRequirement: 'multiFactorAuthentication',
    authenticationDetails: [],
    status: { errorCode: 500121 },
  };
  return JSON.stringify({ value: [...value, failed] });
}

export const registrationsFile = (method: 'key' | 'push'): string =>
  JSON.stringify({
    value: everybody.map((name) => ({
      userPrincipalName: address(name),
      isAdmin: administrators.includes(name),
      isMfaRegistered: true,
      userType: 'member',
      methodsRegistered: method === 'key' ? ['fido2SecurityKey'] : ['microsoftAuthenticatorPush'],
    })),
  });

export const accessPoliciesFile = (method: 'key' | 'push'): string =>
  JSON.stringify({
    value: [
      {
        id: 'demo-1',
        displayName: method === 'key' ? 'Everybody, by security key' : 'Everybody, second factor',
        state: 'enabled',
        conditions: {
          users: { includeUsers: ['All'], excludeUsers: ['emergency@wattle.example'] },
          applications: { includeApplications: ['All'] },
          clientAppTypes: ['all'],
        },
        grantControls:
          method === 'key'
            ? { authenticationStrength: { id: '00000000-0000-0000-0000-000000000004' }, builtInControls: [] }
            : { operator: 'OR', builtInControls: ['mfa'] },
      },
    ],
  });

/** The directory's accounts as a table. @param idle administrators whose account nobody has used for ten weeks */
export function directoryFile(now: Date, daysAgo: number, idle: readonly string[]): string {
  const domain = 'S-1-5-21-1004336348-1177238915-682003330';
  const day = (days: number): string => ago(now, days).toISOString();
  const rows = everybody.map((name, at) =>
    [name, `${domain}-${1100 + at}`, 512, '', day(daysAgo + 1), day(900), address(name), `E${100 + at}`].join(
      ',',
    ),
  );
  const privileged = administrators.map((name, at) => {
    const groups = name === 'lena' || name === 'sione' ? 'Administrators;Backup Operators' : 'Domain Admins';
    const used = idle.includes(name) ? 74 : daysAgo + 2;
    const person = `E${100 + given.length + at}`;
    return [`adm-${name}`, `${domain}-${2100 + at}`, 512, groups, day(used), day(700), '', person].join(',');
  });
  const head =
    'sAMAccountName,objectSid,userAccountControl,memberOf,lastLogonDate,whenCreated,mail,employeeID';
  return [head, ...rows, ...privileged].join('\n');
}

/** The register of approved access. @param old administrators whom nobody confirmed for more than a year */
export function approvalsFile(now: Date, old: readonly string[]): string {
  const day = (days: number): string => ago(now, days).toISOString().slice(0, 10);
  const rows = administrators.map((name) =>
    [`adm-${name}`, 'privileged', day(700), day(old.includes(name) ? 388 : 120), 'Priya Nair'].join(','),
  );
  return ['account,access,requested,validated,by', ...rows].join('\n');
}

const sets = [
  'Customer database',
  'Identity provider',
  'File shares',
  'Configuration',
  'Secrets vault',
  'Log archive',
];

export const backupPlanFile = (): string =>
  ['data set,newest within hours,kept days', ...sets.map((name) => `${name},48,90`)].join('\n');

/** Nightly jobs in a span of days ago, as Veeam's table. */
export function backupRunsFile(now: Date, from: number, to: number): string {
  const days = Array.from({ length: 60 }, (_, at) => at + 0.3).filter((day) => day <= from && day > to);
  const rows = days.flatMap((day) =>
    sets.map((name, at) => {
      const warned = Math.floor(day) % 9 === at;
      const begin = ago(now, day + 0.05).toISOString();
      return `${name},${begin},${ago(now, day).toISOString()},${warned ? 'Warning' : 'Success'},Backup repository Canberra`;
    }),
  );
  return ['JobName,CreationTime,EndTime,Result,Repository', ...rows].join('\n');
}

export const restoreTestsFile = (now: Date): string =>
  [
    'data set,at,result,restored to',
    ...sets.map((name, at) => {
      const tested = ago(now, 60 + at * 25);
      return `${name},${tested.toISOString()},success,${ago(tested, 1).toISOString()}`;
    }),
  ].join('\n');

/** @param locked whether a lock holds backups against whoever administers hosts */
export const backupRightsFile = (locked: boolean): string =>
  [
    'repository,account,class,read,write,locked',
    'Backup repository Canberra,Everybody,unprivileged,none,no,no',
    `Backup repository Canberra,Cloud administrators,privileged,none,${locked ? 'no' : 'yes'},${locked ? 'yes' : 'no'}`,
    `Backup repository Canberra,Backup administrators,backup-administrator,others,yes,${locked ? 'yes' : 'no'}`,
  ].join('\n');

/** Who maintains what runs on the hosts, and until when. */
export const softwareFile = (now: Date, hosts: readonly { name: string; role: string }[]): string =>
  [
    'host,product,class,support ends',
    ...hosts
      .filter(({ role }) => role !== 'network-device')
      .map(({ name, role }) =>
        role === 'workstation'
          ? `${name},Microsoft 365 Apps,user-application,${ago(now, -900).toISOString().slice(0, 10)}`
          : `${name},nginx 1.28,online-service,${ago(now, -300).toISOString().slice(0, 10)}`,
      ),
  ].join('\n');

export const methodOf: Readonly<Record<Place, 'key' | 'push'>> = { odce: 'push', pdce: 'key' };
