import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldItem, Rule, Selection } from '../ast.ts';
import { parseRules } from '../parse/rules.ts';
import { applyPipelines, mapField, parsePipelines, placeholdersOf } from './index.ts';

const shippedFolder = fileURLToPath(new URL('../../pipelines', import.meta.url));
const shipped = (name: string) => ({
  path: `${name}.yml`,
  text: readFileSync(`${shippedFolder}/${name}.yml`, 'utf8'),
});

function rule(
  selection: string,
  logsource = '{product: windows, category: process_creation}',
  extra = '',
): Rule {
  const parsed = parseRules([
    {
      path: 'r.yml',
      text: `title: t\nid: i\n${extra}logsource: ${logsource}\ndetection:\n  s: ${selection}\n  condition: s\n`,
    },
  ]);
  expect(parsed.faults).toEqual([]);
  const [only] = parsed.rules;
  if (!only) throw new Error('no rule');
  return only;
}
function pipelines(...texts: string[]) {
  const { pipelines: parsed, faults } = parsePipelines(texts.map((text, i) => ({ path: `p${i}.yml`, text })));
  expect(faults).toEqual([]);
  return parsed;
}
function apply(text: string, to: Rule) {
  return applyPipelines(pipelines(text), [to]);
}
const step = (text: string) => `transformations:\n  - ${text.split('\n').join('\n    ')}\n`;
/** `field kind text` of each test, with the joins as brackets. */
function show(selection: Selection | undefined): string {
  if (selection === undefined) return 'none';
  if (selection.kind === 'keyword') return 'keywords';
  if (selection.kind !== 'field') return `${selection.kind}(${selection.of.map(show).join(', ')})`;
  return `${selection.negated ? 'not ' : ''}${selection.field} ${texts(selection).join('|')}`;
}
const texts = ({ tests }: FieldItem) =>
  tests.map((one) => `${one.kind}${'text' in one ? ` ${one.text}` : ''}`);
const shown = (result: ReturnType<typeof apply>) =>
  result.rules.map((one) => show(one.detection.selections['s']));

describe('fields', () => {
  test('a mapping renames, to several names as OR, for "not equal" and null as AND', () => {
    const mapping = step('type: field_name_mapping\nmapping: {A: [b, c], F: g}');
    expect(shown(apply(mapping, rule('{A: x, F: y, Z: z}')))).toEqual([
      'and(or(b equals x, c equals x), g equals y, Z equals z)',
    ]);
    expect(shown(apply(mapping, rule('{A|neq: x}')))).toEqual(['and(not b equals x, not c equals x)']);
    expect(shown(apply(mapping, rule('{A: null}')))).toEqual(['and(b null, c null)']);
  });
  test('a reference to another field follows that field', () => {
    const [changed] = apply(step('type: field_name_mapping\nmapping: {B: c}'), rule('{A|fieldref: B}')).rules;
    expect(changed?.detection.selections['s']).toMatchObject({
      field: 'A',
      tests: [{ kind: 'fieldref', field: 'c' }],
    });
  });
  test('prefixes and suffixes, only where the field is meant', () => {
    expect(
      shown(
        apply(
          step(
            'type: field_name_prefix\nprefix: win.\nfield_name_conditions:\n  - {type: exclude_fields, fields: [B]}',
          ),
          rule('{A: x, B: y}'),
        ),
      ),
    ).toEqual(['and(win.A equals x, B equals y)']);
    expect(
      shown(
        apply(
          step(
            "type: field_name_suffix\nsuffix: .text\nfield_name_conditions:\n  - {type: include_fields, fields: ['Com.*'], match_type: re}",
          ),
          rule('{CommandLine: x, B: y}'),
        ),
      ),
    ).toEqual(['and(CommandLine.text equals x, B equals y)']);
    expect(
      shown(
        apply(
          step('type: field_name_prefix_mapping\nmapping: {a.: [x.a., b.]}'),
          rule('{a.q: 1}', '{product: p}'),
        ),
      ),
    ).toEqual(['or(x.a.q number 1, b.q number 1)']);
  });
  test('a later step sees what an earlier one did, by its id', () => {
    const text = `transformations:
  - {id: one, type: field_name_mapping, mapping: {A: b}}
  - {type: field_name_prefix, prefix: 'x.', field_name_conditions: [{type: processing_item_applied, processing_item_id: one}]}
  - {type: field_name_suffix, suffix: .y, rule_conditions: [{type: processing_item_applied, processing_item_id: never}]}`;
    expect(shown(apply(text, rule('{A: 1, C: 2}')))).toEqual(['and(x.b number 1, C number 2)']);
  });
  test('group-by fields of correlations follow the same map', () => {
    const parsed = pipelines(
      step(
        'type: field_name_mapping\nmapping: {User: [u1, u2]}\nrule_conditions:\n  - {type: logsource, product: windows}',
      ),
    );
    expect(mapField(parsed, rule('{A: 1}'), 'User')).toEqual(['u1', 'u2']);
    expect(mapField(parsed, rule('{A: 1}', '{product: linux}'), 'User')).toEqual(['User']);
  });
});

