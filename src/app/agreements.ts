import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AgreementRouteDeps,
  type Countersigner,
  newCountersigningKey,
  openCountersigner,
} from '#community/agreements';
import type { Core } from './core.ts';
import { placesIn, writePrivate } from './folder.ts';
import { ledgerKeysOf } from './ledger-log.ts';

/** What agreements are made with: the provider's signature, and the texts that ship. */
export async function agreementsOf(
  core: Core,
): Promise<AgreementRouteDeps & { readonly ledgerKeys: readonly string[] }> {
  const { identity, root } = core;
  const folder = join(root, 'content', 'agreements');
  const countersigner = await countersignerOf(core);
  // The origin is known once the server listens: it is looked at each time.
  return {
    records: identity.records,
    clock: identity.clock,
    ids: identity.ids,
    ledger: identity.ledger,
    directory: identity.directory,
    passwords: identity.passwords,
    sealer: identity.sealer,
    get origin() {
      return identity.origin;
    },
    countersigner,
    ledgerKeys: ledgerKeysOf(core).signers.map(({ verifier }) => verifier.vkey),
    templates: () =>
      Promise.all(
        readdirSync(folder)
          .filter((name) => /^community-\d+\.md$/.test(name))
          .sort()
          .map((name) => readFile(join(folder, name), 'utf8')),
      ),
  };
}

/** The provider's own signature, over agreements and over reports. */
export const countersignerOf = async ({ config, data }: Core): Promise<Countersigner> =>
  openCountersigner(await keyText(config.agreementKey, data));

/** The configured key, or one of our own, made at the first start and readable by its owner only. */
async function keyText(configured: string | undefined, data: string): Promise<string> {
  if (configured !== undefined) return readFileSync(configured, 'utf8');
  const { agreementKey } = placesIn(data);
  if (!existsSync(agreementKey)) writePrivate(agreementKey, await newCountersigningKey());
  return readFileSync(agreementKey, 'utf8');
}
