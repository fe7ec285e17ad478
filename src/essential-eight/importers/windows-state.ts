import type { Fact, Importer } from '#governance/evidence';
import type { Read } from './records.ts';
import {
  holds,
  hostInName,
  integer,
  list,
  type Named,
  object,
  refused,
  said,
  string,
  taken,
} from './shapes.ts';

/** Whose it is: PowerShell's remoting adds PSComputerName; a file of one host can be called after it. */
const hostOf = (value: Named): string | undefined =>
  string(value['PSComputerName']) ?? string(value['ComputerName']) ?? string(value['__SERVER']);

/** Get-MpPreference: the rules and their actions are two lists side by side. */
function rulesOf(value: Named): Fact['values'] | undefined {
  if (!('AttackSurfaceReductionRules_Ids' in value)) return undefined;
  const ids = list(value['AttackSurfaceReductionRules_Ids']).map((id) => string(id)?.toLowerCase());
  const actions = list(value['AttackSurfaceReductionRules_Actions']).map(integer);
  if (ids.length !== actions.length) return undefined;
  return { asr: said(Object.fromEntries(ids.map((id, at) => [id ?? '', actions[at]]))) };
}

/** Win32_DeviceGuard: what is configured, and what runs. */
function guardOf(value: Named): Fact['values'] | undefined {
  if (!('SecurityServicesRunning' in value)) return undefined;
  const numbers = (name: string) => list(value[name]).flatMap((one) => integer(one) ?? []);
  return { running: numbers('SecurityServicesRunning'), configured: numbers('SecurityServicesConfigured') };
}

/** Get-WindowsOptionalFeature: one feature an object. State is a word. */
const featureStates = [
  'Disabled',
  'DisablePending',
  'Enabled',
  'EnablePending',
  'DisabledWithPayloadRemoved',
];
function featureOf(value: Named): Fact['values'] | undefined {
  const name = string(value['FeatureName']);
  const written = string(value['State']);
  if (name === undefined || written === undefined) return undefined;
  // The numbers differ between versions of DISM: only a word is sure.
  const state = featureStates.find((one) => one.toLowerCase() === written.toLowerCase());
  return state === undefined ? undefined : { features: { [name]: state } };
}

const languageOf = (value: Named): Fact['values'] | undefined => {
  const mode = string(value['LanguageMode']);
  return mode === undefined ? undefined : { languageMode: mode };
};

function readState(value: Named, fallback: string): Read {
  const parts = [rulesOf(value), guardOf(value), featureOf(value), languageOf(value)].filter(
    (one) => one !== undefined,
  );
  if (parts.length === 0)
    return {
      refused:
        'It is no preference, feature, device guard or language mode that can be read. Write states as words: ConvertTo-Json -EnumsAsStrings.',
    };
  return parts.map((values) => ({ subject: hostOf(value) ?? fallback, values }));
}

/** PowerShell writes one result as an object and several as a list; both are taken. */
export const windowsStateImporter: Importer = {
  kind: 'windows.state',
  name: 'State of Windows hosts (PowerShell JSON)',
  onBadRow: 'skip-row',
  accepts: (head) =>
    [
      '"AttackSurfaceReductionRules_Ids"',
      '"SecurityServicesRunning"',
      '"FeatureName"',
      '"LanguageMode"',
    ].some((word) => holds(head, word)),
  async *read(file) {
    const whole = await file.json();
    const fallback = hostInName(file.name);
    const hosts = new Set<string>();
    let row = 0;
    for (const one of Array.isArray(whole) ? whole : [whole]) {
      row++;
      const read = readState(object(one), fallback);
      if ('refused' in read) yield refused(row, read.refused);
      else if (!('skipped' in read)) {
        for (const { subject } of read) hosts.add(subject);
        yield taken(row, ...read);
      }
    }
    // What one host says of itself stands beside what others do.
    return {
      source:
        hosts.size === 1 ? `state of ${[...hosts][0] ?? ''} (${file.name})` : `state of hosts (${file.name})`,
    };
  },
};
