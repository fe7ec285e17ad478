import { Conflict, Invalid, NotFound } from '#platform/errors';
import { systemAccess } from '#platform/scope';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import type { IdentityDeps } from '../deps.ts';
import type { Issuer, IssuerChoices, newIssuer } from './contract.ts';
import { deleteIssuer, enableIssuer, insertIssuer, issuerById, issuers, type StoredIssuer } from './store.ts';

const access = systemAccess('manage issuers');

/** Where people can sign in elsewhere: names only, for a page that nobody is signed in to. */
export function issuerChoices(deps: IdentityDeps): Promise<IssuerChoices> {
  return deps.records.transaction(access, async (tx) => ({
    issuers: (await issuers(tx)).filter(({ enabled }) => enabled).map(({ id, name }) => ({ id, name })),
  }));
}

export function listIssuers(deps: IdentityDeps): Promise<Issuer[]> {
  return deps.records.transaction(access, async (tx) =>
    (await issuers(tx)).map((issuer) => shown(deps, issuer)),
  );
}

/** @throws {Invalid} for an address that is not safe to ask {NotFound} {Conflict} */
export function addIssuer(
  deps: IdentityDeps,
  actor: Actor,
  given: z.infer<typeof newIssuer>,
): Promise<Issuer> {
  checkAddress(given.url);
  return deps.records.transaction(access, async (tx) => {
    const facts = await deps.directory.facts(tx);
    if (!facts.organisations.has(given.organisation)) throw new NotFound('organisation', given.organisation);
    const issuer: StoredIssuer = {
      ...given,
      clientSecretSealed: given.clientSecret
        ? deps.sealer.seal(given.clientSecret, `issuer/${given.id}`)
        : null,
      enabled: true,
    };
    if (!(await insertIssuer(tx, issuer, deps.clock.now())))
      throw new Conflict('There is an issuer with this id or address already.');
    await deps.ledger.record(tx, {
      actor,
      action: 'issuer.added',
      subject: `issuer/${issuer.id}`,
      facts: { url: issuer.url, organisation: issuer.organisation, strong: issuer.strong },
    });
    return shown(deps, issuer);
  });
}

/** @throws {NotFound} */
export function changeIssuer(
  deps: IdentityDeps,
  actor: Actor,
  id: string,
  enabled: boolean,
): Promise<Issuer> {
  return deps.records.transaction(access, async (tx) => {
    const issuer = await issuerById(tx, id);
    if (issuer === undefined) throw new NotFound('issuer', id);
    await enableIssuer(tx, id, enabled);
    const action = enabled ? 'issuer.enabled' : 'issuer.disabled';
    await deps.ledger.record(tx, { actor, action, subject: `issuer/${id}`, facts: {} });
    return shown(deps, { ...issuer, enabled });
  });
}

/** Accounts stay; who signed in there needs another way. @throws {NotFound} */
export function removeIssuer(deps: IdentityDeps, actor: Actor, id: string): Promise<void> {
  return deps.records.transaction(access, async (tx) => {
    if ((await issuerById(tx, id)) === undefined) throw new NotFound('issuer', id);
    await deleteIssuer(tx, id);
    await deps.ledger.record(tx, { actor, action: 'issuer.removed', subject: `issuer/${id}`, facts: {} });
  });
}

export const callbackUri = (origin: string, id: string): string =>
  `${origin}/api/session/issuers/${id}/callback`;

export const isLoopbackUrl = (url: URL): boolean =>
  ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) && url.protocol === 'http:';

/** SOURCE: OpenID Connect Discovery 1.0, section 3: https, without query or fragment. */
function checkAddress(text: string): void {
  const url = new URL(text);
  if (url.protocol !== 'https:' && !isLoopbackUrl(url))
    throw new Invalid('The address of an issuer begins with https:// (http:// only on this machine).');
  if (url.search !== '' || url.hash !== '' || url.username !== '')
    throw new Invalid('The address of an issuer has no query, fragment or user name.');
}

const shown = (deps: IdentityDeps, issuer: StoredIssuer): Issuer => ({
  id: issuer.id,
  name: issuer.name,
  url: issuer.url,
  clientId: issuer.clientId,
  organisation: issuer.organisation,
  strong: [...issuer.strong],
  enabled: issuer.enabled,
  redirectUri: callbackUri(deps.origin, issuer.id),
  logoutUri: `${deps.origin}/api/session/issuers/${issuer.id}/logout`,
});
