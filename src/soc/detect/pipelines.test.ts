import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { streamPipelines } from './pipelines.ts';
import { WorkerPool } from './pool.ts';
import type { BatchInput, BatchOutcome, RuleText } from './protocol.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const rule = (id: string, logsource: unknown, selection: unknown): RuleText => ({
  path: `${id}.yml`,
  text: JSON.stringify({
    title: id,
    id,
    name: id,
    level: 'high',
    logsource,
    detection: { selection, condition: 'selection' },
  }),
});

const rules: readonly RuleText[] = [
  rule(
    'shadow-copies',
    { product: 'windows', category: 'process_creation' },
    { 'Image|endswith': '\\vssadmin.exe', 'CommandLine|contains': 'delete shadows' },
  ),
  rule(
    'high-integrity',
    { product: 'windows', category: 'process_creation' },
    { 'ParentImage|endswith': '\\winword.exe', IntegrityLevel: 'High' },
  ),
  rule('okta-admin', { product: 'okta', service: 'okta' }, { eventtype: 'user.account.privilege.grant' }),
  rule(
    'gcp-key',
    { product: 'gcp', service: 'gcp.audit' },
    { 'gcp.audit.method_name|endswith': 'CreateServiceAccountKey' },
  ),
  rule(
    'workspace-2sv',
    { product: 'gcp', service: 'google_workspace.admin' },
    { eventService: 'admin.googleapis.com', eventName: 'ENFORCE_STRONG_AUTHENTICATION', new_value: 'false' },
  ),
  {
    path: 'many.yml',
    text: JSON.stringify({
      title: 'many',
      id: 'many',
      correlation: {
        type: 'event_count',
        rules: ['shadow-copies'],
        'group-by': ['User'],
        timespan: '1h',
        condition: { gte: 2 },
        generate: true,
      },
    }),
  },
];

const security4688 = (parent: string) => ({
  Channel: 'Security',
  EventID: 4688,
  Hostname: 'PC1',
  SubjectUserName: 'alice',
  NewProcessName: 'C:\\Windows\\System32\\vssadmin.exe',
  CommandLine: 'vssadmin.exe delete shadows /all /quiet',
  ParentProcessName: parent,
  MandatoryLabel: 'S-1-16-12288',
});
const sysmon1 = {
  Channel: 'Microsoft-Windows-Sysmon/Operational',
  EventID: 1,
  Hostname: 'PC1',
  User: 'ACME\\alice',
  Image: 'C:\\Windows\\System32\\vssadmin.exe',
  CommandLine: 'vssadmin delete shadows /all',
};
const okta = {
  eventType: 'user.account.privilege.grant',
  published: '2026-03-02T10:00:00.000Z',
  actor: { alternateId: 'a@example.org', displayName: 'A' },
};
const gcp = {
  logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity',
  protoPayload: {
    methodName: 'google.iam.admin.v1.CreateServiceAccountKey',
    serviceName: 'iam.googleapis.com',
  },
};
const workspace = {
  id: { applicationName: 'admin', time: '2026-03-02T10:00:00.000Z' },
  actor: { email: 'a@example.org' },
  name: 'ENFORCE_STRONG_AUTHENTICATION',
  parameters: { NEW_VALUE: 'false' },
};

function batch(records: readonly unknown[]): BatchInput {
  const items = records.map((record) => Buffer.from(JSON.stringify(record)));
  const all = Buffer.concat(items);
  const bytes = new ArrayBuffer(all.length);
  new Uint8Array(bytes).set(all);
  return {
    bytes,
    frames: [
      {
        source: 'lab',
        tenancy: 'acme-odce',
        format: null,
        recorded: true,
        firstSequence: 1,
        wire: 'json',
        receivedMs: Date.UTC(2026, 2, 2, 10),
        peer: '',
        itemBytes: items.map((item) => item.length),
        clientIds: items.map(() => ''),
        stored: [],
      },
    ],
  };
}
const fired = ({ hits }: BatchOutcome): string[] => hits.map((hit) => `${hit.sequence} ${hit.ruleId}`);

describe('raw records of the stream', () => {
  let pool: WorkerPool;
  const open = (pipelines: readonly RuleText[]): Promise<WorkerPool> =>
    WorkerPool.open({
      workers: 1,
      mapsFolder: `${root}content/normalise`,
      rules: { version: '1', texts: rules, disabled: [], exceptions: [] },
      pipelines,
    });
  beforeAll(async () => {
    pool = await open(streamPipelines(root));
  }, 60_000);
  afterAll(() => pool.close());

  test('fire the rules that are written for names of another form', async () => {
    const outcome = await pool.run(() =>
      batch([security4688('C:\\Office\\winword.exe'), sysmon1, okta, gcp, workspace]),
    );
    expect(outcome.rejects).toEqual([]);
    expect(fired(outcome)).toEqual([
      '1 shadow-copies',
      '1 high-integrity',
      '2 shadow-copies',
      '3 okta-admin',
      '4 gcp-key',
      '5 workspace-2sv',
    ]);
    // Each form of a rule gives the reasons of its own event.
    const reasons = outcome.hits.map((hit) => hit.reasons.map(({ field }) => field));
    expect(reasons[0]).toEqual(expect.arrayContaining(['NewProcessName', 'EventID']));
    expect(reasons[2]).toEqual(expect.arrayContaining(['Image', 'CommandLine']));
    expect(reasons.every((fields) => fields.length > 0)).toBe(true);
    expect(outcome.hits.every((hit) => hit.tenancy === 'acme-odce')).toBe(true);
  });

  test('feed correlations under the names the correlation groups by', async () => {
    const outcome = await pool.run(() => batch([security4688('C:\\x.exe'), sysmon1]));
    expect(outcome.baseHits.map(({ ruleId, fields }) => [ruleId, fields])).toEqual([
      ['shadow-copies', { User: 'alice' }],
      ['shadow-copies', { User: 'ACME\\alice' }],
    ]);
  });

  test('are counted once as rules, and without the maps only the native form fires', async () => {
    expect(pool.loaded.rules.map(({ id }) => id).filter((id) => id === 'shadow-copies')).toHaveLength(1);
    expect(pool.loaded.rejectedRules).toBe(0);
    const plain = await open([]);
    try {
      const outcome = await plain.run(() =>
        batch([security4688('C:\\x.exe'), sysmon1, okta, gcp, workspace]),
      );
      expect(fired(outcome)).toEqual(['2 shadow-copies']);
    } finally {
      await plain.close();
    }
  });

  test('are matched by every pipeline the list names, and a list that can not be read stops the start', async () => {
    expect(streamPipelines(root).map(({ path }) => path)).toContain('windows-4688.yml');
    await expect(
      open([{ path: 'broken.yml', text: 'transformations: [{type: nothing}]' }]),
    ).rejects.toThrow();
  });
});
