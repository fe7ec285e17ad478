import { factsText, hashText } from './canonical-facts.ts';
import type { Parameters } from './contract.ts';
import type { Decision, Obligation, Reason, Remedy } from './decision.ts';
import { type Ask, type FactName, type Facts, isOfPerson } from './facts.ts';
import { type Context, type FactReader, type Gate, type Outcome, own, readerOf } from './gate.ts';
import { gates, gatesRevision } from './gates.ts';
import { rightOrganisation } from './gates/right-organisation.ts';

/** The gates with one version of the provider's parameters. */
export type Policy = { readonly parameters: Parameters; readonly version: number };

export const policyVersionOf = (policy: Policy): string => `${gatesRevision}.${policy.version}`;

/**
 * Permits if every gate that applies opens. Pure: the same facts and policy give the same decision. What is hashed and kept are
 * the facts that those gates may look at: a decision is made from nothing else.
 * Never throws: facts that can't be read, and a gate that fails, deny.
 */
export function decide(facts: Facts, policy: Policy): Decision & { readonly factsText: string } {
  const policyVersion = policyVersionOf(policy);
  try {
    const { at, ask } = facts;
    if (!(at instanceof Date) || !isAsk(ask)) throw new TypeError('not a question');
    const action = own(policy.parameters.actions, ask.action);
    const context = action && { at, ask, action, parameters: policy.parameters };
    const asked = context ? gates.filter((gate) => applies(gate, context)) : [];
    const text = factsText(facts, neededBy(asked));
    const { reasons, toMend, obligations } = context
      ? weigh(asked, context, facts)
      : denied([unknownAction(ask)]);
    return {
      decision: reasons.length === 0,
      reasons,
      toMend,
      obligations: reasons.length === 0 ? obligations : [],
      policyVersion,
      factsHash: hashText(text),
      factsText: text,
    };
  } catch {
    // Not said: what it was that could not be read. It came from outside.
    return {
      decision: false,
      reasons: [unreadable],
      toMend: [unreadable.gate],
      obligations: [],
      policyVersion,
      factsHash: hashText(''),
      factsText: '',
    };
  }
}

/** Only whether it would be permitted: for searches, which ask it of thousands. It agrees with `decide`. */
export const permits = (facts: Facts, policy: Policy): boolean =>
  permitsWhom(facts, policy)(facts.ask, (name) => facts.facts[name]);

/** Gates that look at nothing of the person: their answer is the same whoever asks. */
const ofPlace = gates.filter(({ needs, may }) => ![...needs, ...may].some(isOfPerson));
/** The one that most people fail first: where all have to open, the order is free. */
const ofPerson = [
  rightOrganisation,
  ...gates.filter((one) => one !== rightOrganisation && !ofPlace.includes(one)),
];

/**
 * `permits` of many people, for the same action in the same place at the same moment: what `facts` tells of no person is looked
 * at once. What is asked of the answer may differ from `facts` in the subject and in facts of persons, in nothing else.
 */
export function permitsWhom(
  { at, ask, facts }: Facts,
  { parameters }: Policy,
): (ask: Ask, factOf: (name: FactName) => unknown) => boolean {
  const nobody = (): boolean => false;
  try {
    const action = own(parameters.actions, ask.action);
    if (action === undefined || !action.resources.includes(ask.resource.type)) return nobody;
    const place: Context = { at, ask, action, parameters };
    const opens = (context: Context, read: FactReader) => (one: Gate) =>
      outcomeOf(one, context, read).state === 'open';
    const here = (one: Gate): boolean => applies(one, place);
    const read = readerOf(place, (name) => facts[name]);
    if (!ofPlace.filter(here).every(opens(place, read))) return nobody;
    // Whether one applies depends on no subject, and on no fact.
    const asked = ofPerson.filter(here);
    return (of, factOf) => {
      const context: Context = { ...place, ask: of };
      return asked.every(opens(context, readerOf(context, factOf)));
    };
  } catch {
    return nobody;
  }
}

