import { type DemoHost, type Estate, hostsIn, type Place } from './estate.ts';
import {
  accessPoliciesFile,
  approvalsFile,
  backupPlanFile,
  backupRightsFile,
  backupRunsFile,
  directoryFile,
  methodOf,
  registrationsFile,
  restoreTestsFile,
  signInsFile,
  softwareFile,
} from './people-files.ts';
import { ago, discoveryFile, exploitedFile, nessusFile } from './scans.ts';
import { appControlFile, appLockerFile, registryFile, windowsStateFile } from './windows.ts';

export type EvidenceFile = {
  readonly name: string;
  readonly content: string;
  readonly collectedAt: Date;
  /** How many there are in all, where only the sender can say. */
  readonly population?: { readonly covered: number; readonly of: number };
};

/** What was sent as evidence at a moment, and what came since the one before. */
export type Sending = { readonly now: Date; readonly from: number; readonly at: number };

/**
 * The files of an environment at a moment: as the tools that are named in them export them. What stands for 30 days and was
 * collected earlier has run out by now, or soon will: that is a part of what the demo shows.
 */
export function evidenceFiles(estate: Estate, place: Place, sending: Sending): EvidenceFile[] {
  const { now, from, at } = sending;
  const hosts = hostsIn(estate, place);
  const method = methodOf[place];
  const files: EvidenceFile[] = [];
  const add = (name: string, content: string, daysAgo = at, of?: number): void =>
    void files.push({
      // A file of one host is called after it.
      name: `demo/${place}/${name}`,
      content,
      collectedAt: ago(now, daysAgo),
      ...(of !== undefined && { population: { covered: of, of } }),
    });
  const on = (...days: number[]): boolean => days.includes(at);

  add('scan.nessus', nessusFile(estate, place, { now, from, to: at }));
  add('backup-runs.csv', backupRunsFile(now, from, at));
  add('known-exploited.json', exploitedFile(estate, now, at));
  if (on(42, 28, 14, 1.2)) {
    add(
      'discovery.csv',
      discoveryFile(estate, place, now, { from: at + 15, to: at }),
      at,
      estate.networks.length,
    );
    add('sign-ins.json', signInsFile(now, at, method, singles(place, at)));
  }
  if (on(42, 14, 1.2)) {
    add('hosts.csv', hostsCsv(now, hosts));
    add('registered-factors.json', registrationsFile(method));
    add('conditional-access.json', accessPoliciesFile(method));
    add('directory.csv', directoryFile(now, at, place === 'pdce' ? ['dev'] : []));
  }
  if (on(42)) {
    add('backup-plan.csv', backupPlanFile());
    add('restore-tests.csv', restoreTestsFile(now));
  }
  // Nobody has looked at it in OFFICIAL since: it has run out.
  if (on(42) || (place === 'pdce' && on(14))) add('software.csv', softwareFile(now, hosts));
  if (on(28)) add('approved-access.csv', approvalsFile(now, place === 'odce' ? ['marek'] : []));
  if (on(28, 7)) add('backup-rights.csv', backupRightsFile(place === 'pdce' || at === 28));
  // That of PROTECTED is about to run out, that of OFFICIAL has.
  if (place === 'pdce' ? on(14) : on(28))
    add('windows-state.json', windowsStateFile(hosts), place === 'pdce' ? 27.2 : 33);
  if (on(14))
    for (const [name, content] of settings(hosts, place)) add(name, content, place === 'pdce' ? 26 : 18);
  if (on(42, 14)) for (const [name, content] of applicationControl(hosts, place, at)) add(name, content);
  return files;
}

/** Who was let in with a password alone six weeks ago. */
const singles = (place: Place, at: number): string[] =>
  place === 'odce' && at === 42 ? ['finn', 'gia'] : [];

const settings = (hosts: readonly DemoHost[], place: Place): [string, string][] =>
  hosts
    .filter(({ role, windows }) => windows && role === 'workstation')
    .map(({ name }, at) => [`${name}.reg`, registryFile(at, { macrosOff: place === 'pdce' })]);

/** In PROTECTED App Control everywhere; in OFFICIAL AppLocker on workstations, of which two still only audit. */
function applicationControl(hosts: readonly DemoHost[], place: Place, at: number): [string, string][] {
  const windows = hosts.filter((host) => host.windows);
  if (place === 'pdce') return at === 14 ? windows.map(({ name }) => [`${name}.xml`, appControlFile()]) : [];
  return windows
    .filter(({ role }) => role === 'workstation')
    .map(({ name }) => [`${name}.xml`, appLockerFile(at === 14 && !/-WS-0[36]$/.test(name))]);
}

function hostsCsv(now: Date, hosts: readonly DemoHost[]): string {
  const ends = ago(now, -700).toISOString().slice(0, 10);
  const yes = (is: boolean): string => (is ? 'yes' : 'no');
  return [
    'host,role,internet facing,os,support ends,releases behind,privileged,office',
    ...hosts.map((host) =>
      [
        host.name,
        host.role,
        yes(host.exposed),
        host.os,
        ends,
        host.os.includes('2022') ? 1 : 0,
        yes(host.privileged),
        yes(host.office),
      ].join(','),
    ),
  ].join('\n');
}
