import { type Fault, frontMatter, itemId, obligationText, strictYaml } from './front-matter.ts';
import { inline } from './inline.ts';
import type { Block, Clause, Obligation, Owner, Parameter, Policy, Section, Trigger } from './policy.ts';
import type { z } from 'zod';

export type { Fault };
export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly Fault[] };

const maxSourceBytes = 256 * 1024;
const maxLineLength = 4000;
const maxSections = 40;
const maxClauses = 400;
const maxObligations = 400;
const maxFaults = 50;

/** The same text for the same words: Unicode NFC, line feeds, no byte order mark, one line feed at the end. */
export const canonicalSource = (text: string): string =>
  `${text
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r\n?/g, '\n')
    .normalize('NFC')
    .trimEnd()}\n`;

type Draft<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };
type Writing = {
  readonly faults: Fault[];
  readonly ids: Map<string, number>;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly markings: readonly string[];
  readonly sections: Draft<Section>[];
  readonly preamble: Block[];
  section: Draft<Section> | undefined;
  clause: Draft<Clause> | undefined;
  clauses: number;
  obligations: number;
};

/**
 * A policy from Markdown: front matter, `## Title {#id}` for sections, `### Title {#id owner=… only=…}` for clauses,
 * paragraphs and lists, and ```obligation blocks. Every fault is told with its line; nothing is guessed.
 */
export function parsePolicy(text: string): ParsedPolicy {
  if (Buffer.byteLength(text) > maxSourceBytes)
    return fail([{ line: 1, message: `A policy is at most ${maxSourceBytes / 1024} KiB.` }]);
  const lines = canonicalSource(text).split('\n');
  const unfit = lines.flatMap((content, at) => unfitIn(content, at + 1));
  if (unfit.length > 0) return fail(unfit);
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  if (end < 0) return fail([{ line: 1, message: 'Begin with front matter between two lines of "---".' }]);
  const head = strictYaml(frontMatter, lines.slice(1, end).join('\n'), 2);
  if (!head.ok) return fail(head.faults);
  const parameters = parametersOf(head.value);
  const writing: Writing = {
    faults: [],
    ids: new Map(),
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    markings: head.value.markings,
    sections: [],
    preamble: [],
    section: undefined,
    clause: undefined,
    clauses: 0,
    obligations: 0,
  };
  readBody(writing, lines, end + 1);
  for (const section of writing.sections)
    if (section.clauses.length === 0)
      writing.faults.push({
        line: writing.ids.get(section.id) ?? 1,
        message: `Section "${section.id}" has no clause.`,
      });
  if (writing.sections.length === 0)
    writing.faults.push({ line: end + 2, message: 'There is no section ("## Title {#id}").' });
  if (writing.faults.length > 0) return fail(writing.faults);
  const { policy, title, version, markings, classes, responsibilities } = head.value;
  const { preamble, sections } = writing;
  return {
    ok: true,
    policy: { policy, title, version, markings, parameters, classes, preamble, sections, responsibilities },
  };
}

const fail = (faults: readonly Fault[]): ParsedPolicy => ({ ok: false, faults: faults.slice(0, maxFaults) });

/** What would make a text look like something other than it is. */
function unfitIn(content: string, line: number): Fault[] {
  if (content.length > maxLineLength)
    return [{ line, message: `A line has at most ${maxLineLength} characters.` }];
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/u.test(content.replaceAll('\t', ''))
    ? [{ line, message: 'There is a control or invisible character.' }]
    : [];
}

function parametersOf({ parameters }: z.output<typeof frontMatter>): Parameter[] {
  return Object.entries(parameters).map(([name, { hours, days, minutes, about }]) => {
    if (hours !== undefined) return { name, value: hours, unit: 'hours', about };
    if (days !== undefined) return { name, value: days, unit: 'days', about };
    return { name, value: minutes ?? 0, unit: 'minutes', about };
  });
}