function weigh(asked: readonly Gate[], context: Context, { ask, facts }: Facts) {
  const reasons: Reason[] = [];
  const obligations = new Map<string, Obligation>();
  if (!context.action.resources.includes(ask.resource.type)) reasons.push(unknownResource(ask));
  const read = readerOf(context, (name) => facts[name]);
  for (const gate of asked) {
    const outcome = outcomeOf(gate, context, read);
    if (outcome.state === 'open')
      for (const obligation of outcome.obligations ?? []) obligations.set(obligation.id, obligation);
    else reasons.push(reasonOf(gate, outcome));
  }
  return { ...denied(reasons), obligations: [...obligations.values()] };
}

/** One that can't tell applies: what it then makes of the facts is a denial. */
function applies(gate: Gate, context: Context): boolean {
  try {
    return gate.applies(context);
  } catch {
    return true;
  }
}

function outcomeOf(gate: Gate, context: Context, read: FactReader): Outcome {
  try {
    return gate.check(context, read);
  } catch {
    return { state: 'unknown', missing: gate.needs, why: 'the facts can not be read' };
  }
}

const everyName = [...new Set(gates.flatMap(({ needs, may }) => [...needs, ...may]))].sort();
const namesOf: ReadonlyMap<string, readonly FactName[]> = new Map(
  gates.map(({ id, needs, may }) => [id, [...needs, ...may]]),
);

/** In the order of `sort`. */
function neededBy(asked: readonly Gate[]): readonly FactName[] {
  const needed = new Set<FactName>();
  for (const { id } of asked) for (const name of namesOf.get(id) ?? []) needed.add(name);
  return everyName.filter((name) => needed.has(name));
}

const denied = (reasons: readonly Reason[]) => ({
  reasons,
  toMend: leastToMend(reasons),
  obligations: [] as readonly Obligation[],
});

/** Reasons that follow from others are left out, and of those that one act mends, all but the first. */
function leastToMend(reasons: readonly Reason[]): readonly string[] {
  const closed = new Set(reasons.map(({ gate }) => gate));
  const silent = closed.has('feed-alive');
  const acts = new Set<string>();
  return reasons
    .filter(({ gate, remedy, missing }) => {
      // In a silent instance every fact grows stale: hearing again mends them all.
      if (silent && gate !== 'feed-alive' && missing.length > 0) return false;
      if (followsOf.get(gate)?.some((before) => closed.has(before))) return false;
      const act = `${remedy.who}: ${remedy.how}`;
      return !acts.has(act) && acts.add(act);
    })
    .map(({ gate }) => gate);
}

const followsOf: ReadonlyMap<string, readonly string[]> = new Map(gates.map(({ id, after }) => [id, after]));

function reasonOf(gate: Gate, outcome: Exclude<Outcome, { state: 'open' }>): Reason {
  const { id, clause, remedy } = gate;
  if (outcome.state === 'closed')
    return {
      gate: id,
      clause,
      code: id,
      missing: [],
      staff: outcome.staff,
      outsiders: gate.outsiders,
      remedy,
    };
  return {
    gate: id,
    clause,
    code: 'fact-unavailable',
    missing: outcome.missing,
    staff: `${gate.title}: this can not be told (${outcome.why}).`,
    outsiders: 'A condition of this access could not be checked.',
    remedy,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isAsk = (ask: Ask): boolean =>
  isText(ask.action) &&
  isText(ask.subject.id) &&
  isText(ask.subject.type) &&
  isText(ask.resource.id) &&
  isText(ask.resource.type) &&
  (ask.tenancy === null || isText(ask.tenancy)) &&
  (ask.application === null || isText(ask.application));

const askDifferently: Remedy = {
  who: 'who runs the application that asks',
  how: 'Ask for an action and a resource that the gate knows; "ironbark gate rules" lists them.',
  requestable: false,
  link: null,
};
const fixed = (gate: string, clause: string, text: string): Reason => ({
  gate,
  clause,
  code: gate,
  missing: [],
  staff: text,
  outsiders: text,
  remedy: askDifferently,
});
const unreadable = fixed('request-readable', 'gate.request', 'The request can not be read.');
const unknownAction = (ask: Ask): Reason => ({
  ...fixed('action-known', 'gate.catalogue', 'The action is not one that the gate knows.'),
  staff: `There is no action "${ask.action.slice(0, 80)}".`,
});
const unknownResource = (ask: Ask): Reason => ({
  ...fixed('resource-known', 'gate.catalogue', 'The resource is not one that this can be done to.'),
  staff: `"${ask.action}" is not done to a resource of the type "${ask.resource.type.slice(0, 80)}".`,
});
