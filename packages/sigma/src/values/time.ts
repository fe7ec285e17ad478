import type { TimePart } from '../ast.ts';

/**
 * One number out of a date, as it is written: no zone is applied, as the specification warns. Numbers of nine digits
 * and more are seconds, milliseconds, microseconds or nanoseconds since 1970 by their size, read as UTC, in a text too.
 * Undefined where there is no date. `week` is the ISO 8601 week.
 */
export function timePart(value: string | number, part: TimePart): number | undefined {
  const date = typeof value === 'number' ? fromNumber(value) : fromText(value);
  if (!date || Number.isNaN(date.getTime())) return undefined;
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'day':
      return date.getUTCDate();
    case 'week':
      return isoWeek(date);
    case 'month':
      return date.getUTCMonth() + 1;
    case 'year':
      return date.getUTCFullYear();
  }
}

/** For V8's engine and for the store's alike. */
export const datePattern = String.raw`(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?`;
export const numberPattern = String.raw`\d{9,19}(?:\.\d{1,9})?`;
const written = new RegExp(`^[ \\t\\r\\n\\f]*${datePattern}`);
const counted = new RegExp(`^[ \\t\\r\\n\\f]*${numberPattern}[ \\t\\r\\n\\f]*$`);
const longest = 64;

function fromText(text: string): Date | undefined {
  const found = written.exec(text.length > longest ? text.slice(0, longest) : text);
  if (!found) return text.length <= longest && counted.test(text) ? fromNumber(Number(text)) : undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = found.map((part) => part);
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Math.min(Number(second), 59));
  const real =
    date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day) && Number(hour) < 24;
  return real && Number(minute) < 60 ? date : undefined;
}

function fromNumber(value: number): Date | undefined {
  // Below is no time that a log would say, but a count or an id.
  if (!(value >= 1e8 && value < 1e19)) return undefined;
  if (value < 1e11) return new Date(value * 1e3);
  if (value < 1e14) return new Date(value);
  return value < 1e17 ? new Date(value / 1e3) : new Date(value / 1e6);
}

function isoWeek(date: Date): number {
  const day = new Date(date);
  day.setUTCHours(0, 0, 0, 0);
  // The week belongs to the year its Thursday is in.
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const firstDay = new Date(0);
  firstDay.setUTCFullYear(day.getUTCFullYear(), 0, 1);
  return Math.ceil(((day.getTime() - firstDay.getTime()) / 86_400_000 + 1) / 7);
}
