/** A community with customers whose officers sign with software passkeys, for tests. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { addOrganisation, addTenancy, directory, setUpProvider } from '#community';
import { type Actor, actorOf, everyPermission, type IdentityDeps, systemActor } from '#identity';
import type { Routes } from '#platform/http';
import { authenticator, openWorld, type Signed } from '#identity/testing';
import { newCountersigningKey, openCountersigner } from './countersign.ts';
import type { ChangeClass } from './contract.ts';
import { access, type AgreementDeps } from './deps.ts';
import { withAgreements } from './enforce.ts';
import { invite } from './life.ts';
import { agreeToSection, beginReading, openSection } from './reading.ts';
import { prepareSignature, sign } from './signing.ts';
import { approveVersion, draftVersion, publishVersion } from './versions.ts';

export const shippedPolicy = (version: number): string =>
  readFileSync(
    fileURLToPath(new URL(`../../../content/agreements/community-${version}.md`, import.meta.url)),
    'utf8',
  );

export type Officer = {
  readonly actor: Actor;
  readonly headers: Record<string, string>;
  readonly key: ReturnType<typeof authenticator>;
  readonly appointment: string;
};

const far = new Date('2030-01-01T00:00:00Z');
export const acmePlace = { organisation: 'acme', environment: 'odce' } as const;

/** @param more routes that are to be there, of deps with the counter-signer */
export async function openAgreements(more: (deps: AgreementDeps) => Routes[] = () => []) {
  const countersigner = await openCountersigner(await newCountersigningKey());
  const withSigner = (deps: IdentityDeps): AgreementDeps => ({ ...deps, countersigner });
  let now = (): Date => new Date(0);
  const narrowed = withAgreements(directory, { now: () => now() });
  const world = await openWorld(narrowed, (deps) => more(withSigner(deps)));
  now = () => world.clock.now();
  const deps = withSigner(world.deps);
  const system = systemActor('test', everyPermission, undefined);
  await setUpProvider(deps, system, { id: 'wattle', name: 'Wattle' });
  for (const [id, name] of [
    ['acme', 'Acme Water'],
    ['beta', 'Beta Rail'],
  ] as const) {
    await addOrganisation(deps, system, { id, name, kind: 'customer' });
    await addTenancy(deps, system, { organisation: id, environment: 'odce' });
  }
  const staff = (id: string): Actor =>
    actorOf({
      kind: 'user',
      id,
      userId: id,
      name: `Staff ${id}`,
      organisation: 'wattle',
      ofProvider: true,
      roles: ['administrator'],
      permissions: new Set(everyPermission),
      scopeOrNone: undefined,
    });

  async function passkeyOf(who: Signed): Promise<ReturnType<typeof authenticator>> {
    const key = authenticator();
    const options = await world.call('POST', '/api/passkeys/options', who.headers);
    await world.call('POST', '/api/passkeys', who.headers, key.create(String(options.json['challenge'])));
    return key;
  }

  /** Somebody of an organisation with a passkey and an appointment in force until `until`. */
  async function officer(
    email: string,
    organisation: string,
    { office = 'ciso', until = far }: { office?: string | null; until?: Date } = {},
  ): Promise<Officer> {
    const who = await world.person(email, ['officer'], organisation);
    const key = await passkeyOf(who);
    const { json } = await world.call('GET', '/api/session', who.headers);
    // The session's contract.
    const { id, name } = json['user'] as { id: string; name: string };
    const now = deps.clock.now();
    const appointment = `appointment-${id}`;
    await deps.records.transaction(access, async (tx) => {
      await sql`insert into community.person (id, organisation_id, name, email, user_id, started_at, created_at)
        values (${`person-${id}`}, ${organisation}, ${name}, ${email}, ${id}, ${now}, ${now})`.execute(tx);
      if (office !== null)
        await sql`insert into community.appointment (id, organisation_id, person_id, office, evidence_kind, evidence, months,
            may_delegate, proposed_by_id, proposed_by_name, proposed_at, in_force_since, expires_at)
          values (${appointment}, ${organisation}, ${`person-${id}`}, ${office}, 'letter', 'F-1', 12, false, 'x', 'X', ${now},
            ${now}, ${until})`.execute(tx);
    });
    const actor = actorOf({
      kind: 'user',
      id,
      userId: id,
      name,
      organisation,
      ofProvider: false,
      roles: ['officer'],
      permissions: new Set(['agreement.read', 'agreement.sign']),
      scopeOrNone: undefined,
    });
    return { actor, headers: who.headers, key, appointment };
  }

  async function publish(source: string, changeClass: ChangeClass, approvers = ['one']) {
    const { number } = await draftVersion(deps, staff('author'), {
      source,
      changeClass,
      summary: 'for a test',
    });
    for (const id of approvers) await approveVersion(deps, staff(id), number);
    return publishVersion(deps, staff('one'), number);
  }

  /** Opens and agrees to every section. @returns the reading's id */
  async function readAll(
    who: Officer,
    place: { organisation: string; environment: string },
  ): Promise<string> {
    const { reading, sections } = await beginReading(deps, who.actor, place);
    for (const { id } of sections) {
      await openSection(deps, who.actor, reading.id, id);
      world.clock.advance(40);
      await agreeToSection(deps, who.actor, reading.id, id);
    }
    return reading.id;
  }

  async function signAll(who: Officer, place: { organisation: string; environment: string }) {
    const id = await readAll(who, place);
    const { options } = await prepareSignature(deps, who.actor, id);
    return sign(deps, who.actor, id, who.key.get(options.challenge));
  }

  return {
    ...world,
    deps,
    staff,
    officer,
    publish,
    readAll,
    signAll,
    invite: (place: { organisation: string; environment: string }) => invite(deps, staff('one'), place),
  };
}
export type AgreementWorld = Awaited<ReturnType<typeof openAgreements>>;
