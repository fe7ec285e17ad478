import type { Condition, Rule, Selection, Test } from './ast.ts';
import { describeTest } from './describe.ts';
import type { LogSource } from './event.ts';
import { defaultLimits } from './limits.ts';
import { readDocuments, type SourceFile } from './parse/documents.ts';
import { type ParseOptions, parseRules } from './parse/rules.ts';

export type LintFinding = {
  readonly file: string;
  readonly line: number;
  readonly ruleId: string | null;
  /** `error` keeps the rule from being active; `warning` is for its author. */
  readonly severity: 'error' | 'warning';
  /** A fault's word, or one of: missing-id, unknown-field, unused-selection, shadowed-selection, shadowed-value, single-all. */
  readonly what: string;
  readonly why: string;
};

export type LintOptions = ParseOptions & {
  /** The fields events of a log source can have, where that is known. */
  readonly fieldsOf?: (logsource: LogSource) => ReadonlySet<string> | undefined;
};

/** For authors: everything `parseRules` refuses, and what it accepts but was hardly meant. In the order of the files. */
export function lint(files: readonly SourceFile[], options: LintOptions = {}): readonly LintFinding[] {
  const parsed = parseRules(files, options);
  const limits = { ...defaultLimits, ...options.limits };
  const findings: LintFinding[] = parsed.faults.map((fault) => ({ ...fault, severity: 'error' as const }));
  const byFile = Map.groupBy(parsed.rules, (rule) => rule.file);
  for (const file of files) {
    const rules = byFile.get(file.path) ?? [];
    if (rules.length === 0) continue;
    const documents = readDocuments(file, limits).documents;
    for (const rule of rules) {
      const document = documents.find(({ line }) => line === rule.line);
      const warn = (what: string, why: string, path: readonly string[] = []): void => {
        const line = path.length > 0 ? (document?.locate(path) ?? rule.line) : rule.line;
        findings.push({ file: file.path, line, ruleId: rule.id, severity: 'warning', what, why });
      };
      lintRule(rule, options, warn);
    }
  }
  const order = new Map(files.map((file, index) => [file.path, index]));
  return findings.toSorted(
    (left, right) => (order.get(left.file) ?? 0) - (order.get(right.file) ?? 0) || left.line - right.line,
  );
}

type Warn = (what: string, why: string, path?: readonly string[]) => void;

function lintRule(rule: Rule, options: LintOptions, warn: Warn): void {
  if (!rule.ownId)
    warn(
      'missing-id',
      'The rule has no id: correlations, filters and its alerts can not refer to it for good.',
    );
  const { selections, condition } = rule.detection;
  const used = new Set(namesIn(condition));
  const known = options.fieldsOf?.(rule.logsource);
  const bodies = new Map<string, string>();
  for (const [name, selection] of Object.entries(selections)) {
    const path = ['detection', name];
    if (!used.has(name)) warn('unused-selection', `The condition never looks at '${name}'.`, path);
    const body = JSON.stringify(selection);
    const twin = bodies.get(body);
    if (twin !== undefined) warn('shadowed-selection', `'${name}' asks the same as '${twin}'.`, path);
    else bodies.set(body, name);
    lintItems(name, selection, known, warn);
  }
}

function lintItems(
  name: string,
  selection: Selection,
  known: ReadonlySet<string> | undefined,
  warn: Warn,
): void {
  if (selection.kind === 'and' || selection.kind === 'or') {
    for (const part of selection.of) lintItems(name, part, known, warn);
    return;
  }
  const key = [selection.kind === 'field' ? selection.field : '', ...selection.modifiers].join('|');
  const path = ['detection', name, key];
  if (selection.kind === 'field' && known && !known.has(selection.field)) {
    warn('unknown-field', `Events of this log source have no field '${selection.field}'.`, path);
  }
  if (selection.modifiers.includes('all') && selection.tests.length === 1) {
    warn('single-all', "'all' with one value says nothing; not every tool accepts it.", path);
  }
  if (selection.join === 'any' && !selection.negated && selection.tests.length <= 1000) {
    for (const [index, test] of selection.tests.entries()) {
      const cover = selection.tests.find((other, at) => at !== index && covers(other, test, at < index));
      if (cover)
        warn('shadowed-value', `${describeTest(test)}: never needed beside ${describeTest(cover)}.`, path);
    }
  }
}

/** Whatever passes the narrow test passes the wide one. Equal tests: only the later is shadowed. */
function covers(wide: Test, narrow: Test, wideIsFirst: boolean): boolean {
  if (!('text' in wide) || !('text' in narrow) || !('cased' in wide) || !('cased' in narrow)) return false;
  if (wide.cased !== narrow.cased) return false;
  const [w, n] = wide.cased ? [wide.text, narrow.text] : [wide.text.toLowerCase(), narrow.text.toLowerCase()];
  if (wide.kind === narrow.kind && w === n) return wideIsFirst;
  if (wide.kind === 'contains') return n.includes(w) && w !== '';
  if (wide.kind === 'endsWith')
    return (narrow.kind === 'endsWith' || narrow.kind === 'equals') && n.endsWith(w);
  if (wide.kind === 'startsWith')
    return (narrow.kind === 'startsWith' || narrow.kind === 'equals') && n.startsWith(w);
  return false;
}

function namesIn(condition: Condition): string[] {
  if (condition.kind === 'selection') return [condition.name];
  return condition.kind === 'not' ? namesIn(condition.of) : condition.of.flatMap(namesIn);
}
