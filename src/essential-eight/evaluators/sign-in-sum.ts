import type { Collection, Fact } from '#governance/evidence';
import { flag, text, texts } from './values.ts';

/** What one collection says about how somebody signs in. A type and not an interface: it is kept as JSON. */
export type PersonSum = {
  /** Interactive sign-ins that succeeded. */
  signedIn: number;
  /** Of these with a second factor, with one alone, and where the log doesn't say. */
  second: number;
  single: number;
  unsaid: number;
  /** Of those with a second factor: by a phishing-resistant method, by another, and where the method isn't said. */
  resistant: number;
  phishable: number;
  /** With a factor that is none: an e-mailed code, a security question. */
  noFactor: number;
  lastSingle?: { at: string; app: string };
  lastPhishable?: { at: string; method: string };
  lastNoFactor?: { at: string; method: string };
};
export type SignInSum = {
  people: Record<string, PersonSum>;
  secondSucceeded: number;
  secondFailed: number;
  last: string | null;
};

/** SOURCE: what withstands phishing: FIDO2 and passkeys, Windows Hello for Business, certificates (smart cards). */
const resistantMethod =
  /fido2|passkey|webauthn|windows hello|x\.?509|certificate|smart ?card|signed_nonce|platform credential|\bpiv\b/i;
/** Neither held nor unlocked by its owner. */
const notFactor = /e-?mail|security ?question|knowledge|question/i;
/** The log says that it was asked earlier, and not by what. */
const unsaidMethod = /previously satisfied|satisfied by claim|token|unknown|^$/i;

export function beginSignIns(_collection: Collection): { add(fact: Fact): void; sum(): SignInSum } {
  const people: Record<string, PersonSum> = Object.create(null);
  const whole = { secondSucceeded: 0, secondFailed: 0, last: null as string | null };
  return {
    add(fact) {
      // The helpers take what was seen with its collection; only the fact is read here.
      const seen = { fact, collection: _collection };
      const at = fact.at?.toISOString() ?? '';
      if (at > (whole.last ?? '')) whole.last = at;
      const second = text(seen, 'second');
      const succeeded = text(seen, 'result') === 'success';
      if (second === 'failed') whole.secondFailed++;
      if (second === 'satisfied' && succeeded) whole.secondSucceeded++;
      if (!succeeded || flag(seen, 'interactive') === false) return;
      const who = fact.subject.toLowerCase();
      const person = (people[who] ??= nobody());
      person.signedIn++;
      if (second === 'none') {
        person.single++;
        if (at >= (person.lastSingle?.at ?? ''))
          person.lastSingle = { at, app: text(seen, 'application') ?? 'a service' };
      } else if (second === 'satisfied') ofMethods(person, texts(seen, 'methods'), at);
      else person.unsaid++;
    },
    sum: () => ({ people: { ...people }, ...whole }),
  };
}

function ofMethods(person: PersonSum, methods: readonly string[], at: string): void {
  person.second++;
  const weak = methods.find((method) => notFactor.test(method));
  if (weak !== undefined) {
    person.noFactor++;
    if (at >= (person.lastNoFactor?.at ?? '')) person.lastNoFactor = { at, method: weak };
  }
  if (methods.some((method) => resistantMethod.test(method))) {
    person.resistant++;
    return;
  }
  const phishable = methods.find((method) => !/^password/i.test(method) && !unsaidMethod.test(method));
  if (phishable === undefined) return;
  person.phishable++;
  if (at >= (person.lastPhishable?.at ?? '')) person.lastPhishable = { at, method: phishable };
}

const nobody = (): PersonSum => ({
  signedIn: 0,
  second: 0,
  single: 0,
  unsaid: 0,
  resistant: 0,
  phishable: 0,
  noFactor: 0,
});

/** Of several collections together. */
export function merge(sums: readonly SignInSum[]): ReadonlyMap<string, PersonSum> {
  const all = new Map<string, PersonSum>();
  for (const { people } of sums)
    for (const [who, one] of Object.entries(people)) {
      const before = all.get(who);
      all.set(who, before === undefined ? one : both(before, one));
    }
  return all;
}

function both(a: PersonSum, b: PersonSum): PersonSum {
  const lastSingle = later(a.lastSingle, b.lastSingle);
  const lastPhishable = later(a.lastPhishable, b.lastPhishable);
  const lastNoFactor = later(a.lastNoFactor, b.lastNoFactor);
  return {
    signedIn: a.signedIn + b.signedIn,
    second: a.second + b.second,
    single: a.single + b.single,
    unsaid: a.unsaid + b.unsaid,
    resistant: a.resistant + b.resistant,
    phishable: a.phishable + b.phishable,
    noFactor: a.noFactor + b.noFactor,
    ...(lastSingle && { lastSingle }),
    ...(lastPhishable && { lastPhishable }),
    ...(lastNoFactor && { lastNoFactor }),
  };
}
const later = <T extends { at: string }>(a: T | undefined, b: T | undefined): T | undefined =>
  a === undefined || (b !== undefined && b.at > a.at) ? b : a;
