import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { recognise } from './recognise.ts';
import type { View } from './view.ts';

function view(
  record: unknown,
  ...declared: Parameters<typeof recognise> extends [unknown, ...infer R] ? R : never
): View {
  const seen = recognise(record, ...declared);
  if (seen.format === 'unreadable') throw new Error(seen.why);
  return seen;
}

const sysmonChannel = 'Microsoft-Windows-Sysmon/Operational';
const evtx = (eventId: unknown, data: unknown, channel: unknown = sysmonChannel) => ({
  Event: {
    '#attributes': { xmlns: 'x' },
    System: {
      Provider: { '#attributes': { Name: 'Provider', Guid: 'g' } },
      EventID: eventId,
      Level: 4,
      TimeCreated: { '#attributes': { SystemTime: '2024-01-02T03:04:05.678901Z' } },
      Execution: { '#attributes': { ProcessID: 7, ThreadID: 8 } },
      Security: null,
      Channel: channel,
      Computer: 'PC1',
    },
    EventData: data,
  },
});
const categories = (seen: View) =>
  seen.logsources.map((l) => `${l.product}/${l.category ?? ''}/${l.service ?? ''}`);

describe('EVTX as JSON', () => {
  test('system scalars keep their name, attributes join their tag, event data is on top', () => {
    const { fields, format } = view(evtx(1, { Image: 'C:\\a.exe' }));
    expect(format).toBe('evtx-json');
    expect(fields).toEqual({
      Image: 'C:\\a.exe',
      EventID: 1,
      Level: 4,
      Channel: sysmonChannel,
      Computer: 'PC1',
      Provider_Name: 'Provider',
      Provider_Guid: 'g',
      TimeCreated_SystemTime: '2024-01-02T03:04:05.678901Z',
      Execution_ProcessID: 7,
      Execution_ThreadID: 8,
    });
  });
  test('a name with spaces is there without them too', () => {
    const { fields } = view(
      evtx(1116, { 'Threat Name': 'T' }, 'Microsoft-Windows-Windows Defender/Operational'),
    );
    expect(fields).toMatchObject({ 'Threat Name': 'T', ThreatName: 'T' });
  });
  test('user data is flattened below its element, without its attributes', () => {
    const record = {
      Event: {
        System: { EventID: 1102, Channel: 'Security' },
        UserData: { LogFileCleared: { '#attributes': { x: 1 }, SubjectUserName: 'a' } },
      },
    };
    expect(view(record).fields).toEqual({ SubjectUserName: 'a', EventID: 1102, Channel: 'Security' });
  });
  test('an event id with a qualifier is its number, and routes by it', () => {
    const seen = view(
      evtx(
        { '#attributes': { Qualifiers: '16384' }, '#text': 400 },
        { Data: ['a', 'b'] },
        'Windows PowerShell',
      ),
    );
    expect(seen.fields).toMatchObject({ EventID: 400, EventID_Qualifiers: '16384', Data: ['a', 'b'] });
    expect(categories(seen)).toEqual(['windows/ps_classic_start/powershell-classic']);
  });
  test('the record is not changed', () => {
    const record = evtx(12, { EventType: 'CreateKey', 'A B': 1 });
    const before = structuredClone(record);
    view(record);
    expect(record).toEqual(before);
  });
});

describe('routing', () => {
  test.each([
    [1, {}, ['windows/process_creation/sysmon']],
    [11, {}, ['windows/file_event/sysmon']],
    [12, { EventType: 'CreateKey' }, ['windows/registry_event/sysmon', 'windows/registry_add/sysmon']],
    [12, { EventType: 'DeleteValue' }, ['windows/registry_event/sysmon', 'windows/registry_delete/sysmon']],
    [12, { EventType: 'INFO' }, ['windows/registry_event/sysmon']],
    [13, {}, ['windows/registry_event/sysmon', 'windows/registry_set/sysmon']],
    [26, {}, ['windows/file_delete/sysmon', 'windows/file_delete_detected/sysmon']],
    [99, {}, ['windows//sysmon']],
  ])('Sysmon %i %o', (eventId, data, expected) => {
    expect(categories(view(evtx(eventId, data)))).toEqual(expected);
  });
  test('a channel is found in any case, an unknown one is Windows and nothing more', () => {
    expect(categories(view(evtx(4688, {}, 'SECURITY')))).toEqual(['windows//security']);
    expect(categories(view(evtx(4688, {}, 'Custom/Log')))).toEqual(['windows//']);
    expect(categories(view(evtx(4688, {}, null)))).toEqual(['windows//']);
  });
  test('4688 of the Security log is not a process_creation by itself', () => {
    expect(categories(view(evtx(4688, {}, 'Security')))).not.toContain('windows/process_creation/security');
  });
  test('equal keys have equal log sources, and made-up channels make no new keys', () => {
    const byKey = new Map<string, string>();
    fc.assert(
      fc.property(
        fc.nat(300),
        fc.oneof(fc.string(), fc.constantFrom(sysmonChannel, 'Security', 'Windows PowerShell')),
        (id, channel) => {
          const seen = view(evtx(id, {}, channel));
          const sources = JSON.stringify(seen.logsources);
          expect(byKey.get(seen.routeKey) ?? sources).toBe(sources);
          byKey.set(seen.routeKey, sources);
        },
      ),
      { numRuns: 2000 },
    );
    expect(byKey.size).toBeLessThan(100);
  });
});

