import { capped, defaultLimits, type Fault, type Limits, nearest, quoted, step } from '../fault.ts';
import { createSchemaCheck } from '../validate/schema.ts';
import { faultsOf } from '../validate/words.ts';
import { type Model, models, type OscalDocument, schemaFor } from './models.ts';
import { scanJson } from './scan.ts';
import { textOf } from './text.ts';

export type Read = { ok: true; document: OscalDocument } | { ok: false; faults: readonly Fault[] };

/** Reads and holds to the schema; what a schema cannot say is `checkDocument`'s. */
export type Reader = (source: Uint8Array | string) => Read;

/** A reader keeps its compiled schemas: make one and use it for every document. */
export function createReader(limits: Partial<Limits> = {}): Reader {
  const bounds = { ...defaultLimits, ...limits };
  const check = createSchemaCheck();
  return (source) => {
    const json = parse(source, bounds);
    if (!('value' in json)) return { ok: false, faults: [json] };
    const root = rootOf(json.value);
    if (!('model' in root)) return { ok: false, faults: [root] };
    const version = schemaFor(root.version);
    if (version === undefined || (root.model === 'mapping-collection' && version === '1.1.2'))
      return { ok: false, faults: [unknownVersion(root.model, root.version)] };
    const errors = check(root.model, version, json.value);
    if (errors.length > 0) return { ok: false, faults: capped(faultsOf(errors), bounds.maxFaults) };
    // The schema accepted the value as this model, whose type was made from the same schema.
    return { ok: true, document: root as OscalDocument };
  };
}

function parse(source: Uint8Array | string, limits: Limits): { value: unknown } | Fault {
  const text = textOf(source, limits);
  if (typeof text !== 'string') return text;
  const fault = scanJson(text, limits);
  if (fault !== undefined) return fault;
  try {
    return { value: JSON.parse(text) };
  } catch (cause) {
    const place = cause instanceof Error ? /line \d+ column \d+/.exec(cause.message)?.[0] : undefined;
    return {
      code: 'not-json',
      where: '',
      what:
        text.trim() === ''
          ? 'The file is empty.'
          : `The file is not JSON${place === undefined ? '' : `: see ${place}`}.`,
      help: 'Check that the file is whole, and that it is the JSON form of the document.',
    };
  }
}

function rootOf(value: unknown): { model: Model; version: string; value: unknown } | Fault {
  const names = isObject(value) ? Object.keys(value).filter((name) => name !== '$schema') : [];
  const found = models.filter((model) => names.includes(model));
  const [model] = found;
  if (!isObject(value) || model === undefined || found.length > 1) {
    const near = names.map((name) => nearest(name, models)).find((name) => name !== undefined);
    return {
      code: 'no-model',
      where: '',
      what:
        found.length > 1
          ? `The document holds ${found.join(' and ')} at once.`
          : `The document is none of OSCAL's models${names.length === 0 ? '' : `; it holds ${names.slice(0, 5).map(quoted).join(', ')}`}.`,
      help:
        near === undefined || found.length > 1
          ? `Give one document with one of these at its root: ${models.join(', ')}.`
          : `Write ${quoted(near)} if that is meant.`,
    };
  }
  const content = value[model];
  const metadata = isObject(content) ? content['metadata'] : undefined;
  const version = isObject(metadata) ? metadata['oscal-version'] : undefined;
  if (typeof version !== 'string') {
    return {
      code: 'unknown-version',
      where: `${step(model)}/metadata/oscal-version`,
      what: 'The document does not say which version of OSCAL it is.',
      help: 'Add metadata with "oscal-version", such as "1.1.2".',
    };
  }
  return { model, version, value: content };
}

const unknownVersion = (model: Model, version: string): Fault => ({
  code: 'unknown-version',
  where: `${step(model)}/metadata/oscal-version`,
  what:
    schemaFor(version) === undefined
      ? `OSCAL ${quoted(version)} is not read; versions 1.0.0 to 1.2.x are.`
      : `OSCAL ${version} has no ${model}; it came with 1.2.`,
  help: 'Export the document as OSCAL 1.1.2 or 1.2, or look for an update of this tool.',
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
