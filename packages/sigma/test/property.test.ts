import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compile,
  createRuleset,
  explain,
  loadCompiled,
  parseRules,
  reasons,
  type Rule,
  saveCompiled,
  type SigmaEvent,
} from '../src/index.ts';
import { plainMatch } from './plain.ts';

// Few letters, so that random rules and random events meet: paths, dashes, folding traps, characters beyond Latin-1
// and beyond the basic plane, the engine's own separator.
const alphabet = [
  'a',
  'A',
  'b',
  'k',
  'K',
  '\u212a',
  's',
  'S',
  '\u017f',
  'é',
  'É',
  'σ',
  'Σ',
  '😀',
  '\\',
  '/',
  '-',
  ' ',
  '.',
  '1',
  '\u0001',
  '\ufffd',
  '\n',
];
const word = fc.array(fc.constantFrom(...alphabet), { maxLength: 14 }).map((chars) => chars.join(''));
const common = fc.constantFrom(
  'powershell.exe',
  '\\cmd.exe',
  'C:\\Windows\\System32\\cmd.exe',
  ' -enc ',
  'aaaaaaaa',
  'abababab',
  'KELVIN',
  '4624',
  'true',
  '0',
);
const piece = fc.oneof(
  word,
  common,
  fc.tuple(common, word).map((both) => both.join('')),
  fc.tuple(word, common).map((both) => both.join('')),
);

const fieldNames = ['Image', 'CommandLine', 'User', 'a.b', 'EventID', 'constructor'] as const;
const scalar = fc.oneof(
  { weight: 6, arbitrary: piece },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(0, 1, 4624, 1.5, -3, 1e21, 2 ** 53, true, false, null) },
);
const value = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
);
const nested = fc.oneof(value, fc.record({ b: value }), fc.array(fc.record({ b: value }), { maxLength: 3 }));
const fieldsOfEvent = fc
  .record(
    { Image: value, CommandLine: value, User: value, 'a.b': value, a: nested, EventID: value, other: nested },
    { requiredKeys: [] },
  )
  .map((fields) => fields as Record<string, unknown>); // A record of the keys above.

const modifiers = fc.constantFrom(
  '',
  '|contains',
  '|startswith',
  '|endswith',
  '|contains|all',
  '|cased',
  '|contains|cased',
  '|neq',
  '|contains|windash',
  '|fieldref',
  '|exists',
  '|gte',
  '|lt',
  '|re',
  '|re|i',
  '|base64offset|contains',
);
const regex = fc.constantFrom(
  'a+b',
  '(?i)kelvin',
  'power(shell|point)',
  '^C:',
  'exe$',
  '[kK]',
  'a.b',
  'aaaa|bbbb',
  '(ab){2,}',
  '\\\\cmd',
  '\\d{4}',
  's',
  'x?y*',
);
const escape = (text: string): string => text.replaceAll('\u0000', '');
const wildcard = piece.chain((text) =>
  fc.constantFrom(text, `*${text}`, `${text}*`, `${text}?`, `?${text}*`, `*${text}*${text}`, '*', '?'),
);

const item = fc
  .tuple(
    fc.constantFrom(...fieldNames),
    modifiers,
    fc.array(fc.oneof(piece, wildcard), { minLength: 1, maxLength: 4 }),
    regex,
    fc.constantFrom(...fieldNames),
    fc.boolean(),
  )
  .map(([name, modifier, values, pattern, other, flag]): [string, unknown] => {
    const key = name + modifier;
    if (modifier.startsWith('|re')) return [key, [pattern]];
    if (modifier === '|fieldref') return [key, other];
    if (modifier === '|exists') return [key, flag];
    if (modifier === '|gte' || modifier === '|lt') return [key, values.length];
    if (modifier.startsWith('|base64')) return [key, values.map((text) => `${text.replace(/[*?\\]/g, '')}x`)];
    if (modifier === '' && values.length === 1 && flag) return [key, null];
    return [key, values.map(escape)];
  });
