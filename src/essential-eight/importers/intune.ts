import type { Importer } from '#governance/evidence';
import { policyFacts } from './registry.ts';
import { holds, list, type Named, object, refused, string } from './shapes.ts';

type Value = string | number;

const apps: Readonly<Record<string, string>> = {
  ppt: 'powerpoint',
  outlk: 'outlook',
  proj: 'project',
  pub: 'publisher',
};
const office = 'hkcu\\software\\policies\\microsoft\\office\\16.0';

/** Settings whose registry value has another name than their definition's last part. */
const named: readonly { readonly id: RegExp; readonly key: (match: RegExpExecArray) => string }[] = [
  {
    id: /^(access|excel|ppt|visio|word)16v\d+~.*_l_blockmacroexecutionfrominternet$/,
    key: ([, app = '']) => `${office}\\${apps[app] ?? app}\\security\\blockcontentexecutionfrominternet`,
  },
  {
    id: /^(access|excel|ppt|visio|word|proj|pub)16v\d+~.*_l_vbawarningspolicy_l_empty\d*$/,
    key: ([, app = '']) => `${office}\\${apps[app] ?? app}\\security\\vbawarnings`,
  },
  { id: /^office16v\d+~.*_l_disablevbaforofficeapplications\d*$/, key: () => `${office}\\common\\vbaoff` },
  {
    id: /^office16v\d+~.*_l_macroruntimescanscopeenum$/,
    key: () => `${office}\\common\\security\\macroruntimescanscope`,
  },
  {
    id: /^microsoft_edge\w*(?:\.\d+)?~policy~microsoft_edge(?:_recommended)?(?:~[\w~]+)?_(\w+)$/,
    key: ([whole, name = '']) =>
      `hklm\\software\\policies\\microsoft\\edge\\${/_edge_recommended/.test(whole) ? 'recommended\\' : ''}${lastOfDouble(name)}`,
  },
  {
    id: /^chromeintunev\d+~policy~googlechrome(?:_recommended)?(?:~[\w~]+)?_(\w+)$/,
    key: ([whole, name = '']) =>
      `hklm\\software\\policies\\google\\chrome\\${/_recommended/.test(whole) ? 'recommended\\' : ''}${lastOfDouble(name)}`,
  },
  {
    id: /^localsecurityauthority_configurelsaprotectedprocess$/,
    key: () => 'hklm\\system\\currentcontrolset\\control\\lsa\\runasppl',
  },
  {
    id: /^credentialsdelegation_remotehostallowsdelegationofnonexportablecredentials$/,
    key: () => 'hklm\\software\\policies\\microsoft\\windows\\credentialsdelegation\\allowprotectedcreds',
  },
];
/** A value inside a setting is called after it: `downloadrestrictions_downloadrestrictions`. */
function lastOfDouble(name: string): string {
  const half = (name.length - 1) / 2;
  return Number.isInteger(half) && name[half] === '_' && name.slice(0, half) === name.slice(half + 1)
    ? name.slice(half + 1)
    : name;
}

/**
 * Intune's settings catalogue: Graph deviceManagement/configurationPolicies, one policy or a list of them, with
 * `settings` and, where exported with it, `assignments`. What is set, and whom it reaches; not that it got there.
 */
export const intuneImporter: Importer = {
  kind: 'windows.settings',
  name: 'Intune configuration policies (Graph JSON)',
  onBadRow: 'skip-row',
  accepts: (head) =>
    holds(head, '"settingDefinitionId"') ||
    (holds(head, 'configurationPolicies') && holds(head, '"settingCount"')),
  async *read(file) {
    const whole = object(await file.json());
    const policies = Array.isArray(whole['value']) ? whole['value'].map(object) : [whole];
    let row = 0;
    let names = '';
    for (const policy of policies) {
      const name = string(policy['name']) ?? string(policy['displayName']);
      if (name === undefined || !Array.isArray(policy['settings'])) {
        yield refused(++row, 'It is no policy with a name and settings.');
        continue;
      }
      const settings = new Map<string, Value>();
      for (const one of policy['settings']) collect(object(object(one)['settingInstance']), settings, 0);
      const { assigned, excludes } = assignment(policy);
      for (const step of policyFacts(row, name, assigned, excludes, settings)) {
        row = step.row;
        yield step;
      }
      names = names === '' ? name : `${names}, ${name}`;
    }
    return { source: `Intune: ${names}`.slice(0, 200), ceiling: 'proxy' };
  },
};

const deepest = 12;

function collect(instance: Named, settings: Map<string, Value>, depth: number): void {
  const id = string(instance['settingDefinitionId']);
  if (id === undefined || depth > deepest || settings.size >= 5000) return;
  const choice = object(instance['choiceSettingValue']);
  const simple = object(instance['simpleSettingValue']);
  const chosen = string(choice['value']);
  const value =
    chosen === undefined
      ? valueOf(simple['value'])
      : valueOf(chosen.startsWith(`${id}_`) ? chosen.slice(id.length + 1) : chosen);
  if (value !== undefined) settings.set(keyOf(id), value);
  const groups = [
    choice,
    object(instance['groupSettingValue']),
    ...list(instance['groupSettingCollectionValue']).map(object),
  ];
  for (const group of groups)
    for (const child of list(group['children']).map(object)) collect(child, settings, depth + 1);
}

/** Choices end in the value they stand for: `…_smartscreenenabled_1`. */
const valueOf = (value: unknown): Value | undefined =>
  typeof value === 'string' && /^-?\d{1,9}$/.test(value)
    ? Number(value)
    : typeof value === 'string'
      ? value.slice(0, 2000)
      : typeof value === 'number'
        ? value
        : undefined;

/** The registry's name of a setting where we know it; else the definition's own, so that nothing is lost. */
function keyOf(id: string): string {
  const bare = id.toLowerCase().replace(/^(device|user)_vendor_msft_policy_config_/, '');
  for (const { id: pattern, key } of named) {
    const match = pattern.exec(bare);
    if (match) return key(match);
  }
  return `intune:${bare}`;
}

/** SOURCE: Graph deviceManagementConfigurationPolicyAssignment.target */
function assignment(policy: Named): { assigned: 'all' | 'some' | 'none' | 'unstated'; excludes: boolean } {
  if (!Array.isArray(policy['assignments'])) return { assigned: 'unstated', excludes: false };
  const targets = policy['assignments'].map((one) => object(object(one)['target']));
  const types = targets.map((target) => string(target['@odata.type']) ?? '');
  const filtered = targets.some(
    (target) => !['none', undefined].includes(string(target['deviceAndAppManagementAssignmentFilterType'])),
  );
  const everybody = types.some((type) => /allDevices|allLicensedUsers/.test(type));
  const excludes = filtered || types.some((type) => /exclusion/i.test(type));
  return { assigned: types.length === 0 ? 'none' : everybody ? 'all' : 'some', excludes };
}
