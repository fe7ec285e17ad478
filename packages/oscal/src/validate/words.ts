import type { ErrorObject } from 'ajv';
import { type Fault, nearest, quoted } from '../fault.ts';
import { datatypeOf } from './schema.ts';

type Words = { what: string; help: string; code?: 'no-time-zone' };

/** The errors of a schema as faults in words: one for each place, the innermost that explains an alternative. */
export function faultsOf(errors: readonly ErrorObject[]): readonly Fault[] {
  const faults = new Map<string, Fault>();
  for (const error of withoutNoise(errors)) {
    const { what, help, code } = wordsFor(error);
    const where = error.instancePath;
    const key = `${where}\n${what}`;
    if (!faults.has(key)) faults.set(key, { code: code ?? 'schema', where, what, help });
  }
  return [...faults.values()];
}

/**
 * An alternative (anyOf) fails with the errors of each of its branches. What helps is the error that lies deepest:
 * the branch that was meant got furthest.
 */
function withoutNoise(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const alternatives = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  let kept = errors.filter((error) => !alternatives.includes(error));
  for (const alternative of alternatives) {
    const within = kept.filter(
      (error) =>
        (error.instancePath === alternative.instancePath ||
          error.instancePath.startsWith(`${alternative.instancePath}/`)) &&
        branchOf(error, alternative) !== undefined,
    );
    const deepest = Math.max(...within.map((error) => error.instancePath.split('/').length));
    const dropped = new Set(within.filter((error) => error.instancePath.split('/').length < deepest));
    kept = kept.filter((error) => !dropped.has(error));
  }
  return kept.length > 0 ? kept : errors;
}

// Errors behind a $ref carry the schema path of its definition: they count as the alternative's when they lie in it.
function branchOf(error: ErrorObject, alternative: ErrorObject): string | undefined {
  if (error.schemaPath.startsWith(`${alternative.schemaPath}/`)) return error.schemaPath;
  return error.instancePath.length >= alternative.instancePath.length ? error.schemaPath : undefined;
}

function wordsFor(error: ErrorObject): Words {
  const params: Record<string, unknown> = error.params;
  switch (error.keyword) {
    case 'required':
      return {
        what: `${quoted(String(params['missingProperty']))} is missing.`,
        help: 'Add it: OSCAL requires it here.',
      };
    case 'additionalProperties': {
      const name = String(params['additionalProperty']);
      const properties: unknown = error.parentSchema?.['properties'];
      const known = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
      const meant = nearest(name, known);
      return {
        what: `${quoted(name)} is not known here.`,
        help:
          meant === undefined
            ? `Remove it, or move it where it belongs. Known here: ${known.join(', ') || 'nothing'}.`
            : `Write ${quoted(meant)} if that is meant, or remove it.`,
      };
    }
    case 'type':
      return {
        what: `Here stands ${kindOf(error.data)}, where ${String(params['type'])} is due.`,
        help: 'Correct the value.',
      };
    case 'minItems':
      return { what: 'The list is empty.', help: 'Leave the list out, or put something in.' };
    case 'minimum':
      return {
        what: `${String(error.data)} is too small.`,
        help: `Use at least ${String(params['limit'])}.`,
      };
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : [];
      return {
        what: `${valueOf(error.data)} is not one of the allowed values.`,
        help: `Use one of: ${allowed.join(', ')}.`,
      };
    }
    case 'pattern':
    case 'format':
      return wordsForText(error);
    default:
      return {
        what: `The value is not valid (${error.keyword}).`,
        help: 'Compare it with the OSCAL reference.',
      };
  }
}

function wordsForText(error: ErrorObject): Words {
  const type = datatypeOf(error);
  const value = valueOf(error.data);
  if (typeof error.data === 'string' && error.data.length > 8192 && type !== 'Base64')
    return {
      what: `The value has ${error.data.length} characters; that is too long here.`,
      help: 'Shorten it.',
    };
  switch (type) {
    case 'UUID':
      return {
        what: `${value} is not a UUID (version 4 or 5).`,
        help: 'Use a UUID as 8-4-4-4-12 hexadecimal digits.',
      };
    case 'Token':
      return {
        what: `${value} is not a token.`,
        help: 'Start with a letter or _, then letters, digits, ".", "-" and "_" only; no spaces.',
      };
    case 'DateTimeWithTimezone':
      return typeof error.data === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/.test(error.data)
        ? {
            code: 'no-time-zone',
            what: `${value} has no time zone.`,
            help: 'Add "Z" for UTC, or an offset such as "+10:00".',
          }
        : {
            what: `${value} is not a date and time with a zone.`,
            help: 'Write it as 2026-01-31T09:00:00Z or 2026-01-31T09:00:00+10:00.',
          };
    case 'Date':
      return { what: `${value} is not a date.`, help: 'Write it as 2026-01-31, with a zone if it has one.' };
    case 'URI':
      return {
        what: `${value} is not an absolute URI.`,
        help: 'Start it with its scheme, such as https:, and leave no spaces in it.',
      };
    case 'URIReference':
      return {
        what: `${value} is not a URI reference.`,
        help: 'Use a URI, a relative path, or "#" and a uuid; encode spaces as %20.',
      };
    case 'EmailAddress':
      return { what: `${value} is not an email address.`, help: 'Write it as name@example.org.' };
    case 'String':
      return {
        what: `${value} is empty, or has spaces at an end or line breaks.`,
        help: 'Trim it to one line of text.',
      };
    case 'MarkupLine':
      return { what: `${value} is empty or has line breaks.`, help: 'Write it in one line.' };
    case 'Base64':
      return { what: 'The value is not base64.', help: 'Encode the file as base64 without line breaks.' };
    default:
      return {
        what: `${value} does not have the form that is due.`,
        help: 'Compare it with the OSCAL reference.',
      };
  }
}

const valueOf = (data: unknown): string =>
  typeof data === 'string' ? quoted(data) : typeof data === 'object' ? kindOf(data) : JSON.stringify(data);

function kindOf(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'a list';
  return typeof data === 'object' ? 'an object' : `a ${typeof data}`;
}
