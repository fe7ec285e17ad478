import type { Confidence } from '#contract/governance/evidence';
import type { Evaluator, Judgement } from '#governance/evidence';
import { bringInventory, type Host, type Inventory, inventoryOf, namesOf } from './hosts.ts';
import { ceilingOf, type Found, judge, some, unknown } from './judge.ts';
import { type Evidence, flag, members, type Seen, text, texts } from './values.ts';

export type Value = string | number;
/** What a registry hive or a policy holds. Keys are canonical: lower case, `hklm\…\name`. */
export type Settings = {
  get(key: string): Value | undefined;
  /** Whether the export would hold the key if it were set. */
  covers(key: string): boolean;
};
export type Checked =
  | { readonly is: 'good' }
  /** Set to something that won't do. */
  | { readonly is: 'bad'; readonly why: string }
  /** Not set at all: on a host that is bad, in one policy of many it says nothing. */
  | { readonly is: 'missing'; readonly why: string }
  | { readonly is: 'open'; readonly why: string };

export type SettingRule = {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly controls: readonly string[];
  readonly scope: 'machine' | 'user';
  readonly hosts: (host: Host) => boolean;
  readonly what: string;
  readonly does: string;
  readonly ceiling: Confidence;
  readonly bring: readonly string[];
  readonly check: (settings: Settings) => Checked;
};

/** Judges a setting host by host from registry exports; where there are none, from policies that reach everybody. */
export const settingEvaluator = (rule: SettingRule): Evaluator => ({
  id: rule.id,
  version: rule.version,
  title: rule.title,
  controls: rule.controls,
  kinds: ['windows.settings', 'inventory.hosts'],
  ceiling: rule.ceiling,
  evaluate: (evidence) => judgeSetting(rule, evidence),
});

function judgeSetting(rule: SettingRule, evidence: Evidence): Judgement {
  const inventory = inventoryOf(evidence);
  const hives = [...evidence.facts('windows.settings')];
  const onHosts = hives.filter((seen) => text(seen, 'from') === 'registry');
  if (onHosts.length === 0)
    return fromPolicies(
      rule,
      hives.filter((seen) => text(seen, 'from') === 'policy'),
    );
  const byHost = Map.groupBy(onHosts, ({ fact }) => inventory.find(fact.subject)?.name ?? fact.subject);
  const found = [...byHost]
    // A host the inventory knows to be of another sort isn't asked.
    .filter(([name]) => inWanted(rule, inventory, name))
    .map(([name, seen]) =>
      rule.scope === 'machine' ? ofMachine(rule, name, seen) : ofPeople(rule, name, seen),
    );
  return judge({
    what: rule.what,
    does: rule.does,
    of: namesOf(inventory, rule.hosts),
    found,
    confidence: ceilingOf(rule.ceiling, [...new Set(onHosts.map(({ collection }) => collection))]),
    bring: rule.bring,
    bringAll: bringInventory,
  });
}

function inWanted(rule: SettingRule, inventory: Inventory, name: string): boolean {
  const host = inventory.find(name);
  return host === undefined || rule.hosts(host);
}

function ofMachine(rule: SettingRule, host: string, hives: readonly Seen[]): Found {
  const machine = hives.filter((seen) => text(seen, 'hive') === 'machine');
  if (machine.length === 0) return { subject: host, is: 'open', why: 'the export holds no machine settings' };
  const checked = rule.check(settingsOf(machine));
  if (checked.is === 'good') return { subject: host, is: 'good' };
  return { subject: host, is: checked.is === 'open' ? 'open' : 'bad', why: checked.why };
}

/**
 * A host is good when every profile on it was looked at and is good. A hive that wasn't loaded, or an export without the
 * list of profiles, leaves it open: nobody has seen these people's settings.
 */
