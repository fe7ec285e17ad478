import type { Condition, RawDocument, Rule, Selection } from './ast.ts';
import type { LogSource } from './event.ts';
import { Refusal, type RuleFault } from './faults.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { parseDetection } from './parse/detection.ts';
import { isRecord, readLogSource } from './parse/metadata.ts';

/**
 * Filters are added to the rules they name, by id or name, as `and not (…)`; `rules: any` is every rule of the
 * filter's log source.
 * SOURCE: sigma-filters-specification 2.1.
 *
 * @returns the rules in their order, changed where a filter applies, and a fault for each filter, or part of one,
 *   that does not apply to anything
 */
export function applyFilters(
  rules: readonly Rule[],
  filters: readonly RawDocument[],
  limits: Limits = defaultLimits,
): { readonly rules: readonly Rule[]; readonly faults: readonly RuleFault[] } {
  const faults: RuleFault[] = [];
  const result = [...rules];
  for (const [order, filter] of filters.entries()) {
    const id = typeof filter.document['id'] === 'string' ? filter.document['id'] : null;
    const fault = (why: string, what: RuleFault['what'] = 'filter'): void => {
      faults.push({ file: filter.file, line: filter.line, ruleId: id, what, why });
    };
    try {
      const parsed = parseFilter(filter, limits);
      const targets = new Set<number>();
      if (parsed.rules === 'any') {
        for (const [at, rule] of result.entries())
          if (covers(parsed.logsource, rule.logsource)) targets.add(at);
        if (targets.size === 0) fault('No rule has the log source of this filter.');
      } else {
        for (const name of parsed.rules) {
          const at = result.findIndex((rule) => rule.id === name || rule.name === name);
          const rule = result[at];
          if (!rule) fault(`It names the rule '${name}', which is not among the active rules.`);
          else if (!covers(parsed.logsource, rule.logsource))
            fault(`Its log source is not that of the rule '${name}'.`);
          else targets.add(at);
        }
      }
      for (const at of targets) {
        const rule = result[at];
        if (rule) result[at] = withFilter(rule, parsed, order);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      fault(error.message, error.what);
    }
  }
  return { rules: result, faults };
}

type Filter = {
  readonly logsource: LogSource;
  readonly rules: readonly string[] | 'any';
  readonly selections: Readonly<Record<string, Selection>>;
  readonly condition: Condition;
  readonly conditionText: readonly string[];
};

function parseFilter(filter: RawDocument, limits: Limits): Filter {
  const body = filter.document['filter'];
  if (!isRecord(body)) throw new Refusal('filter', 'The filter is not a map.');
  const { rules, ...detection } = body;
  const names = rules === 'any' ? 'any' : rules;
  if (
    names !== 'any' &&
    (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string'))
  ) {
    throw new Refusal('filter', "'rules' must be a list of rule ids or names, or 'any'.");
  }
  return {
    logsource: readLogSource(filter.document),
    rules: names === 'any' ? 'any' : names.map(String),
    ...parseDetection(detection, { limits, placeholders: () => undefined }),
  };
}

/** Each word the filter gives is the rule's. */
function covers(filter: LogSource, rule: LogSource): boolean {
  return (
    (filter.product === undefined || filter.product === rule.product) &&
    (filter.category === undefined || filter.category === rule.category) &&
    (filter.service === undefined || filter.service === rule.service)
  );
}

function withFilter(rule: Rule, filter: Filter, order: number): Rule {
  const rename = (name: string): string => `filter ${order + 1}: ${name}`;
  const added = Object.entries(filter.selections).map(
    ([name, selection]) => [rename(name), selection] as const,
  );
  return {
    ...rule,
    detection: {
      selections: { ...rule.detection.selections, ...Object.fromEntries(added) },
      condition: {
        kind: 'and',
        of: [rule.detection.condition, { kind: 'not', of: renamed(filter.condition, rename) }],
      },
      conditionText: rule.detection.conditionText.map(
        (text) => `(${text}) and not (${filter.conditionText.join(') or (')})`,
      ),
    },
  };
}

function renamed(condition: Condition, rename: (name: string) => string): Condition {
  switch (condition.kind) {
    case 'selection':
      return { kind: 'selection', name: rename(condition.name) };
    case 'not':
      return { kind: 'not', of: renamed(condition.of, rename) };
    case 'atLeast':
      return { ...condition, of: condition.of.map((part) => renamed(part, rename)) };
    case 'and':
    case 'or':
      return { kind: condition.kind, of: condition.of.map((part) => renamed(part, rename)) };
  }
}