describe('rules and values', () => {
  test('conditions choose by log source, tag, field, and can be turned round', () => {
    const failing = (conditions: string) =>
      apply(
        step(`type: rule_failure\nmessage: no\n${conditions}`),
        rule('{A: 1}', undefined, 'tags: [attack.t1]\n'),
      ).faults.length;
    expect(
      failing(
        'rule_conditions:\n  - {type: logsource, product: windows}\n  - {type: logsource, category: file_event}',
      ),
    ).toBe(0);
    expect(
      failing(
        'rule_cond_op: or\nrule_conditions:\n  - {type: logsource, product: windows}\n  - {type: logsource, category: file_event}',
      ),
    ).toBe(1);
    expect(failing('rule_cond_not: true\nrule_conditions:\n  - {type: logsource, product: windows}')).toBe(0);
    expect(failing('rule_conditions:\n  - {type: tag, tag: attack.t1}')).toBe(1);
    expect(failing('rule_conditions:\n  - {type: contains_field, field: B}')).toBe(0);
    expect(failing('rule_conditions:\n  - {type: contains_detection_item, field: A, value: 1}')).toBe(1);
  });
  test('a rule that fails is a fault with the pipeline’s own words, and no other rule is touched', () => {
    const result = applyPipelines(
      pipelines(
        `name: P\n${step('type: detection_item_failure\nmessage: B is not recorded\nfield_name_conditions:\n  - {type: include_fields, fields: [B]}')}`,
      ),
      [rule('{A: 1}'), rule('{B: 1}')],
    );
    expect(result.rules).toHaveLength(1);
    expect(result.faults).toEqual([
      { file: 'r.yml', line: 1, ruleId: 'i', what: 'pipeline', why: "Pipeline 'P': B is not recorded" },
    ]);
  });
  test('values are replaced, mapped, set and cased; regexes and networks stay', () => {
    expect(
      shown(
        apply(step("type: replace_string\nregex: '^C:'\nreplacement: 'D:'"), rule('{A: "C:x", B|re: "C:x"}')),
      ),
    ).toEqual(['and(A equals D:x, B regex)']);
    expect(
      shown(apply(step('type: map_string\nmapping: {High: [H, h2]}'), rule('{A: [High, low]}'))),
    ).toEqual(['A equals H|equals h2|equals low']);
    expect(
      shown(
        apply(
          step(
            'type: set_value\nvalue: 3\ndetection_item_conditions:\n  - {type: match_string, pattern: "^x"}',
          ),
          rule('{A: xy, B: y}'),
        ),
      ),
    ).toEqual(['and(A number 3, B equals y)']);
    expect(shown(apply(step('type: case\nmethod: upper'), rule("{A|endswith: '\\ab?c'}")))).toEqual([
      'A wildcard',
    ]);
  });
  test('a value of `all` does not become several in silence', () => {
    expect(
      apply(step('type: map_string\nmapping: {a: [b, c]}'), rule('{A|contains|all: [a, d]}')).faults,
    ).toMatchObject([{ what: 'pipeline' }]);
  });
  test('items are dropped, and a selection with none left is a fault', () => {
    const drop = step(
      'type: drop_detection_item\nfield_name_conditions:\n  - {type: include_fields, fields: [A]}',
    );
    expect(shown(apply(drop, rule('{A: 1, B: 2}')))).toEqual(['and(B number 2)']);
    expect(apply(drop, rule('{A: 1}')).faults[0]?.why).toContain("nothing is left of selection 's'");
  });
  test('conditions are added and log sources changed; the rule as it was stays beside it when asked', () => {
    const text = `keep_original: true\ntransformations:\n  - {type: add_condition, conditions: {EventID: 4688}}\n  - {type: change_logsource, product: windows, service: security}`;
    const [original, changed] = apply(text, rule('{A: 1}')).rules;
    expect(original?.logsource).toEqual({ product: 'windows', category: 'process_creation' });
    expect(changed?.logsource).toEqual({ product: 'windows', service: 'security' });
    expect(changed?.detection.condition).toEqual({
      kind: 'and',
      of: [
        { kind: 'selection', name: 's' },
        { kind: 'selection', name: '_pipeline_1' },
      ],
    });
  });
  test('pipelines apply in the order of their priority', () => {
    const parsed = pipelines(
      `priority: 20\n${step('type: field_name_mapping\nmapping: {B: c}')}`,
      `priority: 10\n${step('type: field_name_mapping\nmapping: {A: B}')}`,
    );
    expect(
      applyPipelines(parsed, [rule('{A: 1}')]).rules.map((one) => show(one.detection.selections['s'])),
    ).toEqual(['c number 1']);
  });
  test('the rules given are not changed', () => {
    const before = rule('{A: 1}');
    const copy = structuredClone(before);
    apply(step('type: field_name_prefix\nprefix: x.'), before);
    expect(before).toEqual(copy);
  });
  test('placeholders get the pipeline’s values, for the rules it is for', () => {
    const placeholders = placeholdersOf(
      pipelines(
        'vars: {admins: [root, "adm*"]}\ntransformations:\n  - {type: value_placeholders, include: [admins], rule_conditions: [{type: logsource, product: linux}]}',
      ),
    );
    const text = (product: string) =>
      `title: t\nlogsource: {product: ${product}}\ndetection: {s: {User|expand: '%admins%'}, condition: s}\n`;
    const read = (product: string) => parseRules([{ path: 'r', text: text(product) }], { placeholders });
    expect(read('linux').rules.map((one) => show(one.detection.selections['s']))).toEqual([
      'User equals root|startsWith adm',
    ]);
    expect(read('windows').faults).toMatchObject([{ what: 'placeholder' }]);
  });
});

