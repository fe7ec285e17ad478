import { createHash } from 'node:crypto';
import type { Level, RuleMetadata } from '../ast.ts';
import type { LogSource } from '../event.ts';
import { Refusal } from '../faults.ts';

export type Raw = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const levels: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical'];
function isLevel(text: string): text is Level {
  return levels.includes(text);
}

/** @throws {Refusal} where a field is there but of a kind that can't be shown or compared */
export function readMetadata(raw: Raw): RuleMetadata {
  const title = text(raw, 'title');
  if (title === '') throw new Refusal('metadata', 'The rule has no title.', []);
  const id = text(raw, 'id').trim();
  const name = text(raw, 'name').trim();
  const level = text(raw, 'level').toLowerCase() || 'medium';
  if (!isLevel(level)) {
    throw new Refusal('metadata', `Level '${level}' is none of ${levels.join(', ')}.`, ['level']);
  }
  return {
    id: id || unnamedId(raw),
    ownId: id !== '',
    name: name || null,
    title,
    status: text(raw, 'status'),
    level,
    tags: list(raw, 'tags'),
    author: text(raw, 'author'),
    license: text(raw, 'license'),
    references: list(raw, 'references'),
    falsepositives: list(raw, 'falsepositives'),
    description: text(raw, 'description'),
    date: text(raw, 'date'),
    modified: text(raw, 'modified'),
    taxonomy: text(raw, 'taxonomy') || 'sigma',
    fields: list(raw, 'fields'),
    scope: list(raw, 'scope'),
  };
}

/** @throws {Refusal} where it is missing or names nothing a log could be chosen by */
export function readLogSource(raw: Raw): LogSource {
  const source = raw['logsource'];
  if (!isRecord(source)) throw new Refusal('logsource', 'The rule has no logsource map.', ['logsource']);
  const found: { product?: string; category?: string; service?: string } = {};
  for (const key of ['product', 'category', 'service'] as const) {
    const value = source[key];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || value.trim() === '') {
      throw new Refusal('logsource', `logsource.${key} must be a word.`, ['logsource', key]);
    }
    found[key] = value.trim().toLowerCase();
  }
  if (Object.keys(found).length === 0) {
    throw new Refusal('logsource', 'The logsource names no product, category or service.', ['logsource']);
  }
  return found;
}

function text(raw: Raw, key: string): string {
  const value = raw[key];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  throw new Refusal('metadata', `'${key}' must be text.`, [key]);
}

function list(raw: Raw, key: string): readonly string[] {
  const value = raw[key];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [text(raw, key)];
  return value
    .filter((item) => item !== null)
    .map((item) => (isRecord(item) ? JSON.stringify(item) : String(item)));
}

function unnamedId(raw: Raw): string {
  const seed = JSON.stringify([raw['title'], raw['logsource'], raw['detection']]);
  return `unnamed-${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`;
}
