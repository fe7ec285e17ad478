import { session as sessionSchema } from '#contract/identity';
import { type AlertDetail, alertDetail, type AlertSummary, type Severity } from '#contract/soc/triage';
import type { EventRow } from '#contract/soc/search';

/** Invented organisations, people and events: for working on the page without a running system. */
const organisations = [
  { id: 'harbour', name: 'Harbour Cloud', mark: 'HC' },
  { id: 'agri', name: 'Department of Agriculture', mark: 'AG' },
  { id: 'water', name: 'Bureau of Water', mark: 'BW' },
  { id: 'census', name: 'Census Office', mark: 'CE' },
  { id: 'dental', name: 'Dental Health', mark: 'DH' },
];
const environments = [
  { id: 'odce', name: 'OFFICIAL Data Community', marking: 'OFFICIAL' },
  { id: 'pdce', name: 'PROTECTED Data Community', marking: 'PROTECTED' },
];
export const tenancies = organisations.flatMap((organisation) =>
  environments.map((environment) => ({
    id: `${organisation.id}-${environment.id}`,
    organisation: organisation.id,
    organisationName: organisation.name,
    environment: environment.id,
    environmentName: environment.name,
    marking: environment.marking,
    mark: organisation.mark,
    internal: organisation.id === 'harbour',
  })),
);
export const community = {
  environments,
  organisations: organisations.map(({ id, name }) => ({
    id,
    name,
    kind: id === 'harbour' ? 'provider' : 'customer',
  })),
  tenancies: tenancies.map(({ id, organisation, environment, internal }) => ({
    id,
    organisation,
    environment,
    internal,
    sources: 2,
  })),
};

const me = { id: 'u-1', name: 'Mira Kaplan' };
export const session = sessionSchema.parse({
  user: { ...me, email: 'mira@harbour.example' },
  roles: ['administrator', 'shift-lead'],
  permissions: [
    'alert.read',
    'alert.work',
    'event.read',
    'source.read',
    'source.manage',
    'rule.read',
    'rule.manage',
    'community.read',
    'community.manage',
    'user.read',
    'user.manage',
    'token.manage',
    'person.read',
    'person.manage',
    'clearance.read',
    'clearance.manage',
    'health.read',
    'ledger.read',
  ],
  tenancies,
  csrfToken: 'fixture',
  idleExpiresAt: new Date(Date.now() + 900_000).toISOString(),
  expiresAt: new Date(Date.now() + 43_200_000).toISOString(),
  hasPasskey: true,
  signedInWith: 'passkey',
  demo: false,
});

