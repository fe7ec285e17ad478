import type { Exception } from './protocol.ts';

/** Exceptions by rule and tenancy, so that a rule that has none costs one look-up. */
export class Exceptions {
  readonly #byRule = new Map<string, Exception[]>();

  constructor(exceptions: readonly Exception[]) {
    for (const one of exceptions) {
      const key = `${one.ruleId}\n${one.tenancy}`;
      const list = this.#byRule.get(key);
      if (list === undefined) this.#byRule.set(key, [one]);
      else list.push(one);
    }
  }

  /** @param value of a field of the event, by the name rules use or by a column's */
  silences(ruleId: string, tenancy: string, atMs: number, value: (field: string) => unknown): boolean {
    const list = this.#byRule.get(`${ruleId}\n${tenancy}`);
    return list?.some((one) => atMs < one.expiresMs && same(value(one.field), one.value)) ?? false;
  }
}

function same(found: unknown, wanted: string): boolean {
  if (Array.isArray(found)) return found.some((one) => same(one, wanted));
  if (typeof found === 'string') return found.toLowerCase() === wanted.toLowerCase();
  return (typeof found === 'number' || typeof found === 'boolean') && String(found) === wanted;
}
