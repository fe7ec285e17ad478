import { compileRegex } from '../parse/regex.ts';
import type { LinearRegex, RegexEngine } from './engine.ts';

/*
 * re2js parses and compiles; its lazy automaton is driven from here, one character at a time, so that every step is
 * counted and the search can stop anywhere. What is used of it (`start`, `step`, `resetCache`, tables by class of
 * character) is not documented: the version is pinned, and tests hold the answers to re2js's own.
 */

/** A cached step; and a new state, for each instruction in it. In the matcher's units: about a nanosecond. */
const stepUnits = 5;
const stateUnits = 150;
// For the states of one expression; beyond it they are built anew.
const memoryBytes = 1024 * 1024;
const endOfText = -1;
// As for the start of a text: begin of text and of line.
const atStart = { context: () => 1 | 4 };

type State = {
  readonly isMatch: boolean;
  readonly nfaStates: { readonly length: number };
  readonly next: readonly (State | null)[] | null;
};

/** The part of re2js's automaton that is used here. */
type Automaton = {
  stateBudget: number;
  memBudget: number;
  readonly numClasses: number;
  readonly latin1Class: Int32Array;
  readonly runeClass: (rune: number) => number;
  readonly start: (input: typeof atStart, at: number) => State | null;
  readonly step: (state: State, cls: number, rune: number, anchor: number) => State | null;
  readonly resetCache: (state: State) => State | null;
};

export const automatonEngine: RegexEngine = (source, flags) => {
  const compiled = compileRegex(source, flags);
  if ('refused' in compiled) return compiled;
  let automaton: Automaton | undefined;
  const search: LinearRegex['search'] = (text, payer) => {
    if (automaton === undefined) {
      // Its own type says `any` for most of this.
      automaton = compiled.re2().dfa as Automaton;
      automaton.stateBudget = memoryBytes;
      automaton.memBudget = memoryBytes;
    }
    return run(automaton, text, payer);
  };
  return { search };
};

// Steps paid for at once: so that paying is not what costs.
const stretch = 64;

function run(
  automaton: Automaton,
  text: string,
  payer: { pay: (units: number) => boolean },
): boolean | undefined {
  let state = automaton.start(atStart, 0);
  if (state === null) return undefined;
  const { latin1Class } = automaton;
  const { length } = text;
  let paidTo = 0;
  for (let at = 0; at < length; at++) {
    if (at >= paidTo) {
      if (!payer.pay(stretch * stepUnits)) return undefined;
      paidTo = at + stretch;
    }
    let rune = text.charCodeAt(at);
    if (rune >= 0xd800 && rune < 0xdc00) {
      const point = text.codePointAt(at) ?? rune;
      if (point > 0xffff) {
        rune = point;
        at++;
      }
    }
    const cls: number = rune < 256 ? (latin1Class[rune] ?? 0) : automaton.runeClass(rune);
    const next: State | null = state.next?.[cls] ?? newState(automaton, state, cls, rune, payer);
    if (next === null) return undefined;
    state = next;
    if (state.isMatch) return true;
  }
  const last = newState(automaton, state, automaton.numClasses, endOfText, payer);
  return last === null ? undefined : last.isMatch;
}

/** @returns null where it can't be paid for */
function newState(
  automaton: Automaton,
  state: State,
  cls: number,
  rune: number,
  payer: { pay: (units: number) => boolean },
): State | null {
  if (!payer.pay(stateUnits * (4 + state.nfaStates.length))) return null;
  let next = automaton.step(state, cls, rune, 0);
  if (next === null) {
    // Out of memory: the states so far are forgotten. Their number is paid for already.
    const kept = automaton.resetCache(state);
    next = kept === null ? null : automaton.step(kept, cls, rune, 0);
  }
  if (next !== null && !payer.pay(stateUnits * next.nfaStates.length)) return null;
  return next;
}
