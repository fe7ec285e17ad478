const dayMs = 86_400_000;

/** Where a live source's clock is believed: 45 days back (a machine that was off), 1 day ahead (a local time read as UTC). */
const liveBackMs = 45 * dayMs;
const aheadMs = dayMs;
/** SOURCE: docs/decisions, event time. A recording may be as old as the formats we read. */
const oldestMs = Date.UTC(1990, 0, 1);

/** @returns whether an event's own time may stand as its time; see docs/decisions, "event time" */
export function plausible(ownMs: number, receivedMs: number, recorded: boolean): boolean {
  return ownMs <= receivedMs + aheadMs && ownMs >= (recorded ? oldestMs : receivedMs - liveBackMs);
}

/**
 * A producer's time in epoch milliseconds, UTC where it names no zone. Reads ISO 8601 with T or a blank and any number of
 * decimals, epoch seconds (with decimals), milliseconds, microseconds and nanoseconds by their size.
 * @returns NaN where it is none of these
 */
export function parseTime(value: unknown): number {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string' || value.length < 10 || value.length > 40) return Number.NaN;
  const iso = parseIso(value);
  if (!Number.isNaN(iso)) return iso;
  return /^\d{9,19}(\.\d+)?$/.test(value) ? fromEpoch(Number(value)) : Number.NaN;
}

function fromEpoch(value: number): number {
  if (!(value > 1e8)) return Number.NaN;
  if (value < 1e11) return Math.round(value * 1000);
  if (value < 1e14) return Math.trunc(value);
  if (value < 1e17) return Math.trunc(value / 1000);
  return Math.trunc(value / 1e6);
}

function digits(text: string, at: number, count: number): number {
  let number = 0;
  for (let index = at; index < at + count; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** `2020-09-21T23:26:07.437123456Z`, `2020-09-21 23:26:07.437`, `…+10:00`; by hand, as Date.parse costs ten times as much. */
function parseIso(text: string): number {
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return Number.NaN;
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 24 && minute <= 59 && second <= 60))
    return Number.NaN;
  let at = 19;
  let milliseconds = 0;
  if (text[at] === '.' || text[at] === ',') {
    let scale = 100;
    for (at++; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (!(digit >= 0 && digit <= 9)) break;
      milliseconds += digit * scale;
      scale = scale > 1 ? scale / 10 : 0;
    }
  }
  const zone = zoneMinutes(text, text[at] === ' ' ? at + 1 : at);
  return Date.UTC(digits(text, 0, 4), month - 1, day, hour, minute, second, milliseconds) - zone * 60_000;
}

function zoneMinutes(text: string, at: number): number {
  const rest = text.length - at;
  if (rest <= 0 || ((text[at] === 'Z' || text[at] === 'z') && rest === 1) || text.startsWith('UTC', at))
    return 0;
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : Number.NaN;
  const minutesAt = text[at + 3] === ':' ? at + 4 : at + 3;
  return sign * (digits(text, at + 1, 2) * 60 + (rest > 3 ? digits(text, minutesAt, 2) : 0));
}
