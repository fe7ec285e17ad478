import type { Confidence } from '#contract/governance/evidence';
import type { Evaluator, Judgement } from '#governance/evidence';
import { bringInventory, type Host, inventoryOf, namesOf } from './hosts.ts';
import { ceilingOf, type Found, judge } from './judge.ts';
import { type Evidence, flag, members, number, type Seen, text, texts } from './values.ts';

/** What is known of a host: its policies, and how often each event told of it. */
type OnHost = { readonly policies: readonly Seen[]; readonly events: ReadonlyMap<number, number> };
type Answer = { is: 'good' } | { is: 'bad' | 'open'; why: string };
type Rule = {
  readonly id: string;
  readonly title: string;
  readonly control: string;
  readonly hosts: (host: Host) => boolean;
  readonly what: string;
  readonly does: string;
  readonly ceiling: Confidence;
  readonly check: (on: OnHost) => Answer;
};

const bring =
  'AppLocker’s effective policy or the App Control policies of each host (application-control.policies)';
const workstation = (host: Host): boolean => host.windows && host.role === 'workstation';
const exposedServer = (host: Host): boolean =>
  host.windows && host.role === 'server' && host.exposed === true;
const innerServer = (host: Host): boolean => host.windows && host.role === 'server' && host.exposed !== true;
const windows = (host: Host): boolean => host.windows;

const evaluator = (rule: Rule): Evaluator => ({
  id: rule.id,
  version: 2,
  title: rule.title,
  controls: [rule.control],
  kinds: ['application-control.policies', 'windows.events', 'inventory.hosts'],
  ceiling: rule.ceiling,
  evaluate: (evidence) => judgeHosts(rule, evidence),
});

function judgeHosts(rule: Rule, evidence: Evidence): Judgement {
  const inventory = inventoryOf(evidence);
  const nameOf = (name: string) => inventory.find(name)?.name ?? name;
  const policies = Map.groupBy(evidence.facts('application-control.policies'), ({ fact }) =>
    nameOf(fact.subject),
  );
  const events = new Map<string, Map<number, number>>();
  for (const seen of evidence.facts('windows.events')) {
    const id = number(seen, 'event');
    if (id === undefined || !/applocker|codeintegrity/i.test(text(seen, 'channel') ?? '')) continue;
    const host = nameOf(seen.fact.subject);
    const ofHost = events.get(host) ?? new Map<number, number>();
    ofHost.set(id, (ofHost.get(id) ?? 0) + (number(seen, 'count') ?? 1));
    events.set(host, ofHost);
  }
  const found = [...policies].flatMap(([subject, some]): Found[] => {
    const host = inventory.find(subject);
    if (host !== undefined && !rule.hosts(host)) return [];
    return [{ subject, ...rule.check({ policies: some, events: events.get(subject) ?? new Map() }) }];
  });
  const everyOneSeen = found.every(({ subject }) => proven(events.get(subject)));
  return judge({
    what: rule.what,
    does: rule.does,
    of: namesOf(inventory, rule.hosts),
    found,
    // A policy that is there may not run. Events of it running are what proves it.
    confidence: ceilingOf(
      everyOneSeen ? rule.ceiling : 'proxy',
      evidence.collections('application-control.policies'),
    ),
    bring: [bring],
    bringAll: bringInventory,
  });
}

/**
 * Events only an enforcing policy writes. 8002, 8005: allowed; 8004, 8007: blocked; 3077: blocked; 3099: a policy was
 * loaded. 8003, 8006 and 3076 are of a policy that only audits.
 */
const proven = (events: ReadonlyMap<number, number> | undefined): boolean =>
  [8002, 8004, 8005, 8007, 3077, 3099].some((id) => events?.has(id));

const appLocker = (seen: Seen): boolean => text(seen, 'product') === 'applocker';
const collectionMode = (seen: Seen, collection: string): string | undefined => {
  const mode = members(seen, 'modes').find(([name]) => name === collection)?.[1];
  return typeof mode === 'string' ? mode : undefined;
};
const enforcedLocker = (on: OnHost, collection: string): boolean =>
  on.policies.some((seen) => appLocker(seen) && collectionMode(seen, collection) === 'Enabled');
