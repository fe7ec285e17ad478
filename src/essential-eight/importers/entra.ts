import type { Fact, Importer } from '#governance/evidence';
import { type Read, recordImporter } from './records.ts';
import { boolean, holds, list, type Named, object, said, string, strings, time } from './shapes.ts';

/** SOURCE: a second factor was asked for and not given. */
const notGiven = [50074, 50076, 500121];
const holdsBoth = /fido2|passkey|windows hello|x\.509|certificate/i;

function signIn(value: Named): Read {
  const subject = string(value['userPrincipalName']);
  const at = time(value['createdDateTime']);
  if (subject === undefined || at === undefined)
    return { refused: 'It has no userPrincipalName or no createdDateTime.' };
  const steps = list(value['authenticationDetails'])
    .map(object)
    .filter((step) => boolean(step['succeeded']) !== false);
  const methods = steps.flatMap((step) => strings(step['authenticationMethod']));
  const code = object(value['status'])['errorCode'];
  const types = strings(value['signInEventTypes']);
  return [
    {
      subject,
      at,
      values: said({
        result: code === 0 ? 'success' : 'failure',
        interactive:
          boolean(value['isInteractive']) ??
          (types.length > 0 ? types.includes('interactiveUser') : undefined),
        second: secondOf(string(value['authenticationRequirement']), code, methods),
        methods,
        application: string(value['appDisplayName']),
      }),
    },
  ];
}

/** SOURCE: Graph signIn.authenticationRequirement says what was asked; that it was given shows in that it succeeded. */
function secondOf(requirement: string | undefined, code: unknown, methods: readonly string[]): string {
  if (typeof code === 'number' && notGiven.includes(code)) return 'failed';
  if (requirement === 'multiFactorAuthentication') return code === 0 ? 'satisfied' : 'unknown';
  if (requirement !== 'singleFactorAuthentication') return 'unknown';
  // A key or a certificate holds both factors at once, and nothing more is asked then.
  return methods.some((method) => holdsBoth.test(method)) ? 'satisfied' : 'none';
}

function registration(value: Named): Read {
  const subject = string(value['userPrincipalName']);
  if (subject === undefined) return { refused: 'It has no userPrincipalName.' };
  return [
    {
      subject,
      values: said({
        admin: boolean(value['isAdmin']),
        registered: boolean(value['isMfaRegistered']),
        guest: string(value['userType']) === 'guest',
        methods: strings(value['methodsRegistered']),
      }),
    },
  ];
}

const states: Readonly<Record<string, string>> = {
  enabled: 'enabled',
  disabled: 'disabled',
  enabledForReportingButNotEnforced: 'report-only',
};
/** SOURCE: ids of Entra's built-in authentication strengths. */
const anyTwo = '00000000-0000-0000-0000-000000000002';
const resistant = '00000000-0000-0000-0000-000000000004';

function policy(value: Named): Read {
  const subject = string(value['displayName']) ?? string(value['id']);
  if (subject === undefined) return { refused: 'It has no displayName.' };
  const conditions = object(value['conditions']);
  const users = object(conditions['users']);
  const applications = object(conditions['applications']);
  const clients = strings(conditions['clientAppTypes']);
  // On some places, devices or risks only is not everywhere.
  const narrowed =
    ['platforms', 'locations', 'devices', 'clientApplications'].some(
      (name) => Object.keys(object(conditions[name])).length > 0,
    ) ||
    ['signInRiskLevels', 'userRiskLevels'].some((name) => strings(conditions[name]).length > 0) ||
    (clients.length > 0 && !clients.includes('all'));
  const excluded = [
    users['excludeUsers'],
    users['excludeGroups'],
    users['excludeRoles'],
    applications['excludeApplications'],
  ].flatMap(strings);
  return [
    {
      subject,
      values: said({
        state: states[string(value['state']) ?? ''] ?? 'disabled',
        everybody: strings(users['includeUsers']).includes('All'),
        everything: strings(applications['includeApplications']).includes('All') && !narrowed,
        excludes:
          excluded.length > 0 || Object.keys(object(users['excludeGuestsOrExternalUsers'])).length > 0,
        excluded: excluded.length,
        requires: requiredBy(object(value['grantControls'])),
      }),
    },
  ];
}

function requiredBy(grant: Named): string[] {
  const built = strings(grant['builtInControls']);
  const strength = string(object(grant['authenticationStrength'])['id']);
  // Where one of several would do, none of them is asked for.
  const asked = built.includes('mfa') && (built.length === 1 || string(grant['operator']) === 'AND');
  return [
    ...(asked || strength === anyTwo ? ['mfa'] : []),
    ...(strength === resistant ? ['phishing-resistant'] : []),
  ];
}

function role(value: Named): Read {
  const principal = object(value['principal']);
  const name = string(principal['userPrincipalName']);
  const subject = name ?? string(value['principalId']);
  if (subject === undefined) return { refused: 'It has no principal.' };
  const assigned = string(value['assignmentType']);
  const ends = time(value['endDateTime']) !== undefined;
  const fact: Fact = {
    subject,
    values: said({
      privileged: true,
      enabled: boolean(principal['accountEnabled']),
      role: string(object(value['roleDefinition'])['displayName']) ?? string(value['roleDefinitionId']),
      // Activated is for a while; assigned without an end stands. Where neither is said, nobody knows.
      standing: assigned === 'Activated' ? false : assigned === 'Assigned' ? !ends : undefined,
      signInName: name,
      mail: string(principal['mail']),
      lastActive: time(object(principal['signInActivity'])['lastSignInDateTime'])?.toISOString(),
      created: time(principal['createdDateTime'])?.toISOString(),
    }),
  };
  return [fact];
}

export const entraImporters: readonly Importer[] = [
  recordImporter(
    {
      kind: 'identity.sign-ins',
      name: 'Microsoft Entra sign-ins (Graph JSON)',
      onBadRow: 'skip-row',
      accepts: (head) =>
        holds(head, '"userPrincipalName"', '"createdDateTime"') &&
        (holds(head, '"authenticationRequirement"') || holds(head, '"conditionalAccessStatus"')),
    },
    signIn,
    () => ({ source: 'Entra sign-ins' }),
  ),
  recordImporter(
    {
      kind: 'identity.registrations',
      name: 'Microsoft Entra registered factors (Graph JSON)',
      onBadRow: 'refuse-file',
      accepts: (head) => holds(head, '"isMfaRegistered"'),
    },
    registration,
    () => ({ source: 'Entra registered factors' }),
  ),
  recordImporter(
    {
      kind: 'identity.access-policies',
      name: 'Microsoft Entra conditional access policies (Graph JSON)',
      onBadRow: 'refuse-file',
      accepts: (head) => holds(head, '"conditions"', '"grantControls"'),
    },
    policy,
    () => ({ source: 'Entra conditional access' }),
  ),
  recordImporter(
    {
      kind: 'directory.accounts',
      name: 'Microsoft Entra directory roles (Graph JSON)',
      onBadRow: 'refuse-file',
      accepts: (head) => holds(head, '"roleDefinitionId"', '"principalId"'),
    },
    role,
    () => ({ source: 'Entra directory roles' }),
  ),
];
