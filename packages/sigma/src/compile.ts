import type { RawDocument, Rule } from './ast.ts';
import type { RuleFault } from './faults.ts';
import { applyFilters } from './filters.ts';
import { defaultLimits } from './limits.ts';
import type { SourceFile } from './parse/documents.ts';
import { type ParseOptions, parseRules } from './parse/rules.ts';
import { createRuleset, type Ruleset, type RulesetOptions } from './ruleset.ts';

export type CompileOptions = ParseOptions &
  RulesetOptions & {
    /** A processing pipeline: the rule as it is to be matched, or why it can't be. Filters are already in it. */
    readonly transform?: (rule: Rule) => Rule | RuleFault;
  };

export type Compiled = {
  readonly ruleset: Ruleset;
  /** The active rules; `ruleset.rules` is the same list. */
  readonly rules: readonly Rule[];
  /** For `parseCorrelations`. */
  readonly correlations: readonly RawDocument[];
  readonly filters: readonly RawDocument[];
  readonly faults: readonly RuleFault[];
};

/** Rule text in, a rule set out; what can't be used is in `faults`. Never throws for what is in the texts. */
export function compile(files: readonly SourceFile[], options: CompileOptions = {}): Compiled {
  const parsed = parseRules(files, options);
  const filtered = applyFilters(parsed.rules, parsed.filters, { ...defaultLimits, ...options.limits });
  const faults = [...parsed.faults, ...filtered.faults];
  const rules = options.transform ? transformed(filtered.rules, options.transform, faults) : filtered.rules;
  const { correlations, filters } = parsed;
  return { ruleset: createRuleset(rules, options), rules, correlations, filters, faults };
}

function transformed(
  rules: readonly Rule[],
  transform: (rule: Rule) => Rule | RuleFault,
  faults: RuleFault[],
): readonly Rule[] {
  return rules.flatMap((rule) => {
    const result = transform(rule);
    if ('detection' in result) return [result];
    faults.push(result);
    return [];
  });
}

type Saved = { readonly format: string; readonly key: string } & Omit<Compiled, 'ruleset'>;
const format = 'ironbark-sigma-1';

/**
 * What was compiled, without its text: loading it takes a tenth of the time. The bytes are in shared memory, so that
 * they can be posted to workers without a copy.
 * @param key of what it was made from (a digest of the files and options); `loadCompiled` asks for the same
 */
export function saveCompiled(compiled: Compiled, key: string): Uint8Array<SharedArrayBuffer> {
  const { rules, correlations, filters, faults } = compiled;
  const saved: Saved = { format, key, rules, correlations, filters, faults };
  const text = Buffer.from(
    JSON.stringify(saved, (_name, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
  );
  const bytes = new Uint8Array(new SharedArrayBuffer(text.length));
  bytes.set(text);
  return bytes;
}

/** @returns undefined where the bytes are of another key or format, or damaged: then compile */
export function loadCompiled(
  bytes: Uint8Array,
  key: string,
  options: RulesetOptions = {},
): Compiled | undefined {
  try {
    const { buffer, byteOffset, byteLength } = bytes;
    const saved: unknown = JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString('utf8'));
    if (!isSaved(saved) || saved.key !== key) return undefined;
    const { rules, correlations, filters, faults } = saved;
    return { ruleset: createRuleset(rules, options), rules, correlations, filters, faults };
  } catch {
    // Cut off or overwritten: not JSON any more.
    return undefined;
  }
}

/** Our own bytes under our own key: the format's name vouches for the rest. */
function isSaved(value: unknown): value is Saved {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === format &&
    'key' in value
  );
}
