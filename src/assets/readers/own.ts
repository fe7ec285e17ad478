import { z } from 'zod';
import { assetKind, gateKind, reachVia } from '../contract.ts';
import { fieldsOf } from '../fields.ts';
import { keyKinds } from '../keys.ts';
import { decodeText, parseJson } from './decode.ts';
import {
  type AssetRow,
  caps,
  listOf,
  member,
  type Reader,
  type RefusedRow,
  textOf,
  Unreadable,
} from './record.ts';

export const ownFormat = 'ironbark-assets/1';

const key = z.object({ kind: z.enum(keyKinds), value: z.string().min(1).max(500) });
const percent = z.union([
  z.literal(0),
  z.literal(1),
  z.literal(10),
  z.literal(50),
  z.literal(90),
  z.literal(100),
]);
const short = z.string().max(300);
export const ownAsset = z.object({
  kind: assetKind,
  name: z.string().min(1).max(200),
  keys: z.array(key).min(1).max(200),
  fields: z.record(z.string().max(40), z.string().max(2000)),
  seenAt: z.iso.datetime().nullable(),
  software: z
    .array(
      z.object({ type: short, name: short, version: short, architecture: short, origin: short, purl: short }),
    )
    .max(caps.packagesOfOne)
    .optional(),
  dependsOn: z
    .array(
      z.object({
        name: short,
        to: z.array(key).min(1).max(200),
        c: percent,
        i: percent,
        a: percent,
        gate: z
          .object({ name: short.min(1), kind: gateKind, k: z.number().int().min(1).max(1000).nullable() })
          .optional(),
      }),
    )
    .max(10_000),
  reaches: z
    .array(
      z.object({
        name: short,
        to: z.array(key).min(1).max(200),
        via: reachVia,
        probability: z.number().min(0).max(1),
      }),
    )
    .max(10_000),
});
export type OwnAsset = z.infer<typeof ownAsset>;

/** Our own export: importing it gives the same inventory. */
export const readOwn: Reader = (bytes) => {
  const document = parseJson(decodeText(bytes).text);
  if (textOf(document, 'format') !== ownFormat || !Array.isArray(member(document, 'assets')))
    throw new Unreadable(`It is no export of ours: "format" is not ${ownFormat}.`);
  const list = listOf(document, 'assets');
  if (list.length > caps.rows) throw new Unreadable(`It has more than ${caps.rows} assets.`);
  const rows: AssetRow[] = [];
  const refused: RefusedRow[] = [];
  for (const [at, one] of list.entries()) {
    const line = at + 1;
    const read = ownAsset.safeParse(one);
    if (!read.success) {
      const why = read.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
      refused.push({ line, name: (textOf(one, 'name') ?? '').slice(0, 200), why });
      continue;
    }
    const { kind, name, keys, fields, seenAt, software, dependsOn, reaches } = read.data;
    rows.push({
      line,
      name,
      kind,
      keys,
      fields: fieldsOf({ ...fields, name }),
      ...(seenAt !== null && { at: seenAt }),
      ...(software && { software }),
      links: dependsOn,
      reaches,
    });
  }
  return { rows, refused, remarks: [] };
};
