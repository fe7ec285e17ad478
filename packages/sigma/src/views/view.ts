import type { SigmaEvent } from '../event.ts';

export type Json = Record<string, unknown>;

export type Format =
  | 'evtx-json'
  | 'winlog-flat'
  | 'winlogbeat'
  | 'winlog-ecs'
  | 'zeek'
  | 'suricata'
  | 'cloudtrail'
  | 'kubernetes-audit'
  | 'gcp-audit'
  | 'google-workspace'
  | 'okta'
  | 'json';

/** An event as rules see it, and what the record was taken for. */
export type View = SigmaEvent & { readonly format: Format };

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** EventID is a number, its text, or an element with a qualifier. NaN where it is none of them. */
export function eventNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  return isRecord(value) && '#text' in value && !isRecord(value['#text'])
    ? eventNumber(value['#text'])
    : Number.NaN;
}

/**
 * What a Sysmon event 12 did. Collectors overwrite its EventType with their own ("INFO"), then only the message tells.
 * Undefined where neither does: such an event is a registry_event and nothing narrower.
 */
export function registryEventType(fields: Json): string | undefined {
  const message = fields['Message'] ?? fields['message'];
  if (typeof message === 'string') {
    const at = message.indexOf('EventType: ');
    if (at >= 0) return /^[A-Za-z]{1,20}/.exec(message.slice(at + 11, at + 32))?.[0];
  }
  const own = fields['EventType'];
  return typeof own === 'string' ? own : undefined;
}
