import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert, constantFrom, array, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, wordDifference } from './compare.ts';
import { renderedDigests, sourceDigests } from './digest.ts';
import { canonicalSource, parsePolicy } from './parse.ts';
import { clausesOf, type Policy, renderText, sectionsFor } from './policy.ts';

const shipped = (version: number): string =>
  readFileSync(
    fileURLToPath(new URL(`../../../content/agreements/community-${version}.md`, import.meta.url)),
    'utf8',
  );

const head = `---
policy: small
title: Small policy
version: 1
markings: [OFFICIAL, PROTECTED]
parameters:
  notice: { hours: 4, about: Time to tell. }
  review: { days: 365, about: Cycle. }
classes:
  editorial: { noticeHours: 0, graceHours: 0, approvers: 1 }
  minor: { noticeHours: 0, graceHours: 720, approvers: 1 }
  material: { noticeHours: 720, graceHours: 720, approvers: 1 }
  urgent: { noticeHours: 0, graceHours: 72, approvers: 2 }
---
`;
const headLines = head.split('\n').length - 1;
const small = (body: string): string => `${head}${body}`;
const clause = '## One {#one}\n### First {#first owner=both}\n';

function parsed(text: string): Policy {
  const result = parsePolicy(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.policy;
}
const faults = (text: string) => {
  const result = parsePolicy(text);
  return result.ok ? [] : result.faults;
};

describe('the template that ships', () => {
  const policy = parsed(shipped(1));

  test('has eleven sections, an owner for each clause, and obligations of every kind', () => {
    expect(policy.sections).toHaveLength(11);
    expect(clausesOf(policy).length).toBeGreaterThan(45);
    const obligations = clausesOf(policy).flatMap((one) => one.obligations);
    expect(new Set(obligations.map(({ system }) => system))).toEqual(
      new Set(['enforce', 'remind', 'record']),
    );
    expect(new Set(obligations.map(({ trigger }) => trigger.kind))).toEqual(
      new Set(['always', 'before-service', 'every', 'event']),
    );
    expect(policy.responsibilities.flatMap(({ rows }) => rows).length).toBeGreaterThan(18);
  });

  test('says other things for OFFICIAL and PROTECTED, under the same numbers', () => {
    const ids = (marking: string) =>
      sectionsFor(policy, marking).flatMap(({ clauses }) => clauses.map(({ id }) => id));
    expect(ids('OFFICIAL')).toContain('customer-screening');
    expect(ids('OFFICIAL')).not.toContain('customer-clearance');
    expect(ids('PROTECTED')).toContain('customer-clearance');
    expect(renderedDigests(policy, 'OFFICIAL').sha256).not.toBe(renderedDigests(policy, 'PROTECTED').sha256);
  });

  test('has a second version that shows every kind of change', () => {
    const { clauses, terms } = compare(policy, parsed(shipped(2)));
    const of = (id: string) => clauses.find((one) => one.id === id);
    expect(of('no-model-training')?.changes).toEqual(['added']);
    expect(of('unattended')?.changes).toEqual(['removed']);
    expect(of('training')?.changes).toEqual(['moved', 'renumbered']);
    expect(of('third-parties')?.changes).toEqual(['renumbered']);
    expect(of('watch-list')).toMatchObject({ owner: { before: 'customer', after: 'both' } });
    expect(
      of('no-data-off-site')
        ?.words.filter(({ kind }) => kind === 'added')
        .map(({ text }) => text.trim()),
    ).toContain('a telephone');
    expect(of('customer-tells')?.obligations.map(({ id }) => id)).toEqual(['incident-told']);
    expect(terms).toEqual([{ name: 'incident-notice', before: '4 hours', after: '2 hours' }]);
    expect(of('agree-first')).toBeUndefined();
  });
});

describe('a fault is told with its line', () => {
  const cases: [string, string, number, RegExp][] = [
    ['no front matter', '# Hello', 1, /front matter/],
    [
      'an id used twice',
      small(`${clause}Text.\n### Second {#first owner=both}\nText.`),
      headLines + 4,
      /taken already, in line/,
    ],
    [
      'a clause without owner',
      small('## One {#one}\n### First {#first}\nText.'),
      headLines + 2,
      /needs an owner/,
    ],
    ['a clause without id', small('## One {#one}\n### First\nText.'), headLines + 2, /needs an id/],
    [
      'an unknown owner',
      small('## One {#one}\n### First {#first owner=nobody}\n'),
      headLines + 2,
      /needs an owner/,
    ],
    [
      'an unknown marking',
      small('## One {#one}\n### First {#first owner=both only=SECRET}\n'),
      headLines + 2,
      /not one of this policy's markings/,
    ],
    [
      'an unknown kind of obligation',
      small(
        `${clause}\`\`\`obligation\nid: o\nowner: both\ntrigger: always\nsystem: pray\nsummary: x\n\`\`\``,
      ),
      headLines + 7,
      /system/,
    ],
    [
      'a cadence that is no parameter',
      small(
        `${clause}\`\`\`obligation\nid: o\nowner: both\ntrigger: every\nevery: notice\nsystem: remind\nsummary: x\n\`\`\``,
      ),
      headLines + 4,
      /not a parameter in days/,
    ],
    ['a parameter that is not there', small(`${clause}Within {{never}}.`), headLines + 3, /not a parameter/],
    [
      'a link that is not https',
      small(`${clause}See [this](javascript:alert(1)).`),
      headLines + 3,
      /not https/,
    ],
    [
      'a link with a name in it',
      small(`${clause}See [this](https://bank.example@evil.example/).`),
      headLines + 3,
      /not https/,
    ],
    ['text that runs backwards', small(`${clause}Pay \u202Enothing.`), headLines + 3, /invisible/],
    ['a section without clauses', small('## One {#one}\n'), headLines + 1, /no clause/],
    [
      'text outside a clause',
      small('## One {#one}\nStray.\n### First {#first owner=both}\n'),
      headLines + 2,
      /stands in a clause/,
    ],
    [
      'another kind of block',
      small(`${clause}\`\`\`js\nalert(1)\n\`\`\``),
      headLines + 3,
      /obligation blocks/,
    ],
    [
      'a block that is never closed',
      small(`${clause}\`\`\`obligation\nid: o`),
      headLines + 3,
      /never closed/,
    ],
    ['a doubled key', head.replace('policy: small', 'policy: small\npolicy: other'), 3, /unique/i],
    [
      'two accountable sides',
      small(clause).replace(
        '---\n## One',
        'responsibilities:\n  - service: s\n    name: S\n    rows:\n      - { id: r, activity: A, provider: A, customer: A }\n---\n## One',
      ),
      headLines + 4,
      /accountable/,
    ],
    [
      'an urgent change that one person may approve',
      head.replace('graceHours: 72, approvers: 2', 'graceHours: 72, approvers: 1'),
      13,
      /two approvers/,
    ],
    [
      'a YAML alias',
      head.replace('policy: small', 'policy: &a small').replace('title: Small policy', 'title: *a'),
      3,
      /aliases/,
    ],
  ];
  test.each(cases)('%s', (_name, text, line, message) => {
    const [first] = faults(text);
    expect(first?.message).toMatch(message);
    expect(first?.line).toBe(line);
  });

  test('too much of anything', () => {
    expect(faults(small('x'.repeat(300_000)))[0]?.message).toMatch(/256 KiB/);
    expect(faults(small('x'.repeat(5000)))[0]?.message).toMatch(/4000/);
    const many = Array.from(
      { length: 45 },
      (_, at) => `## S {#s${at}}\n### C {#c${at} owner=both}\nT.\n`,
    ).join('');
    expect(faults(small(many))[0]?.message).toMatch(/40 sections/);
  });
});

describe('hostile Markdown', () => {
  test('HTML is text', () => {
    const policy = parsed(small(`${clause}<script>alert(1)</script> <img src=x onerror=alert(1)>`));
    expect(clausesOf(policy)[0]?.blocks).toEqual([
      { kind: 'paragraph', spans: [{ text: '<script>alert(1)</script> <img src=x onerror=alert(1)>' }] },
    ]);
  });

  test('is parsed or told about, and never takes long or throws', () => {
    const token = constantFrom(
      '[',
      '](',
      ')',
      '*',
      '**',
      '`',
      '```',
      '{{',
      '}}',
      '#',
      '##',
      '### x {#a owner=both}',
      '\n',
      '- ',
      '1. ',
      '<b>',
      '\\',
      'https://a',
      '---',
      ' ',
      'word',
      '&a',
      '!!js',
    );
    assert(
      property(array(token, { maxLength: 200 }), string(), (tokens, more) => {
        parsePolicy(small(`${clause}${tokens.join('')}${more}`));
        parsePolicy(tokens.join('') + more);
      }),
      { numRuns: 300 },
    );
    for (const piece of ['[', '*', '`', '{{', '](', '<'])
      parsePolicy(small(`${clause}${`${piece.repeat(3900 / piece.length)}\n`.repeat(60)}`));
  });
});

describe('the canonical form', () => {
  test('is the same for the same words, whatever wrote them', () => {
    expect(canonicalSource('\uFEFFa\r\nb\u0065\u0301\r\n\r\n')).toBe('a\nb\u00e9\n');
    expect(sourceDigests('a\r\n')).toEqual(sourceDigests('a'));
    expect(sourceDigests('a').sha384).toHaveLength(96);
  });

  test('one other character in any clause is another digest', () => {
    const text = shipped(1);
    const before = renderedDigests(parsed(text), 'OFFICIAL').sha256;
    expect(renderedDigests(parsed(text.replace('Screens lock', 'Screens  lock')), 'OFFICIAL').sha256).toBe(
      before,
    );
    expect(
      renderedDigests(parsed(text.replace('before it uses it', 'when it uses it')), 'OFFICIAL').sha256,
    ).not.toBe(before);
    expect(renderText(parsed(text), 'OFFICIAL')).toContain('Within 4 hours of: security incident');
  });
});

test('the pieces of a comparison put together are both texts again', () => {
  const word = constantFrom('a ', 'b ', 'c', '\n', 'long word ');
  assert(
    property(array(word, { maxLength: 40 }), array(word, { maxLength: 40 }), (before, after) => {
      const pieces = wordDifference(before.join(''), after.join(''));
      const put = (skip: string) =>
        pieces
          .filter(({ kind }) => kind !== skip)
          .map(({ text }) => text)
          .join('');
      expect(put('added')).toBe(before.join(''));
      expect(put('removed')).toBe(after.join(''));
    }),
  );
});