const body = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items)),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(item, { minLength: 1, maxLength: 2 })
      .map((items) => items.map((entry) => Object.fromEntries([entry]))),
  },
  {
    weight: 1,
    arbitrary: fc.array(
      piece.filter((text) => text !== ''),
      { minLength: 1, maxLength: 3 },
    ),
  },
);
const conditionText = fc.constantFrom(
  's1',
  's1 and s2',
  's1 or s2',
  's1 and not s2',
  'not s1',
  '1 of s*',
  'all of s*',
  '2 of them',
  's1 and not (s2 or s3)',
  'not s1 and not s2',
  '(s1 or s2) and s3',
);
const detection = fc.record({ s1: body, s2: body, s3: body, condition: conditionText });
const ruleTexts = fc
  .array(detection, { minLength: 1, maxLength: 12 })
  .map((detections) =>
    detections.map((one, index) =>
      JSON.stringify({ title: `r${index}`, id: `r${index}`, logsource: { product: 'p' }, detection: one }),
    ),
  );

function rulesOf(texts: readonly string[]): readonly Rule[] {
  return parseRules(texts.map((text, index) => ({ path: `${index}.yml`, text }))).rules;
}

function eventOf(fields: Record<string, unknown>): SigmaEvent {
  return { fields, logsources: [{ product: 'p' }], routeKey: 'p' };
}

test('the indexed matcher agrees with a plain evaluator on random rules and events', () => {
  fc.assert(
    fc.property(ruleTexts, fc.array(fieldsOfEvent, { minLength: 1, maxLength: 8 }), (texts, events) => {
      const rules = rulesOf(texts);
      const matcher = createRuleset(rules).matcher();
      const lineFirst = createRuleset(rules).matcher();
      // More than once: what was met before is answered from memory.
      for (const fields of [...events, ...events, ...events]) {
        const found = matcher.match(eventOf(fields)).map((hit) => hit.rule.id);
        const wanted = rules.filter((rule) => plainMatch(rule, fields)).map((rule) => rule.id);
        expect(found).toEqual(wanted);
        const json = JSON.stringify(fields);
        expect(lineFirst.match(eventOf(fields), json).map((hit) => hit.rule.id)).toEqual(wanted);
        expect(matcher.truncated).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

test('explain agrees with the matcher, and only a match has reasons', () => {
  fc.assert(
    fc.property(ruleTexts, fieldsOfEvent, (texts, fields) => {
      const rules = rulesOf(texts);
      const event = eventOf(fields);
      const hits = new Set(
        createRuleset(rules)
          .matcher()
          .match(event)
          .map((hit) => hit.rule.id),
      );
      for (const rule of rules) {
        expect(explain(rule, event).truth).toBe(hits.has(rule.id));
        if (!hits.has(rule.id)) expect(reasons(rule, event)).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

test('a rule set that was saved and loaded matches as before', () => {
  fc.assert(
    fc.property(ruleTexts, fieldsOfEvent, (texts, fields) => {
      const compiled = compile(texts.map((text, index) => ({ path: `${index}.yml`, text })));
      const loaded = loadCompiled(saveCompiled(compiled, 'k'), 'k');
      const event = eventOf(fields);
      expect(loaded?.ruleset.matcher().match(event)).toEqual(compiled.ruleset.matcher().match(event));
    }),
    { numRuns: 100 },
  );
});

test('any text is a list of rules and faults, never an exception', () => {
  const yamlish = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom(
        'title: x\n',
        'logsource:\n  product: p\n',
        'detection:\n',
        '  s:\n',
        '    a|contains: ',
        '  condition: ',
        '1 of s*',
        '- ',
        '{',
        '[',
        '&a ',
        '*a',
        '!!binary ',
        '---\n',
        '|\n',
        '>\n',
        'action: global\n',
        'null\n',
        '\u0000',
        '\ud800',
      ),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(yamlish, (parts) => {
      const compiled = compile([{ path: 'fuzz.yml', text: parts.join('') }]);
      for (const fault of compiled.faults) {
        expect(fault.why).not.toBe('');
        expect(fault.what).not.toBe('internal');
        expect(fault.line).toBeGreaterThan(0);
      }
    }),
    { numRuns: 1500 },
  );
});

test('any JSON value as detection is a rule or a fault', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (given, condition) => {
      const detection =
        typeof given === 'object' && given !== null && !Array.isArray(given)
          ? { ...given, condition }
          : { s: given, condition: 's' };
      const text = JSON.stringify({ title: 't', id: 'i', logsource: { product: 'p' }, detection });
      const parsed = parseRules([{ path: 'a.yml', text }]);
      expect(parsed.rules.length + parsed.faults.length).toBe(1);
      expect(parsed.faults.filter((fault) => fault.what === 'internal')).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});
