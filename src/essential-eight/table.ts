import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Level, levels, strategies, type StrategyId } from './strategy.ts';

const strategyIds = strategies.map(({ id }) => id);
const level = z.union([z.literal(1), z.literal(2), z.literal(3)]);
const coverage = z.enum([
  'online-services',
  'user-applications',
  'other-applications',
  'exposed-systems',
  'inner-systems',
  'drivers',
  'firmware',
]);
/** What has to be patched or scanned. User applications: office suites, browsers, e-mail, PDF and security products. */
export type Coverage = z.infer<typeof coverage>;

const tableFile = z.strictObject({
  model: z.string(),
  controls: z.array(
    z.strictObject({
      id: z.string().regex(/^ism-\d{4}$/),
      strategies: z.array(z.enum(strategyIds)).min(1),
      levels: z.array(level).min(1),
      asks: z.string().min(10),
      judged: z.enum(['machine', 'partly', 'person']),
      settles: z.array(z.string()).min(1),
      patch: z
        .strictObject({
          of: coverage,
          within: z.enum(['48h', '14d', '1mo']),
          /** Urgent: critical by its maker or exploited. Ordinary: neither. */
          when: z.enum(['urgent', 'ordinary', 'any']),
        })
        .optional(),
      scan: z.strictObject({ of: coverage, everyDays: z.number().int().positive() }).optional(),
    }),
  ),
});
const evidenceFile = z.strictObject({
  evidence: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      bring: z.string(),
      kinds: z.array(z.string()),
    }),
  ),
});

const strategiesFile = z.strictObject({
  strategies: z.array(
    z.strictObject({
      id: z.string(),
      goal: z.enum(['delivery', 'extent', 'detect', 'recover', 'insiders']),
      priority: z.enum(['excellent', 'unknown']),
      title: z.string(),
    }),
  ),
});
/** One of ASD's other strategies: a tag with ASD's rating of 2017, where we have a source for it. */
export type OtherStrategy = z.infer<typeof strategiesFile>['strategies'][number];

export type TableControl = z.infer<typeof tableFile>['controls'][number];
export type EvidenceType = z.infer<typeof evidenceFile>['evidence'][number];
export type Table = {
  readonly model: string;
  readonly controls: readonly TableControl[];
  readonly evidence: ReadonlyMap<string, EvidenceType>;
  readonly others: readonly OtherStrategy[];
};

/**
 * @param controlsText content/essential-eight/controls.yaml
 * @param evidenceText content/essential-eight/evidence.yaml
 * @param strategiesText content/essential-eight/strategies.yaml
 * @throws where a file isn't what it should be: our own content, so a mistake of ours
 */
export function readTable(controlsText: string, evidenceText: string, strategiesText: string): Table {
  const { model, controls } = tableFile.parse(parse(controlsText));
  const evidence = new Map(
    evidenceFile.parse(parse(evidenceText)).evidence.map((one) => [one.id, one] as const),
  );
  const unknown = controls.flatMap(({ settles }) => settles.filter((id) => !evidence.has(id)));
  if (unknown.length > 0) throw new Error(`controls.yaml names evidence nobody described: ${unknown[0]}`);
  return { model, controls, evidence, others: strategiesFile.parse(parse(strategiesText)).strategies };
}

/** Which evidence would settle a control, as one phrase each. */
export function bringFor(table: Table, control: string): readonly string[] {
  const found = table.controls.find(({ id }) => id === control);
  return (found?.settles ?? []).flatMap((id) => table.evidence.get(id)?.bring ?? []);
}

/**
 * SHA-256 over `{"ism-0109":["ML3"],…}`, ids in order, no spaces: equal for every edition since December 2023, so that a
 * changed mapping shows at once.
 */
export function levelsDigest(map: ReadonlyMap<string, readonly Level[]>): string {
  const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = Object.fromEntries(
    sorted.map(([id, at]) => [id, [...at].sort((a, b) => a - b).map((one) => `ML${one}`)]),
  );
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex');
}

export const levelsOf = (table: Table): ReadonlyMap<string, readonly Level[]> =>
  new Map(table.controls.map(({ id, levels: at }) => [id, at]));

export type Difference = {
  readonly control: string;
  readonly table: readonly Level[];
  readonly catalogue: readonly Level[];
  /** False: the catalogue asks for a control whose strategy nobody told us, so no strategy can count it. */
  readonly placed: boolean;
};

/**
 * The levels as an imported catalogue has them; ours where it carries none at all. The catalogue wins, and every
 * difference is told.
 * @param catalogue levels by control id, as `essential-eight-applicability` says: ML1, ML2, ML3
 */
export function withCatalogue(
  table: Table,
  catalogue: ReadonlyMap<string, readonly string[]>,
): {
  readonly table: Table;
  readonly source: 'catalogue' | 'table';
  readonly differences: readonly Difference[];
} {
  const said = new Map(
    [...catalogue].flatMap(([id, words]) => {
      const at = levels.filter((one) => words.includes(`ML${one}`));
      return at.length === 0 ? [] : [[id, at] as const];
    }),
  );
  if (said.size === 0) return { table, source: 'table', differences: [] };
  const differences: Difference[] = [];
  const controls = table.controls.flatMap((control) => {
    const now = said.get(control.id) ?? [];
    if (now.join() !== control.levels.join())
      differences.push({ control: control.id, table: control.levels, catalogue: now, placed: true });
    return now.length === 0 ? [] : [{ ...control, levels: [...now] }];
  });
  const ours = new Set(table.controls.map(({ id }) => id));
  for (const [control, at] of said)
    if (!ours.has(control)) differences.push({ control, table: [], catalogue: at, placed: false });
  return { table: { ...table, controls }, source: 'catalogue', differences };
}

/** The controls a strategy has at a level. */
export const askedAt = (table: Table, strategy: StrategyId, at: Level): readonly TableControl[] =>
  table.controls.filter((one) => one.strategies.includes(strategy) && one.levels.includes(at));
