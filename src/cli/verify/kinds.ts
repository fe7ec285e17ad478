import { acceptanceReceiptKind } from './acceptance-receipt.ts';
import type { Kind } from './kind.ts';
import { ledgerReceiptKind } from './ledger-receipt.ts';
import { reportPackKind } from './report-pack.ts';

/** The first that knows the file checks it. */
export const kinds: readonly Kind[] = [ledgerReceiptKind, reportPackKind, acceptanceReceiptKind];