describe('bad input', () => {
  test.each([
    ['text', 'just text', 'not a map'],
    ['an unknown step', step('type: magic'), "transformation 'magic'"],
    [
      'an unknown condition',
      step('type: drop_detection_item\nrule_conditions:\n  - {type: moon}'),
      "condition 'moon'",
    ],
    ['a regex RE2 refuses', step("type: replace_string\nregex: '(a)\\1'\nreplacement: x"), 'refused'],
    ['a mapping of maps', step('type: field_name_mapping\nmapping: {A: {B: c}}'), 'text'],
    ['steps that are no list', 'transformations: {}', 'list'],
    ['steps for the text of queries', 'postprocessing: []', 'postprocessing'],
    ['broken YAML', 'a: [', 'YAML'],
  ])('%s is a fault, and no pipeline', (_, text, why) => {
    const { pipelines: parsed, faults } = parsePipelines([{ path: 'p.yml', text }]);
    expect(parsed).toEqual([]);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.why).toContain(why);
  });
  test('any value in place of a step is a pipeline or a fault, never an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { pipelines: parsed, faults } = parsePipelines([
          { path: 'p', text: JSON.stringify({ transformations: [value], vars: value }) },
        ]);
        expect(parsed.length + faults.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('shipped pipelines', () => {
  test('all are read without a fault', () => {
    const files = readdirSync(shippedFolder).map((name) => shipped(name.replace('.yml', '')));
    const { pipelines: parsed, faults } = parsePipelines(files);
    expect(faults).toEqual([]);
    expect(parsed.map(({ name }) => name).sort()).toEqual([
      'Google Cloud audit logs',
      'Google Workspace reports',
      'OCSF columns',
      'Okta system log',
      'Security 4688 as process_creation',
      'Winlogbeat, ECS',
    ]);
  });
  test.each([
    [
      'windows-4688',
      "{ParentImage|endswith: '\\a.exe', IntegrityLevel: High}",
      undefined,
      1,
      'and(ParentProcessName endsWith \\a.exe, MandatoryLabel equals S-1-16-12288)',
    ],
    ['windows-4688', '{Image: a}', '{product: linux, category: process_creation}', 0, 'Image equals a'],
    [
      'winlogbeat-ecs',
      '{Image: a, Hashes: b}',
      undefined,
      0,
      'and(process.executable equals a, winlog.event_data.Hashes equals b)',
    ],
    [
      'ocsf-columns',
      '{Image: a, User: b}',
      undefined,
      0,
      'and(process_path equals a, actor_user_name equals b)',
    ],
    [
      'ocsf-columns',
      '{Image: a, TargetFilename: b}',
      '{product: windows, category: file_event}',
      0,
      'and(actor_process_path equals a, file_path equals b)',
    ],
    [
      'okta',
      '{eventType: a}',
      '{product: okta, service: okta}',
      0,
      'or(eventType equals a, eventtype equals a)',
    ],
    [
      'gcp-audit',
      '{gcp.audit.method_name: a, data.protoPayload.authorizationInfo.granted: "true"}',
      '{product: gcp, service: gcp.audit}',
      0,
      'and(or(protoPayload.methodName equals a, protopayload.methodname equals a), protoPayload.authorizationInfo.granted equals true)',
    ],
    [
      'google-workspace',
      '{eventService: admin.googleapis.com}',
      '{product: gcp, service: google_workspace.admin}',
      0,
      'or(id.applicationName equals admin.googleapis.com|equals admin, protoPayload.serviceName equals admin.googleapis.com|equals admin)',
    ],
  ])('%s %s', (name, selection, logsource, index, expected) => {
    const { pipelines: parsed } = parsePipelines([shipped(name)]);
    expect(
      show(applyPipelines(parsed, [rule(selection, logsource)]).rules[index]?.detection.selections['s']),
    ).toBe(expected);
  });
});

describe('the rest of what pipelines of the ecosystem hold', () => {
  test('named conditions are joined by an expression', () => {
    const text = (expression: string) =>
      step(
        `type: field_name_suffix\nsuffix: .x\nrule_cond_expr: ${expression}\nrule_conditions:\n  win: {type: logsource, product: windows}\n  file: {type: logsource, category: file_event}\n  b: {type: contains_field, field: B}`,
      );
    expect(shown(apply(text('win and not (file or b)'), rule('{A: x}')))).toEqual(['A.x equals x']);
    expect(shown(apply(text('win and not (file or b)'), rule('{B: x}')))).toEqual(['B equals x']);
    expect(shown(apply(text('not win or b'), rule('{B: x}')))).toEqual(['B.x equals x']);
    const faulty = (body: string) => parsePipelines([{ path: 'p', text: step(body) }]).faults[0]?.why;
    expect(faulty('type: drop_detection_item\nrule_cond_expr: a\nrule_conditions: []')).toContain('map');
    expect(
      faulty(
        'type: drop_detection_item\nrule_cond_expr: nobody\nrule_conditions: {a: {type: is_sigma_rule}}',
      ),
    ).toContain("no selection 'nobody'");
    expect(
      faulty(
        'type: drop_detection_item\nrule_cond_op: or\nrule_cond_expr: a\nrule_conditions: {a: {type: is_sigma_rule}}',
      ),
    ).toContain('exclude');
  });
  test('attributes of a rule are compared by their own order, and what is set may be asked', () => {
    const holds = (condition: string, before = '') =>
      shown(
        apply(
          `transformations:\n${before}  - {type: field_name_suffix, suffix: .x, rule_conditions: [{type: rule_attribute, ${condition}}]}`,
          rule('{A: x}', undefined, 'level: high\nstatus: test\ntags: [attack.t1]\ndate: 2024-05-01\n'),
        ),
      )[0]?.includes('A.x');
    expect(holds('attribute: level, op: gte, value: medium')).toBe(true);
    expect(holds('attribute: level, op: gt, value: high')).toBe(false);
    expect(holds('attribute: status, op: lt, value: stable')).toBe(true);
    expect(holds('attribute: tags, op: in, value: attack.t1')).toBe(true);
    expect(holds('attribute: tags, op: not_in, value: attack.t1')).toBe(false);
    expect(holds("attribute: date, op: gt, value: '2024-04-30'")).toBe(true);
    expect(holds('attribute: status, op: ne, value: test')).toBe(false);
    expect(holds('attribute: team, value: blue')).toBe(false);
    expect(
      holds(
        'attribute: team, value: blue',
        '  - {type: set_custom_attribute, attribute: team, value: blue}\n',
      ),
    ).toBe(true);
  });
  test('steps inside a step share its conditions, also for group-by fields', () => {
    const text = `transformations:
  - type: nest
    rule_conditions: [{type: logsource, product: windows}]
    items:
      - {type: field_name_mapping, mapping: {A: b}}
      - {type: field_name_prefix, prefix: p., rule_conditions: [{type: logsource, category: process_creation}]}`;
    expect(shown(apply(text, rule('{A: x}')))).toEqual(['p.b equals x']);
    expect(shown(apply(text, rule('{A: x}', '{product: linux}')))).toEqual(['A equals x']);
    expect(mapField(pipelines(text), rule('{A: x}'), 'A')).toEqual(['p.b']);
    expect(mapField(pipelines(text), rule('{A: x}', '{product: linux}'), 'A')).toEqual(['A']);
    const deep = JSON.stringify(
      Array.from({ length: 40 }).reduce<unknown>((inner) => ({ type: 'nest', items: [inner] }), {
        type: 'drop_detection_item',
      }),
    );
    expect(parsePipelines([{ path: 'p', text: `transformations: [${deep}]` }]).faults).toHaveLength(1);
  });
  test('a replacement sees the whole value with its wildcards, or each text between them', () => {
    const replace = (more: string) => step(`type: replace_string\n${more}`);
    expect(shown(apply(replace("regex: '^\\*'\nreplacement: ''"), rule('{A|contains: x}')))).toEqual([
      'A startsWith x',
    ]);
    expect(shown(apply(replace("regex: 'x$'\nreplacement: '*'"), rule('{A: abx}')))).toEqual([
      'A startsWith ab',
    ]);
    expect(
      shown(apply(replace("regex: '^a'\nreplacement: '*'\nskip_special: true"), rule("{A: 'a*a'}"))),
    ).toEqual(['A wildcard']);
    expect(
      shown(
        apply(
          replace("regex: '^a'\nreplacement: '*'\nskip_special: true\ninterpret_special: true"),
          rule('{A: ab}'),
        ),
      ),
    ).toEqual(['A endsWith b']);
    // A star that is none stays none.
    expect(shown(apply(replace("regex: 'b'\nreplacement: c"), rule("{A: 'a\\*b'}")))).toEqual([
      'A equals a*c',
    ]);
    expect(shown(apply(replace("regex: '46'\nreplacement: x"), rule('{A: 4624}')))).toEqual(['A equals x24']);
  });
  test('texts become expressions that ask the same, types are changed, a value is given a type', () => {
    const [as] = apply(step('type: regex\nmethod: plain'), rule("{A: 'C:\\\\*.exe'}")).rules;
    expect(as?.detection.selections['s']).toMatchObject({
      tests: [{ kind: 'regex', source: '^(?:C:\\\\.*\\.exe)$', flags: { ignoreCase: false, dotAll: true } }],
    });
    expect(shown(apply(step('type: convert_type\ntarget_type: str'), rule('{A: 5}')))).toEqual([
      'A equals 5',
    ]);
    expect(shown(apply(step('type: convert_type\ntarget_type: num'), rule("{A: '5'}")))).toEqual([
      'A number 5',
    ]);
    expect(apply(step('type: convert_type\ntarget_type: num'), rule('{A: five}')).faults[0]?.why).toContain(
      'no number',
    );
    expect(shown(apply(step("type: set_value\nvalue: '7'\nforce_type: num"), rule('{A: x}')))).toEqual([
      'A number 7',
    ]);
    expect(shown(apply(step('type: set_value\nvalue: 7\nforce_type: str'), rule('{A: x}')))).toEqual([
      'A equals 7',
    ]);
  });
  test('hashes of one field become fields of their algorithms', () => {
    const hashes = step(
      'type: hashes_fields\nvalid_hash_algos: [MD5, SHA1]\nfield_prefix: File\nfield_name_conditions:\n  - {type: include_fields, fields: [Hashes]}',
    );
    const md5 = '0123456789abcdef0123456789abcdef';
    expect(
      shown(apply(hashes, rule(`{Hashes|contains: ['MD5=aa', 'SHA1=bb', 'IMPHASH=cc', ${md5}]}`))),
    ).toEqual([`or(FileMD5 equals aa|equals ${md5}, FileSHA1 equals bb)`]);
    expect(apply(hashes, rule('{Hashes: IMPHASH=cc}')).faults[0]?.why).toContain('no hash');
    expect(apply(hashes, rule("{Hashes|contains|all: ['MD5=aa', 'SHA1=bb']}")).faults).toHaveLength(1);
  });
  test('the output fields of a rule can be added to, taken from and set', () => {
    const fields = (body: string) =>
      apply(step(body), rule('{A: x}', undefined, 'fields: [one, two]\n')).rules[0]?.fields;
    expect(fields('type: add_field\nfield: [two, three]')).toEqual(['one', 'two', 'three']);
    expect(fields('type: remove_field\nfield: one')).toEqual(['two']);
    expect(fields('type: set_field\nfields: [z]')).toEqual(['z']);
  });
});
