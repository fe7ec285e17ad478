import type { PatternPart } from '../ast.ts';
import type { Meter } from './meter.ts';

/** A run of characters between two `*`: texts and single-character gaps. */
type Run = {
  readonly pieces: readonly (string | null)[];
  readonly plain: string | null;
  readonly leastLength: number;
};

/**
 * A wildcard pattern as a function. Runs are found leftmost first, which is enough for `*`: no backtracking, at most
 * one pass over the text for each run. `?` takes one character, a surrogate pair included.
 */
export function wildcardMatcher(
  parts: readonly PatternPart[],
  fold: (text: string) => string,
): (text: string, meter: Meter) => boolean {
  const runs: (string | null)[][] = [[]];
  for (const part of parts) {
    const run = runs.at(-1);
    if (part.kind === 'many') runs.push([]);
    else if (part.kind === 'one') run?.push(null);
    else run?.push(fold(part.text));
  }
  const compiled = runs.map(runOf);
  const first = compiled[0] ?? runOf([]);
  const last = compiled.at(-1) ?? first;
  const middle = compiled.slice(1, -1).filter((run) => run.leastLength > 0);
  if (compiled.length === 1) return (text) => endOfRun(first, text, 0) === text.length;
  return (text, meter) => {
    let from = endOfRun(first, text, 0);
    if (from < 0) return false;
    for (const run of middle) {
      from = findRun(run, text, from, meter);
      if (from < 0) return false;
    }
    return endsWithRun(last, text, from);
  };
}

function runOf(pieces: readonly (string | null)[]): Run {
  const texts = pieces.filter((piece) => piece !== null);
  const plain = texts.length === pieces.length ? texts.join('') : null;
  return {
    pieces,
    plain,
    leastLength: pieces.reduce((sum, piece) => sum + (piece === null ? 1 : piece.length), 0),
  };
}

/** @returns where the run ends when it starts at `from`, or -1 */
function endOfRun(run: Run, text: string, from: number): number {
  if (run.plain !== null) return text.startsWith(run.plain, from) ? from + run.plain.length : -1;
  let at = from;
  for (const piece of run.pieces) {
    if (piece === null) {
      if (at >= text.length) return -1;
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    } else if (text.startsWith(piece, at)) at += piece.length;
    else return -1;
  }
  return at;
}

/** @returns where the first occurrence at or after `from` ends, or -1 */
function findRun(run: Run, text: string, from: number, meter: Meter): number {
  if (run.plain !== null) {
    const found = meter.find(text, run.plain, from);
    return found < 0 ? -1 : found + run.plain.length;
  }
  const places = text.length - run.leastLength - from + 1;
  if (places < 1 || !meter.pay(places * (10 + run.leastLength))) return -1;
  for (let at = from; at + run.leastLength <= text.length; at++) {
    const end = endOfRun(run, text, at);
    if (end >= 0) return end;
  }
  return -1;
}

function endsWithRun(run: Run, text: string, from: number): boolean {
  if (run.plain !== null) return text.length - from >= run.plain.length && text.endsWith(run.plain);
  // Each gap may take one or two units, so the run's start is within that many units of the end.
  const gaps = run.pieces.filter((piece) => piece === null).length;
  const earliest = Math.max(from, text.length - run.leastLength - gaps);
  for (let at = text.length - run.leastLength; at >= earliest; at--) {
    if (endOfRun(run, text, at) === text.length) return true;
  }
  return false;
}
