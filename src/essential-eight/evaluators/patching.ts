import { type Collection, type Evaluator, type Fact, type Judgement, summing } from '#governance/evidence';
import type { Coverage, TableControl } from '../table.ts';
import { cadence, type Clock, inTime, type Life } from './clock.ts';
import { bringInventory, type Host, type Inventory, inventoryOf, namesOf } from './hosts.ts';
import { ceilingOf, type Found, judge, some } from './judge.ts';
import { beginScanner, type Component, type Run, type ScannerSum, type Sighting } from './scanner-sum.ts';
import { date, day, dayMilliseconds } from './values.ts';

type Sum =
  | { of: 'scans'; sum: ScannerSum }
  | { of: 'exploited'; since: Record<string, string> }
  | { of: 'hosts'; facts: KeptFact[] };
/** A host's fact as JSON. */
type KeptFact = Pick<Fact, 'subject' | 'values'>;
type Sums = readonly { readonly collection: Collection; readonly sum: Sum }[];

const kinds = ['scanner.results', 'vulnerability.exploited', 'inventory.hosts'];
const bringScans = 'scanner results of the last month, each scan, signed in to the hosts (scanner.results)';
const bringExploited = 'the list of exploited vulnerabilities (vulnerability.exploited)';

/** An office suite, browser, mail client, PDF reader or security product. */
const userApplication =
  /\b(office|365|word|excel|powerpoint|outlook|libreoffice|chrome|chromium|edge|firefox|safari|opera|brave|thunderbird|acrobat|adobe reader|foxit|pdf|defender|antivirus|endpoint|crowdstrike|sophos|mcafee|trellix|symantec|eset|kaspersky)\b/i;

const wantedHosts: Readonly<
  Record<Coverage, { word: string; wanted: (host: Host) => boolean; component: Component }>
> = {
  'online-services': {
    word: 'internet-facing servers',
    wanted: (host) => host.exposed === true && host.role === 'server',
    component: 'application',
  },
  'user-applications': {
    word: 'workstations',
    wanted: (host) => host.role === 'workstation',
    component: 'application',
  },
  'other-applications': {
    word: 'hosts',
    wanted: (host) => host.role !== 'network-device',
    component: 'application',
  },
  'exposed-systems': {
    word: 'internet-facing servers and network devices',
    wanted: (host) => host.exposed === true && host.role !== 'workstation',
    component: 'os',
  },
  'inner-systems': {
    word: 'workstations and inner servers and network devices',
    wanted: (host) => host.exposed !== true || host.role === 'workstation',
    component: 'os',
  },
  drivers: { word: 'hosts', wanted: (host) => host.role !== 'network-device', component: 'driver' },
  firmware: { word: 'hosts', wanted: () => true, component: 'firmware' },
};

/** @returns undefined where it can't be told, because nobody says what the host is */
export function coverageOf(
  sighting: Pick<Sighting, 'component' | 'product'>,
  host: Host | undefined,
): Coverage | undefined {
  if (sighting.component === 'driver') return 'drivers';
  if (sighting.component === 'firmware') return 'firmware';
  if (sighting.component === 'os') {
    if (host === undefined || (host.exposed === undefined && host.role !== 'workstation')) return undefined;
    return host.exposed === true && host.role !== 'workstation' ? 'exposed-systems' : 'inner-systems';
  }
  if (userApplication.test(sighting.product)) return 'user-applications';
  if (host === undefined || (host.exposed === undefined && host.role === 'server')) return undefined;
  return host.exposed === true && host.role === 'server' ? 'online-services' : 'other-applications';
}

/** The rarest a scan may come (ISM-1700, ISM-1702): what an older one saw says nothing about today. */
const freshDays = 14;

/** One evaluator for each control with a clock. */
export const patchEvaluator = (control: TableControl, clock: Clock & { of: Coverage }): Evaluator =>
  summing<Sum>({
    id: `e8.patch.${control.id}`,
    version: 2,
    title: control.asks,
    controls: [control.id],
    kinds,
    ceiling: 'direct',
    parameters: { within: clock.within, when: clock.when, of: clock.of },
    begin,
    judge: (input) =>
      judgePatching(
        clock,
        kinds.flatMap((kind) => input.sums(kind)),
        input.now,
      ),
  });

