import {
  correlate,
  eventTime,
  type Level,
  type LogSource,
  reasons,
  type ReasonsBudget,
  reasonsBudget,
  recognise,
  type Rule,
  type RuleMetadata,
  type View,
} from '@ironbark/sigma';
import type { Input } from './inputs.ts';
import { readEvtx } from './evtx.ts';
import { type Read, readRecords } from './records.ts';
import type { LoadedRules } from './rules.ts';

/** A rule that is true of an event, or a correlation of several. */
export type Match = {
  readonly file: string;
  /** 0-based: line, place in a JSON array, or place in an EVTX file; of a correlation its newest event. */
  readonly line: number;
  readonly rule: Pick<RuleMetadata, 'id' | 'title' | 'level' | 'tags' | 'author'>;
  /** Field and value that made it true; `keyword` where no field is named; a correlation's group. */
  readonly matched: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970; undefined where the event says none. */
  readonly time: number | undefined;
};

export type Sums = { events: number; unread: number; matches: number; byLevel: Record<Level, number> };

export type ScanDeps = {
  readonly rules: LoadedRules;
  readonly declared: LogSource | undefined;
  readonly atLeast: Level;
  readonly onMatch: (match: Match) => void;
  /** A place that is no event, or an input that can't be read (line null). */
  readonly onUnread: (file: string, line: number | null, why: string) => void;
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
};

export const levels: readonly Level[] = ['informational', 'low', 'medium', 'high', 'critical'];

type Counted = { readonly time: number; readonly ruleId: string; readonly view: View; readonly at: string };

/** Past so many detections waiting for their correlations the oldest files' are worked off first. */
const mostWaiting = 200_000;

/** Every input in turn; correlations are worked out over all of them in the order of the events' own time. */
export async function scan(inputs: readonly Input[], deps: ScanDeps): Promise<Sums> {
  const { rules, declared, signal, onMatch } = deps;
  const sums: Sums = {
    events: 0,
    unread: 0,
    matches: 0,
    byLevel: { informational: 0, low: 0, medium: 0, high: 0, critical: 0 },
  };
  const matcher = rules.ruleset.matcher();
  const correlator = correlate(rules.correlations);
  const least = levels.indexOf(deps.atLeast);
  let waiting: Counted[] = [];
  const budget = reasonsBudget();

  const report = (match: Match): void => {
    if (levels.indexOf(match.rule.level) < least) return;
    sums.matches++;
    sums.byLevel[match.rule.level]++;
    onMatch(match);
  };
  const unread = (file: string, line: number, why: string): void => {
    sums.unread++;
    deps.onUnread(file, line, why);
  };
  const one = (file: string, read: Read): void => {
    if ('why' in read) {
      unread(file, read.line, read.why);
      return;
    }
    const view = recognise(read.record, declared);
    if (view.format === 'unreadable') {
      unread(file, read.line, view.why);
      return;
    }
    sums.events++;
    const hits = matcher.match(view, read.json);
    if (hits.length === 0) return;
    const time = eventTime(view);
    const seen = new Set<string>();
    for (const { rule } of hits) {
      if (seen.has(rule.id)) continue;
      seen.add(rule.id);
      if (correlator.wants(rule.id) && time !== undefined)
        waiting.push({ time, ruleId: rule.id, view, at: `${read.line}:${file}` });
      if (correlator.alertsAlone(rule.id))
        report({ file, line: read.line, rule: head(rule), matched: matchedBy(rule, view, budget), time });
    }
    if (waiting.length >= mostWaiting) settle();
  };
  const settle = (): void => {
    waiting.sort((a, b) => a.time - b.time);
    for (const { time, ruleId, view, at } of waiting) {
      for (const fired of correlator.push('', ruleId, time, view.fields, at)) {
        if (!fired.alone) continue;
        const [line, file] = splitOnce(fired.refs.at(-1) ?? at);
        report({
          file,
          line: Number(line),
          rule: head(fired.rule),
          matched: { ...fired.group, events: fired.events },
          time: fired.at,
        });
      }
    }
    waiting = [];
  };

  for (const input of inputs) {
    if (signal.aborted) break;
    try {
      const reads = input.kind === 'evtx' ? readEvtx(input.name) : readRecords(input.read(deps.onBytes));
      for await (const batch of reads) {
        for (const read of batch) one(input.name, read);
        if (signal.aborted) break;
      }
    } catch (error) {
      sums.unread++;
      deps.onUnread(input.name, null, error instanceof Error ? error.message : String(error));
    }
  }
  settle();
  return sums;
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(':');
  return [text.slice(0, at), text.slice(at + 1)];
}

function head({ id, title, level, tags, author }: RuleMetadata): Match['rule'] {
  return { id, title, level, tags, author };
}

function matchedBy(rule: Rule, view: View, budget: ReasonsBudget): Record<string, unknown> {
  const matched: Record<string, unknown> = Object.create(null) as Record<string, unknown>; // Field names are foreign.
  for (const { field, value } of reasons(rule, view, budget)) matched[field ?? 'keyword'] ??= value;
  return matched;
}