const stories: readonly {
  severity: Severity;
  title: string;
  kind: 'host' | 'user' | 'source';
  where: string;
  tag: string;
  field: string;
  test: string;
  value: string;
}[] = [
  {
    severity: 'critical',
    title: 'LSASS memory read by an unsigned process',
    kind: 'host',
    where: 'AGR-DC-02',
    tag: 'attack.t1003.001',
    field: 'TargetImage',
    test: "endswith '\\lsass.exe'",
    value: 'C:\\Windows\\System32\\lsass.exe',
  },
  {
    severity: 'critical',
    title: 'Backup catalogue deleted, then volume shadow copies removed',
    kind: 'host',
    where: 'BWN-FS-11',
    tag: 'attack.t1490',
    field: 'CommandLine',
    test: "contains 'delete shadows'",
    value: 'vssadmin.exe delete shadows /all /quiet',
  },
  {
    severity: 'high',
    title: 'Office application starts a script host',
    kind: 'host',
    where: 'DH-WS-204',
    tag: 'attack.t1204.002',
    field: 'ParentImage',
    test: "endswith '\\winword.exe'",
    value: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
  },
  {
    severity: 'high',
    title: 'Sign-in to the console without a second factor',
    kind: 'user',
    where: 'svc_backup',
    tag: 'attack.t1078',
    field: 'additionalEventData.MFAUsed',
    test: "= 'No'",
    value: 'No',
  },
  {
    severity: 'high',
    title: 'DNS tunnelling signs to a domain seen first today',
    kind: 'host',
    where: 'BWN-PX-01',
    tag: 'attack.t1071.004',
    field: 'query',
    test: "re '[a-z0-9]{40,}\\.'",
    value: '4d2f9a0cbb1e77aa20f3c1d9e88b5a7710ff23ab.cdn-sync.example',
  },
  {
    severity: 'medium',
    title: 'Scheduled task created over the network',
    kind: 'host',
    where: 'AGR-APP-07',
    tag: 'attack.t1053.005',
    field: 'ShareName',
    test: "= '\\\\*\\ADMIN$'",
    value: '\\\\*\\ADMIN$',
  },
  {
    severity: 'medium',
    title: 'New administrator added outside a change window',
    kind: 'user',
    where: 'j.okafor',
    tag: 'attack.t1098',
    field: 'EventID',
    test: '= 4732',
    value: '4732',
  },
  {
    severity: 'low',
    title: 'Sudo by a person who has not used it before',
    kind: 'user',
    where: 'agr-lnx-03',
    tag: 'attack.t1548.003',
    field: 'message',
    test: "contains 'sudo:'",
    value: 'sudo: pam_unix(sudo:session): session opened for user root',
  },
  {
    severity: 'low',
    title: 'Source silent for 40 minutes',
    kind: 'source',
    where: 'bwn-fw-02',
    tag: 'attack.t1562',
    field: 'source',
    test: '= silent',
    value: 'bwn-fw-02',
  },
  {
    severity: 'informational',
    title: 'Certificate of a mail gateway has expired',
    kind: 'host',
    where: 'CE-MX-01',
    tag: 'attack.t1587.003',
    field: 'not_after',
    test: '< now',
    value: '2026-11-22T00:00:00Z',
  },
];

export function makeAlerts(count: number, now: number): AlertDetail[] {
  return Array.from({ length: count }, (_, index) =>
    makeAlert(index, new Date(now - index * 97_000 - (index % 7) * 31_000)),
  );
}