describe('flat Windows records', () => {
  test('NXLog: provider and computer get the names rules use', () => {
    const record = {
      Channel: 'Security',
      EventID: 4625,
      SourceName: 'S',
      Hostname: 'H',
      TargetUserName: 'u',
    };
    expect(view(record).fields).toEqual({ ...record, Provider_Name: 'S', Computer: 'H' });
  });
  test('the EventType a collector overwrote is read from the message', () => {
    const seen = view({
      Channel: sysmonChannel,
      EventID: '12',
      EventType: 'INFO',
      Message: 'x\r\nEventType: DeleteKey\r\nUtcTime: …',
    });
    expect(seen.fields['EventType']).toBe('DeleteKey');
    expect(categories(seen)).toContain('windows/registry_delete/sysmon');
  });
  test('Winlogbeat 6: log_name, event_id and event_data', () => {
    const seen = view({
      log_name: sysmonChannel,
      event_id: 10,
      computer_name: 'H',
      source_name: 'S',
      event_data: { TargetImage: 'lsass' },
    });
    expect(seen.fields).toMatchObject({
      Channel: sysmonChannel,
      EventID: 10,
      Computer: 'H',
      Provider_Name: 'S',
      TargetImage: 'lsass',
    });
    expect(categories(seen)).toEqual(['windows/process_access/sysmon']);
  });
  test.each([
    [
      'objects',
      {
        event: { code: '1' },
        winlog: { channel: sysmonChannel, event_id: '1', computer_name: 'H', event_data: { Image: 'a' } },
        process: { executable: 'a' },
      },
    ],
    [
      'dotted names',
      {
        'winlog.channel': sysmonChannel,
        'event.code': '1',
        'winlog.computer_name': 'H',
        'winlog.event_data.Image': 'a',
      },
    ],
  ])('ECS as %s', (_, record) => {
    const seen = view(record);
    expect(seen.format).toBe('winlog-ecs');
    expect(seen.fields).toMatchObject({ Image: 'a', Computer: 'H', EventID: '1', Channel: sysmonChannel });
    expect(categories(seen)).toEqual(['windows/process_creation/sysmon']);
  });
});

describe('other producers', () => {
  test.each([
    ['zeek//dns', 'zeek', { _path: 'dns', 'id.orig_h': '10.0.0.1' }],
    ['zeek//conn', 'zeek', { '@stream': 'conn', ts: 1 }],
    ['zeek//http', 'zeek', { '#path': 'http' }],
    ['suricata//alert', 'suricata', { timestamp: 't', event_type: 'alert', flow_id: 1 }],
    [
      'aws//cloudtrail',
      'cloudtrail',
      { eventSource: 's3.amazonaws.com', eventName: 'GetObject', awsRegion: 'ap-southeast-2' },
    ],
    ['kubernetes/application/audit', 'kubernetes-audit', { kind: 'Event', apiVersion: 'audit.k8s.io/v1' }],
    [
      'gcp//gcp.audit',
      'gcp-audit',
      { logName: 'projects/p/logs/cloudaudit.googleapis.com%2Factivity', protoPayload: {} },
    ],
    ['gcp//google_workspace.admin', 'google-workspace', { actor: {}, id: { applicationName: 'admin' } }],
    ['okta//okta', 'okta', { eventType: 'user.session.start', published: 't', actor: {} }],
    ['windows/process_creation/', 'json', { product: 'windows', category: 'process_creation', Image: 'a' }],
  ])('%s', (logsource, format, record) => {
    const seen = view(record);
    expect(categories(seen)).toEqual([logsource]);
    expect(seen.format).toBe(format);
    expect(seen.fields).toBe(record);
  });
  test('what was declared wins, and Windows alone leaves the routing to the record', () => {
    expect(categories(view({ _path: 'dns' }, { product: 'zeek', service: 'x' }))).toEqual(['zeek//x']);
    expect(categories(view(evtx(1, {}), { product: 'windows' }))).toEqual([
      'windows/process_creation/sysmon',
    ]);
    expect(categories(view(evtx(1, {}), { product: 'windows', category: 'c' }))).toEqual(['windows/c/']);
  });
  test('a record nobody knows is an event with no log source', () => {
    expect(view({ hello: 1 })).toMatchObject({ format: 'json', logsources: [], routeKey: '' });
  });
  test('a made-up Zeek path does not become a log source', () => {
    expect(view({ _path: 'x'.repeat(500) }).logsources).toEqual([]);
  });
});

describe('bad input', () => {
  test.each([[null], [[]], [1], ['text'], [true], [undefined]])(
    '%j is no event, and it says so',
    (record) => {
      expect(recognise(record)).toMatchObject({ format: 'unreadable' });
    },
  );
  test('a field called __proto__ does not change what the fields are', () => {
    const record: unknown = JSON.parse(
      '{"Event":{"System":{"EventID":1,"__proto__":{"x":1}},"EventData":{"__proto__":{"polluted":1},"_ _proto_ _":{"polluted":2}},"UserData":{"e":{"__proto__":{"polluted":3}}}}}',
    );
    const { fields } = view(record);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
    expect(fields['polluted']).toBeUndefined();
  });
  test('5,000 fields and 100 levels are an event like any other', () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i]));
    let deep: unknown = 1;
    for (let i = 0; i < 100; i++) deep = { deep };
    expect(Object.keys(view(evtx(1, { ...wide, deep })).fields).length).toBe(5009 + 1);
  });
  test('any JSON value gets an answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        recognise(value);
        recognise({ Event: { System: value, EventData: value, UserData: value } });
        recognise({ winlog: value, Channel: 'x', EventID: value, event_data: value });
      }),
    );
  });
});