/** App Control in force for programs: not auditing, and with user mode on. */
const appControl = (on: OnHost): readonly Seen[] =>
  on.policies.filter(
    (seen) => !appLocker(seen) && flag(seen, 'audit') === false && flag(seen, 'userMode') === true,
  );

const good: Answer = { is: 'good' };
const bad = (why: string): Answer => ({ is: 'bad', why });
const open = (why: string): Answer => ({ is: 'open', why });

function implemented(on: OnHost): Answer {
  if (appControl(on).length > 0) return good;
  const audits = on.policies.some(
    (seen) => flag(seen, 'audit') === true || collectionMode(seen, 'Exe') === 'AuditOnly',
  );
  if (!enforcedLocker(on, 'Exe'))
    return bad(audits ? 'its policy only audits' : 'no policy is enforced for programs');
  const wide = wideRules(on, 'Exe');
  if (wide.length > 0) return bad(`everybody may run ${wide[0]}`);
  // Enforced on paper while programs pass with "would have been blocked": the service works by another policy.
  if (on.events.has(8003) && !on.events.has(8004) && !on.events.has(8002))
    return bad('its events are those of auditing');
  return good;
}

/** Allow rules of AppLocker for everybody that reach everywhere: `*`, or the whole disk. */
const wideRules = (on: OnHost, collection: string): readonly string[] =>
  allowedPaths(on, collection).filter((path) => /^(\*|%osdrive%\\\*|[a-z]:\\\*|\\\\\*)$/i.test(path));
const allowedPaths = (on: OnHost, collection: string): readonly string[] =>
  on.policies.filter(appLocker).flatMap((seen) => {
    const paths = members(seen, 'allowedPaths').find(([name]) => name === collection)?.[1];
    return Array.isArray(paths) ? paths.filter((one) => typeof one === 'string') : [];
  });
const userPlaces =
  /\\users\\|%userprofile%|%(local)?appdata%|%temp%|%tmp%|\\temp\\|\\windows\\temp|\\downloads\\|%hot%|%removable%/i;

const four = ['Exe', 'Dll', 'Script', 'Msi'] as const;
const unenforced = (on: OnHost): readonly string[] => four.filter((one) => !enforcedLocker(on, one));
const fourWords: Readonly<Record<(typeof four)[number], string>> = {
  Exe: 'programs',
  Dll: 'libraries',
  Script: 'scripts',
  Msi: 'installers',
};

function kindsOfFile(on: OnHost): Answer {
  const base = implemented(on);
  if (base.is !== 'good') return base;
  const denied = on.policies.flatMap((seen) => texts(seen, 'denied').map((name) => name.toLowerCase()));
  const policies = appControl(on);
  if (policies.length > 0) {
    if (policies.some((seen) => flag(seen, 'scripts') === false))
      return bad('scripts are left out (script enforcement is off)');
    return denied.some((name) => name.includes('hh.exe'))
      ? good
      : open('whether anything restricts compiled help (.chm) isn’t in the policy');
  }
  const missing = four.filter((one) => !enforcedLocker(on, one)).map((one) => fourWords[one]);
  if (missing.length > 0) return bad(`AppLocker doesn’t enforce ${missing.join(', ')}`);
  // AppLocker has no rules for these files: only their programs can be denied.
  const opened = ['mshta.exe', 'hh.exe'].filter((program) => !denied.some((name) => name.includes(program)));
  return opened.length > 0
    ? bad(`AppLocker can’t restrict .chm, .hta and .cpl, and ${opened.join(' and ')} may run`)
    : open('whether control panel items (.cpl) are restricted can’t be seen in AppLocker');
}

function drivers(on: OnHost): Answer {
  const enforced = on.policies.filter((seen) => !appLocker(seen) && flag(seen, 'audit') === false);
  if (enforced.length === 0)
    return open(
      on.policies.some((seen) => !appLocker(seen))
        ? 'its App Control policy only audits'
        : 'AppLocker doesn’t reach drivers',
    );
  return enforced.some((seen) => flag(seen, 'allowsAllDrivers') === true)
    ? bad('the policy allows every driver')
    : good;
}

