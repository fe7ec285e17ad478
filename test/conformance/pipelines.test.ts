import { readFileSync } from 'node:fs';
import { applyPipelines, createRuleset, parsePipelines, parseRules, recognise } from '@ironbark/sigma';
import { expect, test } from 'vitest';
import { corpusRules, gzipLines } from '../corpus.ts';
import { sharedData } from '../shared.ts';

const data = sharedData('detection');

function pipeline(name: string) {
  const path = new URL(`../../packages/sigma/pipelines/${name}.yml`, import.meta.url);
  const { pipelines, faults } = parsePipelines([{ path: `${name}.yml`, text: readFileSync(path, 'utf8') }]);
  expect(faults).toEqual([]);
  return pipelines;
}

const clouds = [
  {
    name: 'gcp-audit',
    rules: 'rules/cloud/gcp/audit',
    events: 'cloud-gcp-auditlog',
    logsource: { product: 'gcp', service: 'gcp.audit' },
  },
  {
    name: 'okta',
    rules: 'rules/identity/okta',
    events: 'cloud-okta-systemlog',
    logsource: { product: 'okta', service: 'okta' },
  },
  {
    name: 'google-workspace',
    rules: 'rules/cloud/gcp/gworkspace',
    events: 'cloud-gsuite-activityevent',
    logsource: undefined,
  },
];

test.skipIf(data === undefined).each(clouds)(
  'the map for $name makes rules match raw records that they miss without it',
  async ({ name, rules, events, logsource }) => {
    const parsed = parseRules(await corpusRules([rules]));
    expect(parsed.rules.length).toBeGreaterThan(5);
    const mapped = applyPipelines(pipeline(name), parsed.rules);
    expect(mapped.faults).toEqual([]);
    expect(mapped.rules).toHaveLength(parsed.rules.length);
    const plain = createRuleset(parsed.rules).matcher();
    const withMap = createRuleset(mapped.rules).matcher();
    const ids: string[] = [];
    let without = 0;
    for await (const text of gzipLines(`${data}/events/${events}.ndjson.gz`)) {
      const view = recognise(JSON.parse(text), logsource);
      if (view.format === 'unreadable') continue;
      without += plain.match(view).length;
      for (const { rule } of withMap.match(view)) ids.push(rule.id);
    }
    expect(without).toBe(0);
    expect([...new Set(ids)].sort()).toMatchSnapshot();
  },
);

test.skipIf(data === undefined)('no shipped map refuses a rule of the corpus', async () => {
  const parsed = parseRules(
    await corpusRules(['rules/', 'rules-emerging-threats/', 'rules-threat-hunting/']),
  );
  for (const name of [
    'windows-4688',
    'winlogbeat-ecs',
    'ocsf-columns',
    'okta',
    'gcp-audit',
    'google-workspace',
  ]) {
    expect(applyPipelines(pipeline(name), parsed.rules).faults, name).toEqual([]);
  }
});

test.skipIf(data === undefined)(
  'a Security 4688 record fires process_creation rules with the map, and none without',
  async () => {
    const parsed = parseRules(await corpusRules(['rules/windows/process_creation']));
    const record = {
      Channel: 'Security',
      EventID: 4688,
      Hostname: 'PC1',
      SubjectUserName: 'a',
      NewProcessName: 'C:\\Windows\\System32\\vssadmin.exe',
      CommandLine: 'vssadmin.exe delete shadows /all /quiet',
      ParentProcessName: 'C:\\Windows\\System32\\cmd.exe',
      MandatoryLabel: 'S-1-16-12288',
    };
    const view = recognise(record);
    if (view.format === 'unreadable') throw new Error(view.why);
    expect(createRuleset(parsed.rules).matcher().match(view)).toEqual([]);
    const mapped = applyPipelines(pipeline('windows-4688'), parsed.rules);
    expect(mapped.rules).toHaveLength(
      parsed.rules.length * 2 -
        parsed.rules.filter(({ logsource }) => logsource.category !== 'process_creation').length,
    );
    const titles = createRuleset(mapped.rules)
      .matcher()
      .match(view)
      .map(({ rule }) => rule.title);
    expect(titles).toContain('Shadow Copies Deletion Using Operating Systems Utilities');
  },
);