function readBody(writing: Writing, lines: readonly string[], from: number): void {
  let at = from;
  while (at < lines.length && writing.faults.length < maxFaults) {
    const content = lines[at] ?? '';
    if (content.trim() === '') at++;
    else if (content.startsWith('```')) at = readFence(writing, lines, at);
    else if (content.startsWith('#')) readHeading(writing, content, ++at);
    else at = readBlock(writing, lines, at);
  }
}

const heading = /^(#{1,6}) +(.+?) *(?:\{([^{}]*)\})?$/;

function readHeading(writing: Writing, content: string, line: number): void {
  const fault = (message: string): void => void writing.faults.push({ line, message });
  const [, marks = '', title = '', given = ''] = heading.exec(content) ?? [];
  if (marks !== '##' && marks !== '###')
    return fault('Use "## Title {#id}" for a section and "### Title {#id owner=…}" for a clause.');
  const [marker = '', ...attributes] = given.split(/\s+/).filter(Boolean);
  const id = marker.startsWith('#') ? marker.slice(1) : '';
  if (!itemId.safeParse(id).success)
    return fault(`"${title}" needs an id of its own: {#short-name}, of a-z, 0-9 and "-".`);
  if (!takeId(writing, id, line)) return;
  if (title.length > 160) return fault('A title has at most 160 characters.');
  if (marks === '##') {
    if (attributes.length > 0)
      return fault(`A section takes an id and nothing else, not "${attributes[0]}".`);
    if (writing.sections.length >= maxSections) return fault(`A policy has at most ${maxSections} sections.`);
    writing.section = { id, number: String(writing.sections.length + 1), title, clauses: [] };
    writing.clause = undefined;
    writing.sections.push(writing.section);
    return;
  }
  if (writing.section === undefined)
    return fault('A clause stands in a section: put a "## Title {#id}" before it.');
  if (++writing.clauses > maxClauses) return fault(`A policy has at most ${maxClauses} clauses.`);
  const read = clauseAttributes(attributes, writing.markings);
  if ('fault' in read) return fault(`Clause "${id}": ${read.fault}`);
  const { section } = writing;
  const number = `${section.number}.${section.clauses.length + 1}`;
  writing.clause = { id, number, title, ...read, blocks: [], obligations: [] };
  section.clauses.push(writing.clause);
}

function clauseAttributes(
  attributes: readonly string[],
  markings: readonly string[],
): { owner: Owner; only: string[] | null } | { fault: string } {
  const pairs = new Map(
    attributes.map((one) => [one.split('=', 1)[0] ?? '', one.slice(one.indexOf('=') + 1)]),
  );
  for (const name of pairs.keys())
    if (name !== 'owner' && name !== 'only')
      return { fault: `it does not know "${name}"; use owner and only.` };
  const owner = pairs.get('owner');
  if (owner !== 'provider' && owner !== 'customer' && owner !== 'both')
    return { fault: 'it needs an owner: owner=provider, owner=customer or owner=both.' };
  const only = pairs.get('only')?.split(',') ?? null;
  const unknown = only?.find((marking) => !markings.includes(marking));
  return unknown === undefined
    ? { owner, only }
    : { fault: `"${unknown}" is not one of this policy's markings (${markings.join(', ')}).` };
}

function takeId(writing: Writing, id: string, line: number): boolean {
  const before = writing.ids.get(id);
  if (before !== undefined)
    writing.faults.push({ line, message: `The id "${id}" is taken already, in line ${before}.` });
  else writing.ids.set(id, line);
  return before === undefined;
}

function readFence(writing: Writing, lines: readonly string[], start: number): number {
  const line = start + 1;
  const end = lines.findIndex((content, at) => at > start && content.startsWith('```'));
  if (end < 0) {
    writing.faults.push({ line, message: 'This block is never closed with ```.' });
    return lines.length;
  }
  const add = (message: string): void => void writing.faults.push({ line, message });
  if (lines[start] !== '```obligation') add('Only ```obligation blocks are read.');
  else if (writing.clause === undefined) add('An obligation stands in a clause.');
  else if (++writing.obligations > maxObligations) add(`A policy has at most ${maxObligations} obligations.`);
  else readObligation(writing, writing.clause, lines.slice(start + 1, end).join('\n'), line + 1);
  return end + 1;
}

function readObligation(writing: Writing, clause: Draft<Clause>, text: string, line: number): void {
  const read = strictYaml(obligationText, text, line);
  if (!read.ok) return void writing.faults.push(...read.faults);
  const { id, owner, system, summary } = read.value;
  if (!takeId(writing, id, line)) return;
  const trigger = triggerOf(writing, read.value);
  if (typeof trigger === 'string') return void writing.faults.push({ line, message: trigger });
  const obligation: Obligation = { id, owner, trigger, system, summary };
  clause.obligations.push(obligation);
}

function triggerOf(writing: Writing, given: z.output<typeof obligationText>): Trigger | string {
  const named = (name: string, unit: Parameter['unit']): Parameter | string => {
    const parameter = writing.parameters.get(name);
    if (parameter?.unit === unit) return parameter;
    return `"${name}" is not a parameter in ${unit} of this policy.`;
  };
  if (given.trigger === 'every') {
    const parameter = named(given.every ?? '', 'days');
    return typeof parameter === 'string'
      ? parameter
      : { kind: 'every', days: parameter.value, parameter: parameter.name };
  }
  if (given.trigger !== 'event') return { kind: given.trigger };
  const event = given.event ?? '';
  if (given.within === undefined) return { kind: 'event', event, withinHours: null, parameter: null };
  const parameter = named(given.within, 'hours');
  return typeof parameter === 'string'
    ? parameter
    : { kind: 'event', event, withinHours: parameter.value, parameter: parameter.name };
}

const bullet = /^(?:[-*] +|(\d{1,3})\. +)(.*)$/;

/** A paragraph or a list, up to an empty line, a heading or a fence. */
function readBlock(writing: Writing, lines: readonly string[], start: number): number {
  let at = start;
  const own: { text: string; line: number; item: boolean }[] = [];
  for (; at < lines.length; at++) {
    const content = lines[at] ?? '';
    if (content.trim() === '' || content.startsWith('#') || content.startsWith('```')) break;
    const item = bullet.exec(content);
    if (item !== null) own.push({ text: item[2] ?? '', line: at + 1, item: true });
    else if (own.length === 0) own.push({ text: content.trim(), line: at + 1, item: false });
    else {
      const last = own.at(-1);
      if (last !== undefined) last.text += ` ${content.trim()}`;
    }
  }
  const spans = own.map(({ text, line }) => {
    const read = inline(text, (name) => valueOf(writing, name));
    writing.faults.push(...read.faults.map((message) => ({ line, message })));
    return read.spans;
  });
  const target = blocksFor(writing, start + 1);
  if (own[0]?.item === true)
    target?.push({ kind: 'list', ordered: /^\d/.test(lines[start] ?? ''), items: spans });
  else {
    const [paragraph = [], ...items] = spans;
    target?.push({ kind: 'paragraph', spans: paragraph });
    if (items.length > 0) target?.push({ kind: 'list', ordered: false, items });
  }
  return at;
}

function blocksFor(writing: Writing, line: number): Block[] | undefined {
  if (writing.clause !== undefined) return writing.clause.blocks;
  if (writing.section === undefined) return writing.preamble;
  writing.faults.push({
    line,
    message: 'Text in a section stands in a clause: put a "### Title {#id owner=…}" before it.',
  });
  return undefined;
}

function valueOf(writing: Writing, name: string): string | undefined {
  const parameter = writing.parameters.get(name);
  return parameter && `${parameter.value} ${parameter.unit}`;
}