/** Some that Microsoft's list of applications to block has held for years; a policy with all of them carries the list. */
const blocked = [
  'addinprocess.exe',
  'aspnet_compiler.exe',
  'bginfo.exe',
  'cdb.exe',
  'csi.exe',
  'dnx.exe',
  'fsi.exe',
  'msbuild.exe',
  'rcsi.exe',
  'windbg.exe',
  'wmic.exe',
];
function blockList(on: OnHost): Answer {
  const denied = new Set(
    on.policies
      .filter((seen) => flag(seen, 'audit') !== true)
      .flatMap((seen) => texts(seen, 'denied').map((name) => name.toLowerCase())),
  );
  const missing = blocked.filter((name) => ![...denied].some((one) => one.includes(name)));
  if (missing.length === 0) return good;
  return missing.length === blocked.length
    ? bad('no policy carries the list')
    : bad(`the list lacks ${missing.slice(0, 3).join(', ')}`);
}

function userPlacesCovered(on: OnHost): Answer {
  const base = implemented(on);
  if (base.is !== 'good') return base;
  if (appControl(on).length > 0)
    return appControl(on).some((seen) => flag(seen, 'anyPath') === true)
      ? open('path rules may name places people can write to (runtime path protection is off)')
      : good;
  const missing = unenforced(on);
  if (missing.length > 0) return bad(`${missing.join(', ')} are not enforced there`);
  const opened = four.flatMap((one) => [
    ...wideRules(on, one),
    ...allowedPaths(on, one).filter((path) => userPlaces.test(path)),
  ]);
  return opened.length > 0 ? bad(`everybody may run what is in ${opened[0]}`) : good;
}

function elsewhereCovered(on: OnHost): Answer {
  const base = implemented(on);
  if (base.is !== 'good' || appControl(on).length > 0) return base;
  const wide = four.flatMap((one) => wideRules(on, one));
  return wide.length > 0 ? bad(`everybody may run what is in ${wide[0]}`) : good;
}

export const applicationControlEvaluators: readonly Evaluator[] = [
  evaluator({
    id: 'e8.appcontrol.workstations',
    title: 'Workstations run only what is allowed',
    control: 'ism-0843',
    hosts: workstation,
    what: 'workstations',
    does: 'enforce application control',
    ceiling: 'direct',
    check: implemented,
  }),
  evaluator({
    id: 'e8.appcontrol.exposed-servers',
    title: 'Exposed servers run only what is allowed',
    control: 'ism-1490',
    hosts: exposedServer,
    what: 'internet-facing servers',
    does: 'enforce application control',
    ceiling: 'direct',
    check: implemented,
  }),
  evaluator({
    id: 'e8.appcontrol.inner-servers',
    title: 'Inner servers run only what is allowed',
    control: 'ism-1656',
    hosts: innerServer,
    what: 'inner servers',
    does: 'enforce application control',
    ceiling: 'direct',
    check: implemented,
  }),
  evaluator({
    id: 'e8.appcontrol.files',
    title: 'All seven kinds of file are covered',
    control: 'ism-1657',
    hosts: windows,
    what: 'Windows hosts',
    does: 'restrict all seven kinds of file',
    ceiling: 'proxy',
    check: kindsOfFile,
  }),
  evaluator({
    id: 'e8.appcontrol.drivers',
    title: 'Only allowed drivers load',
    control: 'ism-1658',
    hosts: windows,
    what: 'Windows hosts',
    does: 'restrict drivers',
    ceiling: 'proxy',
    check: drivers,
  }),
  evaluator({
    id: 'e8.appcontrol.blocklist',
    title: 'Microsoft’s application list is blocked',
    control: 'ism-1544',
    hosts: windows,
    what: 'Windows hosts',
    does: 'block Microsoft’s list of applications',
    ceiling: 'proxy',
    check: blockList,
  }),
  evaluator({
    id: 'e8.appcontrol.user-places',
    title: 'Profiles and temporary folders are covered',
    control: 'ism-1870',
    hosts: windows,
    what: 'Windows hosts',
    does: 'cover user profiles and temporary folders',
    ceiling: 'direct',
    check: userPlacesCovered,
  }),
  evaluator({
    id: 'e8.appcontrol.elsewhere',
    title: 'All other places are covered',
    control: 'ism-1871',
    hosts: windows,
    what: 'Windows hosts',
    does: 'cover all other places',
    ceiling: 'direct',
    check: elsewhereCovered,
  }),
];
