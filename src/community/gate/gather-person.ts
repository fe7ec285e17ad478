import type { Ask, Fact, FactName, FactValues } from './facts.ts';
import { known, unknown } from './facts.ts';
import type { Scene } from './scene.ts';
import type { Looked } from './snapshot.ts';
import type { PersonEntry } from './sources.ts';

/** Who asks in a scene. */
export type Who = {
  readonly scene: Scene;
  /** The person's id; undefined for who is nobody here. */
  readonly id: string | undefined;
  /** By what they are known in what is asked. */
  readonly name: string;
  readonly looked: Looked<PersonEntry>;
  /** Undefined as well where it is not known at the moment. */
  readonly entry: PersonEntry | undefined;
};

const nobodyHere: Looked<PersonEntry> = { known: false, why: 'nobody in the community is known by this' };

/** @param called what the request calls them */
export function whoIs(scene: Scene, id: string | undefined, called: string): Who {
  const looked = id === undefined ? nobodyHere : scene.from.snapshot.look('people', id);
  return { scene, id, name: id ?? called, looked, entry: looked.known ? looked.entry : undefined };
}

export const askOf = ({ scene, name }: Who): Ask => ({
  subject: { type: 'person', id: name },
  ...scene.ask,
});

/** What a register says, as a fact; `absent` is what it means that it has no such entry. */
export function fact<T, V>(looked: Looked<T>, absent: Fact<V>, value: (entry: T) => V | undefined): Fact<V> {
  if (!looked.known) return unknown(looked.why);
  if (looked.entry === undefined)
    return absent.known ? known(absent.value, looked.at, looked.source) : absent;
  const found = value(looked.entry);
  return found === undefined
    ? unknown(`${looked.source} does not say`)
    : known(found, looked.at, looked.source);
}

const none = known(null, new Date(0), '');
const noPerson = unknown('the community has no such person');

/** The facts that depend on who asks, each by itself: a search needs few of them of most people. */
const ofPerson: { readonly [Name in FactName]?: (who: Who) => Fact<FactValues[Name]> | undefined } = {
  subject: ({ looked, scene }) =>
    fact(looked, noPerson, ({ organisation, state }) => {
      const home = scene.from.snapshot.look('organisations', organisation);
      return {
        kind: 'person' as const,
        organisation,
        ofProvider: home.known && home.entry?.ofProvider === true,
        state,
      };
    }),
  account: ({ looked, entry, scene }) => {
    if (!looked.known) return unknown(looked.why);
    const account = entry?.user ?? undefined;
    if (account === undefined) return unknown('the person has no account');
    return fact(
      scene.from.snapshot.look('accounts', account),
      unknown('there is no such account'),
      (it) => it,
    );
  },
  clearance: ({ id, scene }) =>
    id === undefined
      ? unknown(nobodyHere.why)
      : fact(scene.from.snapshot.look('clearances', id), none, (it) => it.clearance),
  screening: ({ looked }) => fact(looked, noPerson, (it) => it.screening),
  citizenship: ({ id, scene }) =>
    id === undefined
      ? unknown(nobodyHere.why)
      : fact(
          scene.from.snapshot.look('clearances', id),
          unknown('no citizenship is recorded'),
          (it) => it.citizenship,
        ),
  appointments: ({ id, looked, entry, scene }) => {
    if (!looked.known) return unknown(looked.why);
    if (entry === undefined) return noPerson;
    const held = scene.from.snapshot.look('appointments', entry.organisation);
    return fact(held, known([], new Date(0), ''), (all) =>
      all
        .filter((one) => one.person === id)
        .map(({ office, verified, from, until }) => ({ office, verified, from, until })),
    );
  },
  device: deviceOf,
  remoteWork: ({ entry, scene }) => {
    const { told, at, from } = scene;
    if (told.remote === undefined) return unknown(`${from.teller} does not tell`);
    if (!told.remote) return known({ remote: false, approvedUntil: null }, at, from.teller);
    return fact<Date, FactValues['remoteWork']>(
      from.snapshot.look('remoteWork', entry?.id ?? ''),
      known({ remote: true, approvedUntil: null }, at, from.teller),
      (approvedUntil) => ({ remote: true, approvedUntil }),
    );
  },
  placeException: ({ entry, scene: { from } }) =>
    entry === undefined
      ? unknown(`${from.teller} does not tell`)
      : fact(from.snapshot.look('placeExceptions', entry.id), none, (it) => it),
  support: ({ scene }) =>
    scene.support &&
    fact(
      scene.support,
      none,
      (it) => it.support && { ...it.support, engineers: it.support.engineers.map(personIn(scene)) },
    ),
  breakGlass: ({ scene }) =>
    scene.support &&
    fact(
      scene.support,
      none,
      (it) =>
        it.breakGlass && { ...it.breakGlass, declaredBy: it.breakGlass.declaredBy.map(personIn(scene)) },
    ),
  duties: ({ scene, name }) => {
    const about = scene.support ?? scene.change;
    const person = personIn(scene);
    return (
      about &&
      fact<
        { duties: FactValues['duties'] | Omit<FactValues['duties'], 'operator'> | undefined },
        FactValues['duties']
      >(
        about,
        unknown('there is no such session or change'),
        ({ duties }) =>
          duties && {
            requester: person(duties.requester),
            approvers: duties.approvers.map(person),
            // Who does it is who asks to be let in.
            operator: name,
          },
      )
    );
  },
};

// Object.keys loses the names' type; they are those above.
const names = Object.keys(ofPerson) as FactName[];

/** All of them. */
export function factsOfPerson(who: Who): { readonly [Name in FactName]?: Fact<FactValues[Name]> } {
  const facts: Partial<Record<FactName, unknown>> = {};
  for (const name of names) {
    const found = ofPerson[name]?.(who);
    if (found !== undefined) facts[name] = found;
  }
  // Each was made by the function of its name.
  return facts as { readonly [Name in FactName]?: Fact<FactValues[Name]> };
}

/** One fact, of the person or of the scene; undefined where nobody tells. */
export const factOf = (who: Who, name: FactName): Fact<unknown> | undefined =>
  ofPerson[name] === undefined ? who.scene.facts[name] : ofPerson[name](who);

const dayMilliseconds = 86_400_000;

/**
 * Who names a device is told what the register says of it, whatever else was said of it: a device that nobody registered, that is
 * another person's, or whose posture was not looked at for long, is not managed.
 */
function deviceOf({ scene: { told, at, from }, entry }: Who): Fact<FactValues['device']> {
  const { snapshot, teller, parameters } = from;
  const id = told.device?.id;
  if (told.device === undefined) return unknown(`${teller} does not tell`);
  if (id === undefined) return known({ managed: told.device.managed === true }, at, teller);
  return fact(
    snapshot.look('devices', id),
    known({ managed: false }, at, ''),
    ({ managed, posture, postureCheckedAt, person: holder }) => ({
      managed:
        managed &&
        posture === 'met' &&
        postureCheckedAt !== null &&
        at.getTime() - postureCheckedAt.getTime() < parameters.deviceCheckedDays * dayMilliseconds &&
        holder === entry?.id &&
        told.device?.managed !== false,
    }),
  );
}

/** Who is named by the account is, here, the person. */
const personIn =
  ({ from }: Scene) =>
  (id: string): string =>
    from.snapshot.personBy('user', id) ?? id;
