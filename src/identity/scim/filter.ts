import { type Filter, filter, parse } from 'scim2-parse-filter';
import { ScimInvalid } from './errors.ts';

const maxDepth = 20;
/** Compared without case (RFC 7643, 4.1.1: userName; 4.1.2: an e-mail address's value). */
const caseless = new Set(['username', 'emails', 'emails.value', 'displayname']);

/**
 * The resources that a filter lets through.
 * @throws {ScimInvalid}
 * @see RFC 7644, 3.4.2.2
 */
export function matching<Resource extends object>(
  all: readonly Resource[],
  text: string | undefined,
): Resource[] {
  if (text === undefined || text.trim() === '') return [...all];
  // The parser calls itself for each bracket.
  if ((text.match(/[([]/g)?.length ?? 0) > maxDepth)
    throw new ScimInvalid('invalidFilter', `A filter has at most ${maxDepth} brackets.`);
  let lets: (resource: object) => boolean;
  try {
    lets = filter(lowered(parse(text)));
  } catch (error) {
    throw new ScimInvalid(
      'invalidFilter',
      'The filter can\u2019t be read. An example: userName eq "kim@example.com"',
      error,
    );
  }
  return all.filter((resource) => lets(lowerView(resource)));
}

function lowered(node: Filter): Filter {
  if ('filters' in node) return { ...node, filters: node.filters.map(lowered) };
  if ('filter' in node) return { ...node, filter: lowered(node.filter) };
  if ('valFilter' in node)
    return caseless.has(node.attrPath.toLowerCase())
      ? { ...node, valFilter: everyLower(node.valFilter) }
      : node;
  return 'compValue' in node && caseless.has(node.attrPath.toLowerCase()) ? everyLower(node) : node;
}

function everyLower(node: Filter): Filter {
  if ('filters' in node) return { ...node, filters: node.filters.map(everyLower) };
  if ('filter' in node) return { ...node, filter: everyLower(node.filter) };
  if ('compValue' in node && typeof node.compValue === 'string')
    return { ...node, compValue: node.compValue.toLowerCase() };
  return node;
}

/** The resource as filters see it. */
function lowerView(resource: object): object {
  return Object.fromEntries(
    Object.entries(resource).map(([name, value]) => [
      name,
      caseless.has(name.toLowerCase()) ? lowerAll(value) : value,
    ]),
  );
}

function lowerAll(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  if (Array.isArray(value)) return value.map(lowerAll);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, lowerAll(member)]));
  return value;
}
