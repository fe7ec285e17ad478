import type { Condition, Rule, Selection, Test, TextTest } from '../src/index.ts';

/**
 * A rule against an event, word by word as the specification says it, with nothing of the engine's own code: what the
 * indexed matcher is held against. Wildcards and regexes go through V8's RegExp, which is fine for patterns of our own.
 */
export function plainMatch(rule: Rule, fields: Readonly<Record<string, unknown>>): boolean {
  return condition(rule.detection.condition, rule, fields);
}

type Fields = Readonly<Record<string, unknown>>;

function condition(node: Condition, rule: Rule, fields: Fields): boolean {
  switch (node.kind) {
    case 'and':
      return node.of.every((part) => condition(part, rule, fields));
    case 'or':
      return node.of.some((part) => condition(part, rule, fields));
    case 'not':
      return !condition(node.of, rule, fields);
    case 'atLeast':
      return node.of.filter((part) => condition(part, rule, fields)).length >= node.count;
    case 'selection': {
      const body = rule.detection.selections[node.name];
      return body !== undefined && selection(body, fields);
    }
  }
}

function selection(node: Selection, fields: Fields): boolean {
  if (node.kind === 'and') return node.of.every((part) => selection(part, fields));
  if (node.kind === 'or') return node.of.some((part) => selection(part, fields));
  const values = node.kind === 'field' ? [find(fields, node.field)] : everyScalar(fields);
  const holds = (test: Test): boolean => values.some((value) => field(test, value, fields));
  const found = node.join === 'all' ? node.tests.every(holds) : node.tests.some(holds);
  return found !== node.negated;
}

function everyScalar(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null)
    return value === null || value === undefined ? [] : [value];
  return Object.values(value).flatMap(everyScalar);
}

function find(fields: Fields, name: string): unknown {
  if (Object.keys(fields).includes(name) && fields[name] !== undefined) return fields[name];
  if (!name.includes('.')) return undefined;
  const found = walk([fields], name.split('.'));
  return found.length > 1 ? found : found[0];
}

function walk(from: unknown[], path: string[]): unknown[] {
  const [key, ...rest] = path;
  const flat = from.flatMap((value) =>
    Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value],
  );
  if (key === undefined) return from.filter((value) => value !== undefined);
  return walk(
    flat.flatMap((value) =>
      typeof value === 'object' && value !== null && Object.keys(value).includes(key)
        ? [Reflect.get(value, key)]
        : [],
    ),
    rest,
  );
}

function field(test: Test, value: unknown, fields: Fields): boolean {
  if (test.kind === 'exists') return (value !== undefined) === test.expected;
  if (test.kind === 'null') {
    return value === undefined || value === null || (Array.isArray(value) && value.includes(null));
  }
  if (Array.isArray(value))
    return value.some((part) => part !== null && part !== undefined && field(test, part, fields));
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false;
  if (test.kind === 'fieldref') {
    const other = find(fields, test.field);
    const others: unknown[] = Array.isArray(other) ? other : [other];
    return others.some((part) => {
      if (typeof part !== 'string' && typeof part !== 'number' && typeof part !== 'boolean') return false;
      const form: TextTest = { kind: test.match, text: String(part), cased: test.cased };
      return text(form, String(value));
    });
  }
  if (test.kind === 'number') {
    return typeof value === 'number'
      ? value === test.value
      : String(value).toLowerCase() === test.text.toLowerCase();
  }
  if (test.kind === 'compare') {
    const number =
      typeof value === 'number'
        ? value
        : /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(String(value))
          ? Number(value)
          : Number.NaN;
    return {
      lt: number < test.value,
      lte: number <= test.value,
      gt: number > test.value,
      gte: number >= test.value,
    }[test.order];
  }
  if (test.kind === 'cidr' || test.kind === 'timePart') throw new Error('not among the random tests');
  return text(test, String(value));
}

function text(test: TextTest, value: string): boolean {
  if (test.kind === 'regex') {
    const { ignoreCase, multiLine, dotAll } = test.flags;
    // V8 has no flags inside a pattern; the random patterns have them only at the start.
    const inline = test.source.startsWith('(?i)');
    const flags = `u${ignoreCase || inline ? 'i' : ''}${multiLine ? 'm' : ''}${dotAll ? 's' : ''}`;
    return new RegExp(inline ? test.source.slice(4) : test.source, flags).test(value);
  }
  const fold = (given: string): string => (test.cased ? given : given.toLowerCase());
  const have = fold(value);
  if (test.kind === 'wildcard') {
    const source = test.parts
      .map((part) => (part.kind === 'many' ? '[^]*' : part.kind === 'one' ? '[^]' : escaped(fold(part.text))))
      .join('');
    return new RegExp(`^(?:${source})$`, 'u').test(have);
  }
  const wanted = fold(test.text);
  if (test.kind === 'equals') return have === wanted;
  if (test.kind === 'startsWith') return have.startsWith(wanted);
  return test.kind === 'endsWith' ? have.endsWith(wanted) : have.includes(wanted);
}

function escaped(given: string): string {
  return given.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
