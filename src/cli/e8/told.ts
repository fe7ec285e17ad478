import type { Gap, MaturityDetail } from '#contract/essential-eight';
import { plain, table } from '../table.ts';

/** What is told of a maturity, wherever it comes from. */
export type Told = Pick<MaturityDetail, 'level' | 'possible' | 'target' | 'met' | 'strategies'> & {
  readonly gaps: readonly Gap[];
  readonly files?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly facts: number;
    readonly refusedRows: number;
    readonly refused: string | null;
  }[];
  readonly answers?: {
    readonly taken: number;
    readonly bad: readonly { readonly row: number; readonly why: string }[];
  };
};

const met = { yes: 'is met', no: 'is not met', unknown: 'may be met: nobody can tell' } as const;

export function lines(told: Told, all: boolean): string[] {
  const shown = all ? told.gaps : told.gaps.slice(0, 10);
  const files = (told.files ?? []).map((one) =>
    plain(
      one.refused === null
        ? `${one.name}: ${one.facts} facts (${one.kind})${one.refusedRows > 0 ? `, ${one.refusedRows} rows refused` : ''}`
        : `${one.name}: not used, ${one.refused}`,
    ),
  );
  return [
    ...files,
    ...(told.answers ? [`answers: ${told.answers.taken} taken, ${told.answers.bad.length} not`] : []),
    ...(told.answers?.bad ?? []).slice(0, 10).map(({ row, why }) => plain(`  row ${row}: ${why}`)),
    ...table(
      ['STRATEGY', 'REACHED', 'POSSIBLE', 'NOT MET', 'UNKNOWN'],
      told.strategies.map((one) => [
        one.title,
        one.applies ? `ML${one.level}` : 'n/a',
        one.applies ? `ML${one.possible}` : 'n/a',
        one.blocking.length,
        one.unknown.length,
      ]),
    ),
    '',
    `ML${told.level}${told.possible > told.level ? `, up to ML${told.possible} if everything unknown is met` : ''}. The target of ML${told.target} ${met[told.met]}.`,
    ...shown.map((gap) => plain(`- ${gap.control} ${gap.asks} ${gap.text}`)),
    ...(shown.length < told.gaps.length
      ? [`and ${told.gaps.length - shown.length} more; --gaps lists all`]
      : []),
  ];
}
