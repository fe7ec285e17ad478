import type { Confidence } from '#contract/governance/evidence';
import type { Evaluator, Judgement } from '#governance/evidence';
import { bringInventory, type Host, type Inventory, inventoryOf, namesOf } from './hosts.ts';
import { ceilingOf, type Found, judge, some } from './judge.ts';
import { date, dayMilliseconds, type Evidence, flag, number, type Seen, text } from './values.ts';

/** A host that sent nothing for so long is silent: nobody knows what it does. */
const silentDays = 2;
/** Things that happen rarely, but in any month. */
const rareDays = 30;

type Last = { readonly at: Date; readonly commandLine: boolean | undefined };
type OnHost = {
  /** The newest event of that id on such a channel. */
  readonly last: (channel: RegExp, ids: readonly number[]) => Last | undefined;
  readonly now: Date;
};
type Answer = { is: 'good' } | { is: 'bad' | 'open'; why: string };
type Rule = {
  readonly id: string;
  readonly title: string;
  readonly control: string;
  readonly hosts: (host: Host) => boolean;
  readonly what: string;
  readonly does: string;
  readonly ceiling: Confidence;
  readonly bring: string;
  readonly check: (on: OnHost) => Answer;
};

const good: Answer = { is: 'good' };
const open = (why: string): Answer => ({ is: 'open', why });
const within = (on: OnHost, last: Last | undefined, days: number): boolean =>
  last !== undefined && on.now.getTime() - last.at.getTime() <= days * dayMilliseconds;
const windows = (host: Host): boolean => host.windows;
const directory = (host: Host): boolean => host.windows && host.role === 'server';

const logEvaluator = (rule: Rule): Evaluator => ({
  id: rule.id,
  version: 2,
  title: rule.title,
  controls: [rule.control],
  kinds: ['windows.events', 'inventory.hosts'],
  ceiling: rule.ceiling,
  evaluate: (evidence) => judgeLogs(rule, evidence),
});

/** Silence is never a pass and never a failure: a host that sends nothing is not known. */
function judgeLogs(rule: Rule, evidence: Evidence): Judgement {
  const inventory = inventoryOf(evidence);
  const byHost = Map.groupBy(
    evidence.facts('windows.events'),
    ({ fact }) => inventory.find(fact.subject)?.name ?? fact.subject,
  );
  const found = [...byHost].flatMap(([subject, events]): Found[] => {
    const host = inventory.find(subject);
    if (host !== undefined && !rule.hosts(host)) return [];
    return [
      { subject, ...rule.check({ now: evidence.now, last: (channel, ids) => newest(events, channel, ids) }) },
    ];
  });
  return judge({
    what: rule.what,
    does: rule.does,
    of: namesOf(inventory, rule.hosts),
    found,
    confidence: ceilingOf(rule.ceiling, evidence.collections('windows.events')),
    bring: [rule.bring],
    bringAll: bringInventory,
  });
}

function newest(events: readonly Seen[], channel: RegExp, ids: readonly number[]): Last | undefined {
  let found: Last | undefined;
  for (const seen of events) {
    const at = date(seen, 'last');
    if (
      at === undefined ||
      !ids.includes(number(seen, 'event') ?? -1) ||
      !channel.test(text(seen, 'channel') ?? '')
    )
      continue;
    if (found === undefined || at > found.at) found = { at, commandLine: flag(seen, 'commandLine') };
  }
  return found;
}

const security = /^security$/i;
const powershell = /powershell/i;
const sysmon = /sysmon/i;
const appLocker = /applocker/i;
const codeIntegrity = /codeintegrity/i;

/** SOURCE: accounts 4720, 4722, 4725, 4726, 4738; groups 4728, 4729, 4732, 4733, 4756, 4757. */
const changes = [4720, 4722, 4725, 4726, 4738, 4728, 4729, 4732, 4733, 4756, 4757];