export function makeAlert(index: number, at: Date): AlertDetail {
  const story = stories[(index * 7 + Math.floor(index / 11)) % stories.length] ?? stories[0];
  const tenancy = tenancies[(index * 3) % tenancies.length];
  if (!story || !tenancy) throw new Error('There are stories and tenancies above.');
  const iso = at.toISOString();
  const earlier = (seconds: number) => new Date(at.getTime() - seconds * 1000).toISOString();
  const event = {
    '@timestamp': earlier(9),
    Computer: story.where,
    EventID: 10,
    [story.field]: story.value,
    SourceImage: 'C:\\Users\\Public\\upd.exe',
    GrantedAccess: '0x1410',
    User: 'HARBOUR\\svc_backup',
    Hashes: 'SHA256=9c1f2d8e77b04c51aa90ee4471ab23c8ff01de9a6671b3355c0a88f27d4ce07a',
  };
  const acknowledged = index % 9 === 4;
  return alertDetail.parse({
    id: `019a0000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    tenancy: tenancy.id,
    title: story.title,
    severity: story.severity,
    state: acknowledged ? 'acknowledged' : 'new',
    escalated: index % 23 === 2,
    ruleId: `5ef9853e-4d0e-4a70-846f-a9ca37d8${String(1000 + (index % 10))}`,
    ruleAuthor: 'J. Farrow, R. Osei',
    origin: story.kind === 'source' ? 'ironbark' : 'sigma',
    attack: [story.tag, 'attack.credential-access'],
    entities: [
      { kind: story.kind, value: story.where },
      { kind: 'user', value: 'HARBOUR\\svc_backup' },
      { kind: 'process', value: 'C:\\Users\\Public\\upd.exe' },
      { kind: 'file', value: '9c1f2d8e77b04c51aa90ee4471ab23c8ff01de9a6671b3355c0a88f27d4ce07a' },
    ],
    detections: (index * 37) % 19 === 0 ? 3118 : 1 + ((index * 5) % 14),
    firstEventAt: earlier(38),
    lastEventAt: earlier(9),
    createdAt: iso,
    assignee: acknowledged ? me : null,
    outcome: null,
    demo: false,
    revision: 1,
    ruleDescription:
      'A process that is not signed by a trusted publisher opened the memory of the local security authority with rights to read it: what tools that take credentials do.',
    ruleReferences: ['https://attack.mitre.org/techniques/T1003/001/'],
    ruleFalsePositives: ['Endpoint protection products', 'Backup agents with a known publisher'],
    ruleLicence: 'Detection Rule License 1.1',
    sample: [0, 1, 2].map((n) => ({
      id: `d-${index}-${n}`,
      ruleId: '5ef9853e',
      ruleVersion: '3',
      eventAt: earlier(9 + n * 10),
      eventUids: [`5ef9853e-4d0e-4a70-846f-00000000000${n}`],
      reasons: [
        { selection: 'selection_target', field: story.field, test: story.test, value: story.value },
        { selection: 'selection_rights', field: 'GrantedAccess', test: "= '0x1410'", value: '0x1410' },
        {
          selection: 'not filter_signed',
          field: 'SourceImage',
          test: "startswith 'C:\\Program Files\\'",
          value: 'C:\\Users\\Public\\upd.exe',
        },
      ],
      event,
    })),
    stormSuppressed: 0,
    history: [
      { at: iso, actor: { id: 'system', name: 'Ironbark' }, action: 'created', note: null, outcome: null },
    ],
    before:
      index % 3 === 0
        ? [
            {
              alertId: 'a-old-1',
              closedAt: earlier(864_000),
              outcome: 'true-positive',
              reason: 'Red team exercise 4, confirmed with the lead by telephone.',
              by: 'T. Brandt',
            },
            {
              alertId: 'a-old-2',
              closedAt: earlier(2_864_000),
              outcome: 'benign',
              reason: 'Backup agent update, change 4418.',
              by: 'Mira Kaplan',
            },
          ]
        : [],
  });
}

export const summaryOf = (alert: AlertDetail): AlertSummary => {
  const {
    ruleDescription: _1,
    ruleReferences: _2,
    ruleFalsePositives: _3,
    ruleLicence: _4,
    sample: _5,
    stormSuppressed: _6,
    history: _7,
    before: _8,
    ...summary
  } = alert;
  return summary;
};

const summaries = [
  'Process started: powershell.exe -NoProfile -EncodedCommand SQBFAFgA… by HARBOUR\\svc_backup',
  'Connection from 10.20.4.17:49822 to 203.0.113.80:443, 14.2 kB out',
  'Sign-in of j.okafor from 198.51.100.23 accepted (publickey)',
  'DNS query A cdn-sync.example answered NXDOMAIN',
  'ConsoleLogin by alice in ap-southeast-2, MFA used',
  'File written: C:\\Users\\Public\\upd.exe (412 kB)',
];
export function makeEvent(index: number, at: Date): EventRow {
  const tenancy = tenancies[(index * 3) % tenancies.length]?.id ?? 'agri-odce';
  return {
    uid: `6ef9853e-4d0e-4a70-846f-${String(index).padStart(12, '0')}`,
    time: at.toISOString(),
    ingestTime: new Date(at.getTime() + 640).toISOString(),
    tenancy,
    source: ['dc-sysmon', 'edge-zeek', 'bastion-ssh', 'cloudtrail'][index % 4] ?? 'dc-sysmon',
    summary: summaries[index % summaries.length] ?? '',
    columns: {
      class_uid: 1007,
      device_hostname: 'AGR-DC-02',
      process_path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      actor_user_name: 'svc_backup',
      process_pid: 4120 + index,
    },
    fields: {
      EventID: '1',
      Image: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
      IntegrityLevel: 'High',
    },
    raw: '{"EventID":1,"Image":"C:\\\\Windows\\\\System32\\\\WindowsPowerShell\\\\v1.0\\\\powershell.exe","IntegrityLevel":"High"}',
  };
}