function judgePatching(clock: Clock & { of: Coverage }, all: Sums, now: Date): Judgement {
  const { inventory, scans, exploited, exploitsKnown } = gathered(all, now);
  const { word, wanted, component } = wantedHosts[clock.of];
  const nameOf = (host: string) => inventory.find(host)?.name ?? host;
  const runs = Map.groupBy(
    scans.flatMap((sum) => sum.runs),
    ({ host }) => nameOf(host),
  );
  const lives = livesOf(scans, nameOf, exploited);
  const turns: Date[] = [];
  let counted = 0;
  let late = 0;
  const found = [...runs].flatMap(([subject, ofHost]): Found[] => {
    const host = inventory.find(subject);
    if (host !== undefined && !wanted(host)) return [];
    const problems: { why: string; due: Date }[] = [];
    const open: string[] = [];
    const signedIn = ofHost.filter((run) => run.credentialed === true && run.reaches.includes(component));
    if (signedIn.length === 0) open.push('no scan signed in to it and looked for these');
    else if (signedIn.every(({ at }) => now.getTime() - Date.parse(at) > freshDays * dayMilliseconds))
      open.push(`no scan signed in to it in the last ${freshDays} days`);
    for (const life of lives.get(subject) ?? []) {
      const of = coverageOf(life, host);
      if (of === undefined) open.push(`the inventory doesn’t say what ${subject} is`);
      if (of !== clock.of) continue;
      const is = inTime(clock, life, now);
      if (is.is === 'other') continue;
      counted++;
      if (is.is === 'late') {
        late++;
        problems.push({
          why: `${life.id} in ${life.product}${life.goneBy ? ' was fixed late' : ' is still open'}`,
          due: is.due,
        });
      } else if (is.is === 'open') open.push(`${life.id}: ${is.why}`);
      else if (is.is === 'running') turns.push(is.due);
    }
    const [first] = problems.toSorted((a, b) => a.due.getTime() - b.due.getTime());
    if (first) return [{ subject, is: 'bad', why: some(problems.map(({ why }) => why)), due: first.due }];
    // Without the list of exploits no clock can be told apart from another.
    if (clock.when !== 'any' && !exploitsKnown) open.push('which of them are exploited isn’t known');
    const [why] = open;
    return [why === undefined ? { subject, is: 'good' } : { subject, is: 'open', why }];
  });
  const judgement = judge({
    what: word,
    does: 'get these fixes in time',
    of: namesOf(inventory, wanted),
    found,
    confidence: ceilingOf(
      'direct',
      all.map(({ collection }) => collection),
    ),
    bring: [bringScans, ...(exploitsKnown ? [] : [bringExploited])],
    bringAll: bringInventory,
    until: turns.sort((a, b) => a.getTime() - b.getTime())[0],
  });
  return judgement.status === 'unknown'
    ? judgement
    : {
        ...judgement,
        because: `${judgement.because} In the window ${counted - late} of ${counted} fixes were in time or are not yet due.`,
      };
}

type LifeOf = Life & Pick<Sighting, 'id' | 'product' | 'component'>;

function livesOf(
  scans: readonly ScannerSum[],
  nameOf: (host: string) => string,
  exploited: ReadonlyMap<string, Date>,
): ReadonlyMap<string, LifeOf[]> {
  const runTimes = new Map<string, number[]>();
  for (const run of scans.flatMap((sum) => sum.runs)) {
    // Only a scan that signed in can see that something is gone.
    if (run.credentialed === false) continue;
    const key = `${run.scanner}\n${nameOf(run.host)}`;
    const times = runTimes.get(key) ?? [];
    times.push(Date.parse(run.at));
    runTimes.set(key, times);
  }
  for (const times of runTimes.values()) times.sort((a, b) => a - b);
  const sightings = Map.groupBy(
    scans.flatMap((sum) => sum.sightings),
    (one) => `${one.scanner}\n${nameOf(one.host)}\n${one.id}\n${one.product}`,
  );
  const byHost = new Map<string, LifeOf[]>();
  for (const same of sightings.values()) {
    const [one] = same;
    if (one === undefined) continue;
    const times = same.map(({ at }) => Date.parse(at));
    const lastSeen = Math.max(...times);
    const host = nameOf(one.host);
    const gone = runTimes.get(`${one.scanner}\n${host}`)?.find((at) => at > lastSeen);
    const known = one.cves.flatMap((cve) => exploited.get(cve.toUpperCase())?.getTime() ?? []);
    const life: LifeOf = {
      id: one.id,
      product: one.product,
      component: one.component,
      critical: same.some(({ critical }) => critical),
      released: one.released === null ? undefined : new Date(one.released),
      exploitedAt: known.length === 0 ? undefined : new Date(Math.min(...known)),
      firstSeen: new Date(Math.min(...times)),
      lastSeen: new Date(lastSeen),
      goneBy: gone === undefined ? undefined : new Date(gone),
    };
    const list = byHost.get(host) ?? [];
    list.push(life);
    byHost.set(host, list);
  }
  return byHost;
}

/** One evaluator for each control with a cadence of scans. */
export const scanEvaluator = (control: TableControl, scan: { of: Coverage; everyDays: number }): Evaluator =>
  summing<Sum>({
    id: `e8.scan.${control.id}`,
    version: 2,
    title: control.asks,
    controls: [control.id],
    kinds,
    ceiling: 'direct',
    parameters: { everyDays: scan.everyDays, of: scan.of },
    begin,
    judge: (input) =>
      judgeCadence(
        scan,
        kinds.flatMap((kind) => input.sums(kind)),
        input.now,
      ),
  });