const rules: readonly Rule[] = [
  {
    id: 'e8.logs.privileged-access',
    title: 'Privileged access reaches the central log',
    control: 'ism-1509',
    hosts: windows,
    what: 'Windows hosts',
    does: 'log privileged access centrally',
    ceiling: 'proxy',
    bring: 'event 4672 of each host (windows.events)',
    check: (on) =>
      within(on, on.last(security, [4672]), silentDays)
        ? good
        : open('no privileged sign-in came from it lately'),
  },
  {
    id: 'e8.logs.privilege-changes',
    title: 'Changes to accounts and groups reach the central log',
    control: 'ism-1650',
    hosts: directory,
    what: 'Windows servers',
    does: 'log changes to accounts and groups centrally',
    ceiling: 'proxy',
    bring: 'events 4720 to 4757 of each server (windows.events)',
    check: (on) => {
      if (!within(on, on.last(security, [4672, 4624, 4688]), silentDays))
        return open('its security log is silent');
      return within(on, on.last(security, changes), rareDays)
        ? good
        : open('no change to an account or group in 30 days');
    },
  },
  {
    id: 'e8.logs.processes',
    title: 'Started processes reach the central log with their command line',
    control: 'ism-1889',
    hosts: windows,
    what: 'Windows hosts',
    does: 'log processes with their command line',
    ceiling: 'direct',
    bring: 'events 4688 or Sysmon 1 of each host (windows.events)',
    check: (on) => {
      if (within(on, on.last(sysmon, [1]), silentDays)) return good;
      const started = on.last(security, [4688]);
      if (!within(on, started, silentDays)) return open('no started process came from it lately');
      if (started?.commandLine === undefined) return open('whether the command line is there isn’t said');
      return started.commandLine ? good : { is: 'bad', why: 'its processes come without their command line' };
    },
  },
  {
    id: 'e8.logs.powershell',
    title: 'PowerShell reaches the central log',
    control: 'ism-1623',
    hosts: windows,
    what: 'Windows hosts',
    does: 'log PowerShell modules and script blocks centrally',
    // Transcripts are files: whether they are collected isn't among the events.
    ceiling: 'partial',
    bring: 'events 4103 and 4104 of each host (windows.events)',
    check: (on) => {
      const missing = [4103, 4104].filter((id) => !within(on, on.last(powershell, [id]), rareDays));
      return missing.length === 0 ? good : open(`no event ${missing.join(' and ')} in 30 days`);
    },
  },
  {
    id: 'e8.logs.application-control',
    title: 'Allowed and blocked programs reach the central log',
    control: 'ism-1660',
    hosts: windows,
    what: 'Windows hosts',
    does: 'log allowed and blocked programs centrally',
    ceiling: 'direct',
    bring: 'AppLocker events 8002 to 8007 of each host (windows.events)',
    check: (on) => {
      if (within(on, on.last(appLocker, [8002, 8005]), rareDays)) return good;
      return within(on, on.last(codeIntegrity, [3076, 3077, 3099]), rareDays)
        ? open('App Control logs nothing for what it allows, unless set to')
        : open('no application control event in 30 days');
    },
  },
];

/** Logs that arrive can be read in time; that somebody does is for people to say. */
const logsToRead = (id: string, control: string, what: string, hosts: (host: Host) => boolean): Evaluator =>
  logEvaluator({
    id,
    title: `The security logs of ${what} arrive where they are looked at`,
    control,
    hosts,
    what,
    does: 'send their security log to where it is looked at',
    ceiling: 'partial',
    bring: 'security events of each host (windows.events)',
    check: (on) =>
      within(on, on.last(security, [4624, 4625, 4648, 4672, 4688]), silentDays)
        ? good
        : open('its security log is silent'),
  });

/** Interactive: at the console 2, by remote desktop 10, from the cache 11. */
export const interactive: readonly number[] = [2, 10, 11];

type Sides = {
  readonly id: string;
  readonly title: string;
  readonly control: string;
  readonly what: string;
  readonly does: string;
  readonly hosts: (host: Host) => boolean;
  readonly wrong: (privileged: boolean) => boolean;
  readonly word: string;
};

/** Who signed in where. That nobody did isn't that nobody could: a proxy at best. */
const signInSides = ({ wrong, ...rule }: Sides): Evaluator => ({
  id: rule.id,
  version: 2,
  title: rule.title,
  controls: [rule.control],
  kinds: ['windows.events', 'directory.accounts', 'inventory.hosts'],
  ceiling: 'proxy',
  evaluate: (evidence) => {
    const inventory = inventoryOf(evidence);
    const privileged = accountsOf(evidence);
    const byHost = new Map<string, { wrong: string[]; strangers: string[] }>();
    for (const { seen, host } of interactiveOn(evidence, inventory, rule.hosts)) {
      const account = text(seen, 'account') ?? '';
      const of = byHost.get(host.name) ?? { wrong: [], strangers: [] };
      byHost.set(host.name, of);
      const kind = privileged(seen);
      if (kind === 'machine') continue;
      if (kind === undefined) of.strangers.push(account);
      else if (wrong(kind))
        of.wrong.push(`${account} on ${text(seen, 'last')?.slice(0, 10) ?? 'an unknown day'}`);
    }
    const found = [...byHost].map(([subject, on]): Found => {
      if (on.wrong.length > 0)
        return { subject, is: 'bad', why: `${rule.word} signed in: ${some(on.wrong)}` };
      return on.strangers.length > 0
        ? {
            subject,
            is: 'open',
            why: `the directory’s export doesn’t know ${some([...new Set(on.strangers)])}`,
          }
        : { subject, is: 'good' };
    });
    return judge({
      what: rule.what,
      does: rule.does,
      of: knownSides(inventory) ? namesOf(inventory, rule.hosts) : undefined,
      found,
      confidence: ceilingOf('proxy', evidence.collections('windows.events')),
      bring: ['events 4624 of each host (windows.events)', 'the directory’s accounts (directory.accounts)'],
      bringAll: 'the inventory of hosts, with which are privileged environments (inventory.hosts)',
    });
  },
});

