/**
 * A complete, fast and honest Sigma engine: rules in, matches out, no rule dropped in silence.
 * Pure: no I/O, no clock, nothing of Ironbark's own.
 */
export type * from './ast.ts';
export type { LogSource, SigmaEvent } from './event.ts';
export {
  createRecogniser,
  recognise,
  tooManyValues,
  eventTime,
  type Format,
  type Unreadable,
  type View,
} from './views/index.ts';
export type { FaultKind, RuleFault } from './faults.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { parseCondition } from './parse/condition.ts';
export { parseDetection } from './parse/detection.ts';
export type { SourceFile } from './parse/documents.ts';
export { parseItem } from './parse/item.ts';
export { parsePattern } from './parse/pattern.ts';
export { parseRules, type Parsed, type ParseOptions } from './parse/rules.ts';
export { inNetwork, parseAddress, parseNetwork } from './values/address.ts';
export {
  type CorrelationCounters,
  type CorrelationOptions,
  type CorrelationRule,
  type CorrelationState,
  type CorrelationType,
  type Correlator,
  correlate,
  defaultCorrelationOptions,
  type Fired,
  parseCorrelations,
} from './correlation/index.ts';
export { createMatcher, type Hit, type Matcher, type MatcherStatistics, type RuleCount } from './matcher.ts';
export { defaultEventLimits, type EventLimits } from './plan/state.ts';
export { automatonEngine } from './regex/automaton.ts';
export { type LinearRegex, nativeEngine, type RegexEngine } from './regex/engine.ts';
export { appliesTo, createRuleset, type MatcherOptions, type Ruleset } from './ruleset.ts';
export { lookup } from './values/fields.ts';
export {
  applyPipelines,
  mapField,
  parsePipelines,
  type Pipeline,
  placeholdersOf,
} from './pipelines/index.ts';
export { ruleSql, type RuleSql } from './sql/index.ts';
export { type Compiled, type CompileOptions, compile, loadCompiled, saveCompiled } from './compile.ts';
export { describeTest } from './describe.ts';
export {
  explain,
  type Explanation,
  type Reason,
  reasons,
  type ReasonsBudget,
  reasonsBudget,
} from './explain.ts';
export { applyFilters } from './filters.ts';
export { lint, type LintFinding, type LintOptions } from './lint.ts';
