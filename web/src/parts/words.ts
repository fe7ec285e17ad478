import type { AlertState, Outcome, Severity } from '#contract/soc/triage';
import type { Role, SuspendedWhy } from '#contract/identity';

export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];
export const severityWord: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  informational: 'Info',
};
export const stateWord: Readonly<Record<AlertState, string>> = {
  new: 'New',
  acknowledged: 'Acknowledged',
  closed: 'Closed',
};
export const outcomes: readonly Outcome[] = ['true-positive', 'benign', 'false-positive', 'duplicate'];
export const outcomeWord: Readonly<Record<Outcome, string>> = {
  'true-positive': 'True positive',
  benign: 'Benign',
  'false-positive': 'False positive',
  duplicate: 'Duplicate',
};
export const outcomeHint: Readonly<Record<Outcome, string>> = {
  'true-positive': 'It was what the rule says it was.',
  benign: 'It happened, and it was allowed.',
  'false-positive': 'The rule was wrong about it.',
  duplicate: 'Another alert tells the same story.',
};
export const roleWord: Readonly<Record<Role, string>> = {
  administrator: 'Administrator',
  analyst: 'Analyst',
  'shift-lead': 'Shift lead',
  auditor: 'Auditor',
  'customer-security-officer': 'Customer security officer',
  officer: 'Officer (CIO, CISO or COO)',
  approver: 'Approver of support',
  'support-engineer': 'Support engineer',
  member: 'Member',
};

const thin = '\u2009';

/** 12 345, grouped by thin spaces. */
export function count(value: number): string {
  const digits = String(Math.round(value));
  return digits.replace(/\B(?=(\d{3})+$)/g, thin);
}
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)}${thin}${units[unit]}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 && hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} days`;
}

/** `12 min`, `3 h`, `4 days`: how long ago, in one unit. */
export function age(seconds: number): string {
  if (seconds < 0) return 'now';
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${count(Math.floor(seconds / 86_400))} days`;
}

const two = (value: number) => String(value).padStart(2, '0');

/** `2026-03-12 14:07:32 UTC`, or the same in the browser's zone with its offset. */
export function exact(
  at: Date,
  clock: 'utc' | 'local',
  precision: 'second' | 'millisecond' = 'second',
): string {
  if (Number.isNaN(at.getTime())) return 'unknown time';
  const utc = clock === 'utc';
  const date = utc
    ? `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`
    : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const fraction = precision === 'millisecond' ? `.${String(at.getUTCMilliseconds()).padStart(3, '0')}` : '';
  return `${date} ${timeOfDay(at, clock)}${fraction} ${utc ? 'UTC' : offset(at)}`;
}

export function timeOfDay(at: Date, clock: 'utc' | 'local'): string {
  return clock === 'utc'
    ? `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
    : `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function offset(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** Keeps both ends of a hash or a path, where the meaning is. */
export function middle(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

/** Two letters for a person. */
export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .join('')
    .slice(0, 2)
    .toUpperCase();

/** Why an account that nobody locked by hand may not sign in. */
export const suspendedWord: Readonly<Record<SuspendedWhy, string>> = {
  idle: 'Suspended: not used for 45 days',
  unreviewed: 'Suspended: nobody confirmed it',
  review: 'Suspended in a review',
  deprovisioned: 'Ended by its directory',
};
