import type { Actor } from '#identity';
import { receiptFile } from '#ledger';
import { NotFound } from '#platform/errors';
import { access, type AgreementDeps } from './deps.ts';
import { renderText } from './policy.ts';
import { type ReceiptBundle, recordIn } from './receipt.ts';
import { acceptanceById } from './store-acceptances.ts';
import { policyVersion } from './store-versions.ts';
import { policyOf } from './versions.ts';

/** @param ledgerKeys the log's verifier keys @throws {NotFound} for what is not there, or another organisation's */
export async function bundleOf(
  deps: AgreementDeps & { readonly ledgerKeys: readonly string[] },
  actor: Actor,
  id: string,
): Promise<ReceiptBundle> {
  const { acceptance, version } = await deps.records.transaction(access, async (tx) => {
    const found = await acceptanceById(tx, id);
    return { acceptance: found, version: found && (await policyVersion(tx, found.version)) };
  });
  if (
    acceptance === undefined ||
    version === undefined ||
    (!actor.ofProvider && actor.organisation !== acceptance.organisation)
  )
    throw new NotFound('acceptance', id);
  const proof = await deps.ledger.receipt(acceptance.ledgerId);
  const bundle: ReceiptBundle = {
    type: 'ironbark-receipt/1',
    record: acceptance.record,
    text: '',
    assertion: acceptance.assertion,
    countersignature: acceptance.countersignature,
    countersigner: deps.countersigner.publicKey,
    ledger: {
      id: acceptance.ledgerId,
      proof: proof === undefined ? null : receiptFile(proof),
      keys: [...deps.ledgerKeys],
    },
  };
  return { ...bundle, text: renderText(policyOf(version.source), recordIn(bundle).environment.marking) };
}