function* interactiveOn(evidence: Evidence, inventory: Inventory, wanted: (host: Host) => boolean) {
  for (const seen of evidence.facts('windows.events')) {
    const host = inventory.find(seen.fact.subject);
    if (host !== undefined && wanted(host) && isInteractive(seen)) yield { seen, host };
  }
}

/** Where people with privileges and people without them both sit, the two environments are one. */
const apart: Evaluator = {
  id: 'e8.privilege.apart',
  version: 1,
  title: 'No host is worked on with privileges and without',
  controls: ['ism-1380'],
  kinds: ['windows.events', 'directory.accounts', 'inventory.hosts'],
  ceiling: 'partial',
  evaluate: (evidence) => {
    const inventory = inventoryOf(evidence);
    const privileged = accountsOf(evidence);
    const byHost = new Map<string, { with: Set<string>; without: Set<string>; strangers: Set<string> }>();
    for (const { seen, host } of interactiveOn(evidence, inventory, windows)) {
      const kind = privileged(seen);
      if (kind === 'machine') continue;
      const of = byHost.get(host.name) ?? { with: new Set(), without: new Set(), strangers: new Set() };
      byHost.set(host.name, of);
      const side = kind === undefined ? of.strangers : kind ? of.with : of.without;
      side.add(text(seen, 'account') ?? '');
    }
    return judge({
      what: 'Windows hosts',
      does: 'keep privileged and ordinary work apart',
      of: namesOf(inventory, windows),
      found: [...byHost].map(([subject, on]): Found => {
        if (on.with.size > 0 && on.without.size > 0)
          return {
            subject,
            is: 'bad',
            why: `both ${some([...on.with])} and ${some([...on.without])} work there`,
          };
        return on.strangers.size > 0
          ? { subject, is: 'open', why: `the directory’s export doesn’t know ${some([...on.strangers])}` }
          : { subject, is: 'good' };
      }),
      confidence: ceilingOf('partial', evidence.collections('windows.events')),
      bring: ['events 4624 of each host (windows.events)', 'the directory’s accounts (directory.accounts)'],
      bringAll: bringInventory,
    });
  },
};

/** Somebody said of at least one host that it is a privileged environment. */
const knownSides = ({ hosts }: Inventory): boolean => hosts.some(({ privileged }) => privileged === true);
const isInteractive = (seen: Seen): boolean =>
  number(seen, 'event') === 4624 && interactive.includes(number(seen, 'logonType') ?? -1);

/** @returns whether an account has privileges; undefined for one the directory's export doesn't hold */
function accountsOf(evidence: Evidence): (seen: Seen) => boolean | 'machine' | undefined {
  const bySid = new Map<string, boolean>();
  const byName = new Map<string, boolean>();
  for (const seen of evidence.facts('directory.accounts')) {
    const is = flag(seen, 'privileged') === true;
    const sid = text(seen, 'sid');
    if (sid !== undefined) bySid.set(sid, is);
    byName.set(seen.fact.subject.toLowerCase(), is);
  }
  return (seen) => {
    const sid = text(seen, 'sid') ?? '';
    const name = (text(seen, 'account') ?? '').toLowerCase();
    // Windows itself, its window manager, and local administrators (which the control leaves out).
    if (/^s-1-5-(18|19|20|90-|96-)/i.test(sid) || name.endsWith('$') || sid.endsWith('-500'))
      return 'machine';
    return bySid.get(sid) ?? byName.get(name);
  };
}

export const logEvaluators: readonly Evaluator[] = [
  ...rules.map(logEvaluator),
  logsToRead(
    'e8.logs.workstations',
    'ism-0109',
    'workstations',
    (host) => host.windows && host.role === 'workstation',
  ),
  logsToRead(
    'e8.logs.exposed',
    'ism-1906',
    'internet-facing servers',
    (host) => host.role === 'server' && host.exposed === true,
  ),
  logsToRead(
    'e8.logs.inner',
    'ism-1907',
    'inner servers',
    (host) => host.role === 'server' && host.exposed !== true,
  ),
  apart,
  signInSides({
    id: 'e8.privilege.environments',
    title: 'Ordinary accounts stay out of privileged environments',
    control: 'ism-1688',
    what: 'privileged environments',
    does: 'keep ordinary accounts out',
    hosts: (host) => host.windows && host.privileged === true,
    wrong: (privileged) => !privileged,
    word: 'an ordinary account',
  }),
  signInSides({
    id: 'e8.privilege.elsewhere',
    title: 'Privileged accounts stay out of ordinary environments',
    control: 'ism-1689',
    what: 'ordinary environments',
    does: 'keep privileged accounts out',
    hosts: (host) => host.windows && host.role === 'workstation' && host.privileged !== true,
    wrong: (privileged) => privileged,
    word: 'a privileged account',
  }),
];