function ofPeople(rule: SettingRule, host: string, hives: readonly Seen[]): Found {
  const people = Map.groupBy(
    hives.filter((seen) => text(seen, 'hive') === 'user'),
    (seen) => text(seen, 'user') ?? 'somebody',
  );
  const bad: string[] = [];
  const open: string[] = [];
  for (const [who, of] of people) {
    if (of.some((seen) => flag(seen, 'loaded') === false)) {
      open.push(`the hive of ${who} was not loaded`);
      continue;
    }
    const checked = rule.check(settingsOf(of));
    if (checked.is === 'open') open.push(`${who}: ${checked.why}`);
    else if (checked.is !== 'good') bad.push(`${who}: ${checked.why}`);
  }
  if (bad.length > 0) return { subject: host, is: 'bad', why: some(bad) };
  if (open.length > 0) return { subject: host, is: 'open', why: some(open) };
  if (people.size === 0) return { subject: host, is: 'open', why: 'the export holds nobody’s hive' };
  return hives.some((seen) => flag(seen, 'profiles') === true)
    ? { subject: host, is: 'good' }
    : {
        subject: host,
        is: 'open',
        why: 'the export doesn’t list the profiles (ProfileList), so some may be missing',
      };
}

/** What policies say that are assigned to everybody: proxy at best, and a setting none of them makes says nothing. */
function fromPolicies(rule: SettingRule, policies: readonly Seen[]): Judgement {
  if (policies.length === 0)
    return unknown(`No evidence in force says whether ${rule.what} ${rule.does}.`, rule.bring);
  const reaching = policies.filter(
    (seen) => text(seen, 'assigned') === 'all' && flag(seen, 'excludes') !== true,
  );
  const names = (from: readonly Seen[]): string => some(from.map(({ fact }) => fact.subject));
  const setting = policies.filter((seen) => rule.check(settingsOf([seen])).is === 'good');
  if (reaching.length === 0)
    return unknown(
      setting.length > 0
        ? `${names(setting)} would do, but the export doesn’t say that it is assigned to everybody.`
        : `No exported policy is assigned to everybody.`,
      ['the policies with their assignments (Graph: $expand=assignments)', ...rule.bring],
    );
  const checked = rule.check(settingsOf(reaching));
  if (checked.is === 'missing' || checked.is === 'open')
    return unknown(`The policies that reach everybody leave it open: ${checked.why}.`, rule.bring);
  const confidence = ceilingOf(
    'proxy',
    reaching.map(({ collection }) => collection),
  );
  if (checked.is === 'bad')
    return {
      status: 'not-satisfied',
      confidence,
      because: `A policy for everybody won’t do: ${checked.why}.`,
      tested: reaching.length,
      failed: 1,
      failing: [{ subject: names(reaching), why: checked.why }],
    };
  return {
    status: 'satisfied',
    confidence,
    because: `${names(reaching)}, assigned to everybody, makes ${rule.what} ${rule.does}; no host was looked at.`,
    tested: reaching.length,
  };
}

function settingsOf(hives: readonly Seen[]): Settings {
  const all = new Map<string, Value>();
  const roots: string[] = [];
  for (const seen of hives) {
    for (const [key, value] of members(seen, 'settings'))
      if (typeof value === 'string' || typeof value === 'number') all.set(key, value);
    roots.push(...texts(seen, 'covers'));
  }
  return {
    get: (key) => all.get(key),
    covers: (key) => roots.some((root) => key.startsWith(`${root}\\`)),
  };
}

/** One value under a policy key has to be one of these. What is under `Recommended` people can change: it doesn't count. */
export function oneOf(settings: Settings, key: string, good: readonly Value[]): Checked {
  const value = settings.get(key);
  if (value !== undefined)
    return good.includes(value)
      ? { is: 'good' }
      : { is: 'bad', why: `${shortKey(key)} is ${value}, not ${good.join(' or ')}` };
  const cut = key.lastIndexOf('\\');
  const recommended = `${key.slice(0, cut)}\\recommended${key.slice(cut)}`;
  if (settings.get(recommended) !== undefined)
    return { is: 'bad', why: `${shortKey(key)} is only recommended, so people can change it` };
  return settings.covers(key)
    ? { is: 'missing', why: `${shortKey(key)} isn’t set` }
    : { is: 'open', why: `the export doesn’t reach ${shortKey(key)}` };
}

/** The last two parts: `security\vbawarnings`. */
const shortKey = (key: string): string => key.split('\\').slice(-2).join('\\');

/** All have to be good; the worst is told. */
export function every(checks: readonly Checked[]): Checked {
  for (const is of ['bad', 'missing', 'open'] as const) {
    const found = checks.find((one) => one.is === is);
    if (found !== undefined) return found;
  }
  return { is: 'good' };
}
/** One that is good is enough. */
export const either = (checks: readonly Checked[]): Checked =>
  checks.find(({ is }) => is === 'good') ?? checks.find(({ is }) => is === 'open') ?? every(checks);
