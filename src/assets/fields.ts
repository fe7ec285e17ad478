import { type AssetValue, classifications, type Exposure, exposures, valueBands } from './contract.ts';

/** What can be said of an asset. All are texts; several addresses are separated by ", ". */
export const fieldNames = [
  'name',
  'description',
  'owner',
  'custodian',
  'classification',
  'confidentiality',
  'integrity',
  'availability',
  'exposure',
  'hostname',
  'domain',
  'os',
  'osVersion',
  'kernel',
  'architecture',
  'vendor',
  'model',
  'version',
  'addresses',
  'location',
  'cluster',
  'instanceType',
  'account',
  'power',
] as const;
export type FieldName = (typeof fieldNames)[number];
export type Fields = { readonly [Name in FieldName]?: string };

/** What one source said, each with when it said it. */
export type Said = { readonly [Name in FieldName]?: { readonly v: string; readonly at: string } };

const most = 2000;
// What text columns can't hold or a reader can't see.
const unseen = /[\p{Cc}\p{Cs}]/gu;

/** One line, at most 2,000 characters; undefined where nothing is left. */
export function plainText(value: unknown, length = most): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.slice(0, length).replaceAll(unseen, ' ').trim();
  return text === '' ? undefined : text;
}

/** Leaves out what is empty. */
export function fieldsOf(given: { readonly [Name in FieldName]?: unknown }): Fields {
  const fields: { [Name in FieldName]?: string } = {};
  for (const name of fieldNames) {
    const text = plainText(given[name]);
    if (text !== undefined) fields[name] = text;
  }
  return fields;
}

/** Adds to what a source said before: newer words replace older ones, what it leaves out stays. */
export function saying(before: Said | undefined, fields: Fields, at: string): Said {
  const said: { [Name in FieldName]?: { v: string; at: string } } = { ...before };
  for (const name of fieldNames) {
    const v = fields[name];
    if (v === undefined) continue;
    const old = said[name];
    // Of two words of the same moment one has to win whichever came first.
    if (old === undefined || old.at < at || (old.at === at && old.v < v)) said[name] = { v, at };
  }
  return said;
}

export const money = (low: number, high: number): string => `AUD ${low}..${high}`;
export const valueText = (value: AssetValue): string =>
  typeof value === 'string' ? value : money(value.low, value.high);

/** A band, or dollars as people write them: `AUD 10000..50000`, `10,000-50,000`, `$5000`. */
export function readValue(text: string): AssetValue | undefined {
  const plain = text.trim().toLowerCase();
  const band = valueBands.find((one) => one === plain);
  if (band !== undefined) return band;
  if (plain.length > 60) return undefined;
  const found = /^(?:aud)? ?\$?([\d, ]+)(?:(?:\.\.|-|–| to )(?:aud)? ?\$?([\d, ]+))?$/.exec(plain);
  const low = amount(found?.[1]);
  const high = found?.[2] === undefined ? low : amount(found[2]);
  return low === undefined || high === undefined || low > high ? undefined : { low, high };
}

function amount(text: string | undefined): number | undefined {
  const digits = (text ?? '').replaceAll(/[ ,]/g, '');
  return digits === '' || digits.length > 12 ? undefined : Number(digits);
}

export function readClassification(text: string): (typeof classifications)[number] | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_:-]+/g, ' ');
  const found = classifications.find((one) => one.toLowerCase().replaceAll(/[\s:]+/g, ' ') === plain);
  return found ?? (plain === 'o s' || plain === 'os' ? 'OFFICIAL: Sensitive' : undefined);
}

export function readExposure(text: string): Exposure | undefined {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '-');
  return exposures.find((one) => one === plain || one.split('-')[0] === plain);
}
