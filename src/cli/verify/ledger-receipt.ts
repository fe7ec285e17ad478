import { parseReceiptFile, type ReceiptCheck, verifyReceipt } from '#ledger';
import { proofHeader, TlogError } from '@ironbark/tlog';
import { exitCodes } from '../command.ts';
import { trustOf } from '../ledger/trust.ts';
import { plain } from '../table.ts';
import type { Kind } from './kind.ts';

/** The receipt of a ledger entry, as "ironbark ledger proof" writes it. */
export const ledgerReceiptKind: Kind = {
  name: 'receipt of a ledger entry (.tlog-proof)',
  is: (bytes) => bytes.subarray(0, proofHeader.length).toString('latin1') === proofHeader,
  async check(bytes, call) {
    const policy = trustOf(call, 'ledger-key');
    try {
      const check = verifyReceipt(parseReceiptFile(bytes), policy);
      call.show({ valid: true, ...check, payload: check.payload ?? null }, () => linesOf(check));
      return exitCodes.done;
    } catch (error) {
      if (!(error instanceof TlogError)) throw error;
      call.show(
        { valid: false, fault: error.fault, why: error.message },
        () => `NOT VALID: ${error.message}.`,
      );
      return exitCodes.failed;
    }
  },
};

function linesOf({ leaf, payload, origin, index, size, cosignedBy, remarks }: ReceiptCheck): string[] {
  const who =
    payload === undefined
      ? '(the readable part was erased)'
      : `by ${plain(payload.actor.name)}, to ${plain(payload.subject)}`;
  return [
    `Valid: entry ${index} of the ${size} of ${plain(origin)}.`,
    `${leaf.at}  ${plain(leaf.action)}  ${who}`,
    ...(payload === undefined ? [] : [plain(JSON.stringify(payload.facts))]),
    cosignedBy.length === 0
      ? 'Seen by no witness that was asked for: this holds only against those without the key.'
      : `Seen by ${cosignedBy.map(({ name, at }) => `${name} (${at.toISOString()})`).join(', ')}.`,
    ...remarks,
  ];
}
