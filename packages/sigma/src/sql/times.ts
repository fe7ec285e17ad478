import type { Test } from '../ast.ts';
import { datePattern, numberPattern } from '../values/time.ts';
import type { Params } from './params.ts';

/** The calendar repeats, weekdays too, after so many years and days; the store's own dates end at 2299. */
const cycleYears = 400;
const cycleDays = 146_097;
const firstYear = 1900;
const firstDay = -25_567;

const operators = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** A part of the date that the text `x` says, as `values/time.ts` reads it: as written, or seconds and finer since 1970. */
export function timePartSql(test: Extract<Test, { kind: 'timePart' }>, x: string, params: Params): string {
  const holds = (part: string): string => `${part} ${operators[test.order]} ${params.number(test.value)}`;
  const written = `arrayExists(g -> ${real('g')} AND ${holds(ofText(test.part, 'g'))}, [extractGroups(substringUTF8(${x}, 1, 64), ${params.text(`^[ \\t\\r\\n\\f]*${datePattern}`)})])`;
  const number = `match(${x}, ${params.text(`^[ \\t\\r\\n\\f]*${numberPattern}[ \\t\\r\\n\\f]*$`)})`;
  const counted = `arrayExists(s -> ${holds(ofNumber(test.part, 's'))}, [toInt64(floor(${seconds(`toFloat64OrZero(trimBoth(${x}))`)}))])`;
  return `if(${number}, ${counted}, ${written})`;
}

const group = (g: string, at: number): string => `toInt32OrZero(${g}[${at}])`;

/** Any year in one that the store's dates have. */
const shownYear = (year: string): string =>
  `${firstYear} + positiveModulo(${year} - ${firstYear}, ${cycleYears})`;

const date = (g: string): string => `makeDate32(${shownYear(group(g, 1))}, ${group(g, 2)}, ${group(g, 3)})`;

/** Found, and a day and a time that there are. */
function real(g: string): string {
  return (
    `notEmpty(${g}) AND toMonth(${date(g)}) = ${group(g, 2)} AND toDayOfMonth(${date(g)}) = ${group(g, 3)} ` +
    `AND ${group(g, 4)} < 24 AND ${group(g, 5)} < 60`
  );
}

type Part = Extract<Test, { kind: 'timePart' }>['part'];

function ofText(part: Part, g: string): string {
  switch (part) {
    case 'year':
      return group(g, 1);
    case 'month':
      return group(g, 2);
    case 'day':
      return group(g, 3);
    case 'hour':
      return group(g, 4);
    case 'minute':
      return group(g, 5);
    case 'week':
      return `toISOWeek(${date(g)})`;
  }
}

/** Seconds, milliseconds, microseconds or nanoseconds by their size. */
function seconds(value: string): string {
  return `multiIf(${value} < 1e11, ${value}, ${value} < 1e14, ${value} / 1e3, ${value} < 1e17, ${value} / 1e6, ${value} / 1e9)`;
}

function ofNumber(part: Part, s: string): string {
  const days = `intDiv(${s}, 86400)`;
  const shown = `addDays(toDate32('1970-01-01'), positiveModulo(${days} - (${firstDay}), ${cycleDays}) + (${firstDay}))`;
  switch (part) {
    case 'minute':
      return `intDiv(modulo(${s}, 3600), 60)`;
    case 'hour':
      return `intDiv(modulo(${s}, 86400), 3600)`;
    case 'day':
      return `toDayOfMonth(${shown})`;
    case 'week':
      return `toISOWeek(${shown})`;
    case 'month':
      return `toMonth(${shown})`;
    case 'year':
      return `toYear(${shown}) + ${cycleYears} * intDiv(${days} - (${firstDay}), ${cycleDays})`;
  }
}
