import type { ActionPolicy, Parameters } from './contract.ts';
import type { Obligation, Remedy } from './decision.ts';
import type { Ask, FactName, FactValues } from './facts.ts';
import { shapes } from './shapes.ts';

/** What every gate can see, beside the facts it needs. */
export type Context = {
  readonly at: Date;
  readonly ask: Ask;
  readonly action: ActionPolicy;
  readonly parameters: Parameters;
};

/** `closed` carries what staff are told; outsiders get the gate's fixed words. */
export type Outcome =
  | { readonly state: 'open'; readonly obligations?: readonly Obligation[] }
  | { readonly state: 'closed'; readonly staff: string }
  | { readonly state: 'unknown'; readonly missing: readonly FactName[]; readonly why: string };

export type Gate = {
  readonly id: string;
  /** Stable id of the obligation behind it (docs/gate.md lists them), not the number of a clause in one version. */
  readonly clause: string;
  readonly title: string;
  /** What outsiders are told: fixed words, nothing of what is known. */
  readonly outsiders: string;
  readonly remedy: Remedy;
  /** Reasons of these gates come first: while one of them is closed, this one need not be mended by itself. */
  readonly after: readonly string[];
  readonly needs: readonly FactName[];
  /** Needed in some cases only. With `needs`, all that it ever looks at. */
  readonly may: readonly FactName[];
  /** Only from what is asked and the parameters: facts can go missing, and a gate may not vanish with them. */
  applies(context: Context): boolean;
  check(context: Context, read: FactReader): Outcome;
};

/** What is known of one fact, looked at before it is believed; `why` says why it can't be. */
type Found = { readonly value: unknown } | { readonly why: string };
export type FactReader = (name: FactName) => Found;

/** Looks at each fact once, however many gates need it. */
export function readerOf(context: Context, factOf: (name: FactName) => unknown): FactReader {
  const found: { [Name in FactName]?: Found } = {};
  return (name) => (found[name] ??= read(name, context, factOf(name)));
}

/** `true` opens; a text closes, and is what staff are told. */
type Answer = true | string | { readonly obligations: readonly Obligation[] };

/** A gate from its parts: the facts it needs are there, fresh and of their shape before `opens` is asked. */
export function gate<
  const Needs extends readonly FactName[],
  const May extends readonly FactName[] = readonly [],
>(parts: {
  readonly id: string;
  readonly clause: string;
  readonly title: string;
  readonly outsiders: string;
  readonly who: string;
  readonly how: string;
  readonly requestable?: boolean;
  readonly link?: string;
  readonly after?: readonly string[];
  readonly needs: Needs;
  readonly may?: May;
  readonly applies?: (context: Context) => boolean;
  /** @param also a fact that only some cases need */
  readonly opens: (
    facts: { readonly [Name in Needs[number]]: FactValues[Name] },
    context: Context,
    also: <Name extends May[number]>(name: Name) => FactValues[Name],
  ) => Answer;
}): Gate {
  const { applies = () => true } = parts;
  return {
    id: parts.id,
    clause: parts.clause,
    title: parts.title,
    outsiders: parts.outsiders,
    remedy: {
      who: parts.who,
      how: parts.how,
      requestable: parts.requestable ?? false,
      link: parts.link ?? null,
    },
    after: parts.after ?? [],
    needs: parts.needs,
    may: parts.may ?? [],
    applies,
    check: (context, read) => {
      const also = <Name extends FactName>(name: Name): FactValues[Name] => {
        const found = read(name);
        if ('why' in found) throw new FactMissing(name, found.why);
        // Its shape was checked.
        return found.value as FactValues[Name];
      };
      const values: { [Name in FactName]?: unknown } = {};
      const missing: FactName[] = [];
      const why: string[] = [];
      for (const name of parts.needs) {
        const found = read(name);
        if ('why' in found) {
          missing.push(name);
          why.push(`${name}: ${found.why}`);
        } else values[name] = found.value;
      }
      if (missing.length > 0) return { state: 'unknown', missing, why: why.join('; ') };
      // Every needed name was read above, and has its shape.
      const needed = values as { [Name in Needs[number]]: FactValues[Name] };
      try {
        const answer = parts.opens(needed, context, also);
        if (answer === true) return { state: 'open' };
        return typeof answer === 'string'
          ? { state: 'closed', staff: answer }
          : { state: 'open', obligations: answer.obligations };
      } catch (error) {
        if (!(error instanceof FactMissing)) throw error;
        return { state: 'unknown', missing: [error.fact], why: `${error.fact}: ${error.message}` };
      }
    },
  };
}

class FactMissing extends Error {
  readonly fact: FactName;
  constructor(fact: FactName, why: string) {
    super(why);
    this.fact = fact;
  }
}

/** How far a source's clock may be ahead of ours. */
const skewMilliseconds = 5_000;

/** Facts may come from anywhere: nothing of them is believed before it is looked at. */
function read(name: FactName, { at, parameters }: Context, given: unknown): Found {
  if (given === undefined) return { why: 'nobody tells' };
  if (typeof given !== 'object' || given === null) return { why: 'it can not be read' };
  const fact: { [member in 'known' | 'why' | 'at' | 'value']?: unknown } = given;
  if (fact.known !== true) return { why: typeof fact.why === 'string' ? fact.why : 'nobody tells' };
  if (!(fact.at instanceof Date) || Number.isNaN(fact.at.getTime()))
    return { why: 'its time can not be read' };
  const age = at.getTime() - fact.at.getTime();
  const most = own(parameters.maxAgeSeconds, name) ?? own(parameters.maxAgeSeconds, '*') ?? 0;
  if (!(age <= most * 1000)) return { why: `it is ${Math.floor(age / 1000)} s old, at most ${most} s count` };
  if (!(age >= -skewMilliseconds)) return { why: 'its time is in the future' };
  if (!shapes[name](fact.value)) return { why: 'it can not be read' };
  return { value: fact.value };
}

/** A member of a record that names nothing by accident: `constructor` is no action. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
