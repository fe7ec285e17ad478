import { compile, type Compiled, type CompileOptions, type Hit, type SigmaEvent } from '../src/index.ts';

/** A rule file around a detection, in YAML's JSON subset. */
export function ruleText(detection: unknown, more: Record<string, unknown> = {}): string {
  return JSON.stringify({ title: 't', id: 'r', logsource: { product: 'p' }, detection, ...more });
}

export function compileTexts(texts: readonly string[], options?: CompileOptions): Compiled {
  return compile(
    texts.map((text, index) => ({ path: `${index}.yml`, text })),
    options,
  );
}

export function eventOf(fields: Record<string, unknown>): SigmaEvent {
  return { fields, logsources: [{ product: 'p' }], routeKey: 'p' };
}

/** Does `selection` (with more selections and a condition where given) match the event? Throws on a fault. */
export function matches(
  selection: unknown,
  fields: Record<string, unknown>,
  options?: CompileOptions,
): boolean {
  return hits([ruleText({ selection, condition: 'selection' })], fields, options).length === 1;
}

export function hits(
  texts: readonly string[],
  fields: Record<string, unknown>,
  options?: CompileOptions,
): readonly Hit[] {
  const compiled = compileTexts(texts, options);
  const [fault] = compiled.faults;
  if (fault) throw new Error(`${fault.what}: ${fault.why}`);
  return compiled.ruleset.matcher().match(eventOf(fields));
}

/** The word of the only fault of a rule with this detection; undefined where there is none. */
export function faultOf(detection: unknown, more: Record<string, unknown> = {}): string | undefined {
  const compiled = compileTexts([ruleText(detection, more)]);
  return compiled.faults[0]?.what;
}
