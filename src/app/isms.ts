import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Asset, assetsOf } from '#assets';
import { consumedServices, services, tenancyStates } from '#community/organisations';
import { certificateRoutes, type CertificatesDeps } from '#governance/certificates';
import type { Collector } from '#governance/evidence';
import { activeEditions } from '#governance/frameworks';
import {
  documentEvidence,
  documentRoutes,
  type DocumentsDeps,
  gatherDocuments,
  remindOfDocuments,
} from '#governance/policies';
import { scopeOf, systemAccess, tenancyId } from '#platform/scope';
import { startChores } from './chores.ts';
import type { Core } from './core.ts';

/** The provider's own documents, and what assessors have found of its systems. */
export async function addIsms(
  core: Core,
): Promise<{ documents: DocumentsDeps; certificates: CertificatesDeps }> {
  const documents: DocumentsDeps = {
    ...core,
    // By the key of a required document, which is ours to name.
    template: (key) =>
      readFile(join(core.root, 'content', 'documents', `${key}.md`), 'utf8').catch(() => undefined),
  };
  await core.http.add(documentRoutes(documents));
  const certificates: CertificatesDeps = { ...core, used: usedIn };
  await core.http.add(certificateRoutes(certificates));
  await startChores(core, {
    'documents.remind': { everySeconds: 3600, run: () => remindOfDocuments(documents) },
  });
  return { documents, certificates };
}

/** What the register of documents says about itself, as evidence. */
export const documentCollectors = ({ records, clock }: Pick<Core, 'records' | 'clock'>): Collector[] =>
  documentEvidence.map(({ kind }) => ({
    kind,
    source: 'register of documents',
    async collect({ environment }) {
      const all = await records.transaction(systemAccess('look at the register of documents'), (tx) =>
        gatherDocuments(tx, environment, clock.now()),
      );
      const found = all.find((one) => one.kind === kind);
      if (found === undefined) throw new Error(`nobody gathers ${kind}`);
      return { facts: found.facts, population: found.population };
    },
  }));

/** What is used in a system: services by anybody there, information assets and sites of the provider's own inventory. */
const usedIn: CertificatesDeps['used'] = async (tx, environment) => {
  const tenancies = (await tenancyStates(tx, undefined)).filter((one) => one.environment === environment);
  const here = tenancies.filter(({ state }) => state !== 'left').map(({ id }) => id);
  const consumed = new Set([...(await consumedServices(tx, here)).values()].flat());
  const scope = scopeOf(tenancies.filter(({ internal }) => internal).map(({ id }) => tenancyId(id)));
  const inventory = scope === undefined ? [] : (await assetsOf(tx, scope)).filter(({ retired }) => !retired);
  const of = (kind: Asset['kind']) =>
    // An empty inventory says nothing.
    inventory.length === 0
      ? undefined
      : inventory.filter((asset) => asset.kind === kind).map(({ id, name }) => ({ id, name }));
  return {
    services: (await services(tx)).filter(({ id }) => consumed.has(id)).map(({ id, name }) => ({ id, name })),
    assets: of('information'),
    sites: of('site'),
    editions: (await activeEditions(tx, environment)).map(({ framework, version, at }) => ({
      framework,
      version,
      since: at,
    })),
  };
};
