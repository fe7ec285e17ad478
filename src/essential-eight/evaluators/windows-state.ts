import type { Confidence } from '#contract/governance/evidence';
import type { Evaluator } from '#governance/evidence';
import { bringInventory, type Host, inventoryOf, namesOf } from './hosts.ts';
import { ceilingOf, type Found, judge } from './judge.ts';
import { members, type Seen, text } from './values.ts';

type StateRule = {
  readonly id: string;
  readonly title: string;
  readonly controls: readonly string[];
  readonly hosts: (host: Host) => boolean;
  readonly what: string;
  readonly does: string;
  readonly bring: string;
  /** Default direct. */
  readonly ceiling?: Confidence;
  /** @returns undefined where this fact doesn't tell */
  readonly check: (seen: Seen) => true | string | undefined;
};

const workstation = (host: Host): boolean => host.windows && host.role === 'workstation';
const windows = (host: Host): boolean => host.windows;

const stateEvaluator = ({ check, hosts, ceiling = 'direct', ...rule }: StateRule): Evaluator => ({
  id: rule.id,
  version: 2,
  title: rule.title,
  controls: rule.controls,
  kinds: ['windows.state', 'inventory.hosts'],
  ceiling,
  evaluate: (evidence) => {
    const inventory = inventoryOf(evidence);
    const byHost = new Map<string, Found>();
    const used = new Set<Seen['collection']>();
    for (const seen of evidence.facts('windows.state')) {
      const host = inventory.find(seen.fact.subject);
      const subject = host?.name ?? seen.fact.subject;
      const said = check(seen);
      if (said === undefined || (host !== undefined && !hosts(host))) continue;
      used.add(seen.collection);
      // Collections come oldest first: the newest word on a host stands.
      byHost.set(subject, said === true ? { subject, is: 'good' } : { subject, is: 'bad', why: said });
    }
    return judge({
      what: rule.what,
      does: rule.does,
      of: namesOf(inventory, hosts),
      found: [...byHost.values()],
      confidence: ceilingOf(ceiling, [...used]),
      bring: [rule.bring],
      bringAll: bringInventory,
    });
  },
});

/** SOURCE: Defender's rule actions: 0 off, 1 block, 2 audit, 6 warn. Only blocking is in force; a warning can be passed. */
const asrWord: Readonly<Record<number, string>> = { 0: 'off', 2: 'only audited', 6: 'only warned about' };
const blocks = (guid: string) => (seen: Seen) => {
  const rules = members(seen, 'asr');
  if (seen.fact.values['asr'] === undefined) return undefined;
  const action = rules.find(([id]) => id === guid)?.[1];
  if (action === 1) return true;
  return typeof action === 'number' ? `it is ${asrWord[action] ?? `action ${action}`}` : 'the rule isn’t set';
};
const asr = (id: string, title: string, control: string, guid: string, does: string): StateRule => ({
  id,
  title,
  controls: [control],
  hosts: workstation,
  what: 'workstations',
  does,
  bring: 'Get-MpPreference of each host (windows.state)',
  check: blocks(guid),
});

/** Disabled, or not there at all. @see Get-WindowsOptionalFeature */
const off = (feature: string) => (seen: Seen) => {
  const state = members(seen, 'features').find(([name]) => name.toLowerCase() === feature.toLowerCase())?.[1];
  if (typeof state !== 'string') return undefined;
  return /^(disabled|disabledwithpayloadremoved|removed|absent)$/i.test(state)
    ? true
    : `it is ${state.toLowerCase()}`;
};
const feature = (id: string, title: string, control: string, name: string, does: string): StateRule => ({
  id,
  title,
  controls: [control],
  hosts: windows,
  what: 'Windows hosts',
  does,
  bring: `Get-WindowsOptionalFeature -Online -FeatureName ${name} of each host (windows.state)`,
  check: off(name),
});

/** SOURCE: Win32_DeviceGuard.SecurityServicesRunning: 1 Credential Guard, 2 memory integrity. Configured isn't running. */
const runs = (service: number) => (seen: Seen) => {
  const running = seen.fact.values['running'];
  if (!Array.isArray(running)) return undefined;
  return running.includes(service) ? true : 'it doesn’t run';
};
const guard = (id: string, title: string, control: string, service: number, does: string): StateRule => ({
  id,
  title,
  controls: [control],
  hosts: windows,
  what: 'Windows hosts',
  does,
  bring: 'Win32_DeviceGuard of each host (windows.state)',
  check: runs(service),
});

const rules: readonly StateRule[] = [
  asr(
    'e8.asr.macro-win32',
    'Macros can’t call Win32',
    'ism-1673',
    '92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b',
    'keep macros from calling Win32',
  ),
  asr(
    'e8.asr.office-children',
    'Office starts no programs',
    'ism-1667',
    'd4f940ab-401b-4efc-aadc-ad5f3c50688a',
    'keep Office from starting programs',
  ),
  asr(
    'e8.asr.office-executables',
    'Office writes no programs',
    'ism-1668',
    '3b576869-a4ec-4529-8536-b80a7769e899',
    'keep Office from writing programs',
  ),
  asr(
    'e8.asr.office-injection',
    'Office injects no code',
    'ism-1669',
    '75668c1f-73b5-4cf0-bb93-3ecf5cb7cc84',
    'keep Office from injecting code',
  ),
  asr(
    'e8.asr.pdf-children',
    'PDF readers start no programs',
    'ism-1670',
    '7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c',
    'keep the PDF reader from starting programs',
  ),
  feature(
    'e8.feature.internet-explorer',
    'Internet Explorer is off',
    'ism-1654',
    'Internet-Explorer-Optional-amd64',
    'have Internet Explorer off',
  ),
  {
    // No other browser of today runs Java; Edge can show pages as Internet Explorer would, which isn't seen here.
    ...feature(
      'e8.browser.java',
      'No browser that runs Java is on',
      'ism-1486',
      'Internet-Explorer-Optional-amd64',
      'have no browser that runs Java',
    ),
    ceiling: 'partial',
  },
  feature(
    'e8.feature.net35',
    '.NET Framework 3.5 is off',
    'ism-1655',
    'NetFx3',
    'have .NET Framework 3.5 off',
  ),
  feature(
    'e8.feature.powershell2',
    'PowerShell 2.0 is off',
    'ism-1621',
    'MicrosoftWindowsPowerShellV2Root',
    'have PowerShell 2.0 off',
  ),
  guard('e8.credential-guard', 'Credential Guard runs', 'ism-1686', 1, 'run Credential Guard'),
  guard('e8.memory-integrity', 'Memory integrity runs', 'ism-1896', 2, 'run memory integrity'),
  {
    id: 'e8.powershell.constrained',
    title: 'PowerShell is constrained',
    controls: ['ism-1622'],
    hosts: windows,
    what: 'Windows hosts',
    does: 'constrain PowerShell’s language',
    bring: 'LanguageMode of each host, as an ordinary person gets it (windows.state)',
    check: (seen) => {
      const mode = text(seen, 'languageMode');
      if (mode === undefined) return undefined;
      return /^constrainedlanguage$/i.test(mode) ? true : `it is ${mode}`;
    },
  },
];

export const windowsStateEvaluators: readonly Evaluator[] = rules.map(stateEvaluator);
