import { isAlias, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { changeClass } from './contract.ts';

export type Fault = { readonly line: number; readonly message: string };

export const itemId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'Use 1 to 60 characters of a-z, 0-9 and "-".');
const line = (most: number) => z.string().trim().min(1).max(most);

const parameter = z
  .strictObject({
    hours: z.number().int().min(0).max(8784).optional(),
    days: z.number().int().min(0).max(3660).optional(),
    minutes: z.number().int().min(0).max(10_080).optional(),
    about: line(300),
  })
  .refine(
    ({ hours, days, minutes }) => [hours, days, minutes].filter((one) => one !== undefined).length === 1,
    'Give one of hours, days and minutes.',
  );

const terms = z.strictObject({
  noticeHours: z.number().int().min(0).max(8784),
  graceHours: z.number().int().min(0).max(8784),
  approvers: z.number().int().min(1).max(5),
});

/** Two rows can not both be accountable: that is what the letter means. */
const raci = z.string().regex(/^(?!.*(.).*\1)[RACI]{0,4}$/, 'Use letters of RACI, each once.');

export const frontMatter = z.strictObject({
  policy: itemId,
  title: line(120),
  version: z.number().int().min(1).max(9999),
  markings: z.array(line(40)).min(1).max(10),
  parameters: z.record(itemId, parameter).default({}),
  classes: z.strictObject({
    [changeClass.enum.editorial]: terms,
    [changeClass.enum.minor]: terms,
    [changeClass.enum.material]: terms,
    [changeClass.enum.urgent]: terms.refine(
      ({ approvers }) => approvers >= 2,
      'An urgent change needs two approvers.',
    ),
  }),
  responsibilities: z
    .array(
      z.strictObject({
        service: itemId,
        name: line(120),
        rows: z
          .array(
            z
              .strictObject({ id: itemId, activity: line(160), provider: raci, customer: raci })
              .refine(
                ({ provider, customer }) =>
                  [provider, customer].filter((letters) => letters.includes('A')).length === 1,
                'Exactly one side is accountable (A).',
              ),
          )
          .min(1)
          .max(60),
      }),
    )
    .max(30)
    .default([]),
});

export const obligationText = z
  .strictObject({
    id: itemId,
    owner: z.enum(['provider', 'customer', 'both']),
    trigger: z.enum(['always', 'before-service', 'every', 'event']),
    every: itemId.optional(),
    event: itemId.optional(),
    within: itemId.optional(),
    system: z.enum(['enforce', 'remind', 'record']),
    summary: line(300),
  })
  .refine(({ trigger, every }) => (trigger === 'every') === (every !== undefined), {
    message: '"every" goes with trigger: every, and names a parameter in days.',
  })
  .refine(({ trigger, event }) => (trigger === 'event') === (event !== undefined), {
    message: '"event" goes with trigger: event.',
  })
  .refine(({ trigger, within }) => within === undefined || trigger === 'event', {
    message: '"within" goes with trigger: event, and names a parameter in hours.',
  });

/**
 * YAML as data and nothing else: no anchors, no doubled keys, every fault with the line it is on.
 * @param firstLine the line of the file that `text` begins on
 */
export function strictYaml<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  firstLine: number,
): { ok: true; value: z.output<Schema> } | { ok: false; faults: Fault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    strict: true,
    uniqueKeys: true,
    schema: 'core',
  });
  const lineOf = (offset: number): number => firstLine + Math.max(lines.linePos(offset).line, 1) - 1;
  if (document.errors.length > 0)
    return {
      ok: false,
      faults: document.errors.map(({ pos, message }) => ({
        line: lineOf(pos[0]),
        message: message.split('\n', 1)[0] ?? '',
      })),
    };
  let alias: number | undefined;
  visit(document, (_key, node) => {
    if (isAlias(node)) alias = node.range?.[0] ?? 0;
    return alias === undefined ? undefined : visit.BREAK;
  });
  if (alias !== undefined)
    return { ok: false, faults: [{ line: lineOf(alias), message: 'Anchors and aliases are not read.' }] };
  const read = schema.safeParse(document.toJS());
  if (read.success) return { ok: true, value: read.data };
  return {
    ok: false,
    faults: read.error.issues.map(({ path, message }) => ({
      line: lineOf(offsetOf(document, path)),
      message: [path.join('.'), message].filter(Boolean).join(': '),
    })),
  };
}

/** Where the node is, or the nearest one above it. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const [start]: unknown[] = node.range;
      if (typeof start === 'number') return start;
    }
  }
  return 0;
}