function judgeCadence(scan: { of: Coverage; everyDays: number }, all: Sums, now: Date): Judgement {
  const { inventory, scans } = gathered(all, now);
  const { word, wanted, component } = wantedHosts[scan.of];
  const runs = scans.flatMap((sum) => sum.runs);
  const knownUntil = new Date(Math.max(0, ...runs.map(({ at }) => Date.parse(at))));
  const byHost = Map.groupBy(runs, ({ host }) => inventory.find(host)?.name ?? host);
  const found = [...byHost].flatMap(([subject, ofHost]): Found[] => {
    const host = inventory.find(subject);
    if (host !== undefined && !wanted(host)) return [];
    const looking = ofHost.filter((run) => run.reaches.includes(component));
    if (looking.length === 0)
      return [{ subject, is: 'open', why: 'no scan of it says that it looks for these' }];
    const signedIn = looking.filter(({ credentialed }) => credentialed === true);
    if (signedIn.length === 0) return [{ subject, is: 'open', why: 'no scan signed in to it' }];
    return [{ subject, ...cadence(scan.everyDays, timesOf(signedIn), knownUntil, now) }];
  });
  return judge({
    what: word,
    does: scan.everyDays === 1 ? 'get scanned every day' : `get scanned every ${scan.everyDays} days`,
    of: namesOf(inventory, wanted),
    found,
    confidence: ceilingOf(
      'direct',
      all.map(({ collection }) => collection),
    ),
    bring: [bringScans],
    bringAll: bringInventory,
  });
}
const timesOf = (runs: readonly Run[]): readonly Date[] =>
  runs.map(({ at }) => new Date(at)).sort((a, b) => a.getTime() - b.getTime());

/** A feed older than this when a scan began wasn't up to date. Ours: a day, and half of one for time zones. */
const feedMilliseconds = 1.5 * dayMilliseconds;

export const feedEvaluator: Evaluator = summing<Sum>({
  id: 'e8.scan.feed',
  version: 1,
  title: 'The scanner’s list of vulnerabilities is fresh',
  controls: ['ism-1808'],
  kinds: ['scanner.results'],
  ceiling: 'direct',
  begin,
  judge: (input) => {
    const all = input.sums('scanner.results');
    const runs = gathered(all, input.now).scans.flatMap((sum) => sum.runs);
    const byScanner = Map.groupBy(runs, ({ scanner }) => scanner);
    const found = [...byScanner].map(([subject, some]): Found => {
      const old = some.find(
        ({ at, feedAt }) => feedAt !== null && Date.parse(at) - Date.parse(feedAt) > feedMilliseconds,
      );
      if (old?.feedAt)
        return {
          subject,
          is: 'bad',
          why: `scanned on ${day(new Date(old.at))} with a list of ${day(new Date(old.feedAt))}`,
        };
      return some.some(({ feedAt }) => feedAt === null)
        ? { subject, is: 'open', why: 'a scan doesn’t say how old its list is' }
        : { subject, is: 'good' };
    });
    return judge({
      what: 'scanners',
      does: 'scan with a fresh list of vulnerabilities',
      of: new Set(byScanner.keys()),
      found,
      confidence: ceilingOf(
        'direct',
        all.map(({ collection }) => collection),
      ),
      bring: ['scanner results that say how old the scanner’s feed is (scanner.results)'],
      bringAll: bringScans,
    });
  },
});

function begin(collection: Collection): { add(fact: Fact): void; sum(): Sum } {
  if (collection.kind === 'scanner.results') {
    const scans = beginScanner(collection);
    return { add: (fact) => scans.add(fact), sum: () => ({ of: 'scans', sum: scans.sum() }) };
  }
  if (collection.kind === 'inventory.hosts') {
    const facts: KeptFact[] = [];
    return {
      add: ({ subject, values }) => void facts.push({ subject, values }),
      sum: () => ({ of: 'hosts', facts }),
    };
  }
  const since: Record<string, string> = Object.create(null);
  return {
    add(fact) {
      const at = fact.at ?? date({ collection, fact }, 'since');
      if (at !== undefined) since[fact.subject.toUpperCase()] = at.toISOString();
    },
    sum: () => ({ of: 'exploited', since: { ...since } }),
  };
}

function gathered(
  all: Sums,
  now: Date,
): {
  inventory: Inventory;
  scans: readonly ScannerSum[];
  exploited: ReadonlyMap<string, Date>;
  exploitsKnown: boolean;
} {
  const hosts = all.flatMap(({ collection, sum }) =>
    sum.of === 'hosts' ? [{ collection, facts: sum.facts }] : [],
  );
  const inventory = inventoryOf({
    now,
    collections: () => hosts.map(({ collection }) => collection),
    facts: () => hosts.flatMap(({ collection, facts }) => facts.map((fact) => ({ collection, fact }))),
  });
  const lists = all.flatMap(({ sum }) => (sum.of === 'exploited' ? [sum.since] : []));
  return {
    inventory,
    scans: all.flatMap(({ sum }) => (sum.of === 'scans' ? [sum.sum] : [])),
    exploited: new Map(
      lists.flatMap((since) => Object.entries(since).map(([cve, at]) => [cve, new Date(at)] as const)),
    ),
    exploitsKnown: lists.length > 0,
  };
}
