import { readFileSync } from 'node:fs';
import { publicKey, readReceipt, type Trust, verifyReceipt } from '#community/agreements';
import { exitCodes } from '../command.ts';
import { table } from '../table.ts';
import type { Kind } from './kind.ts';

/** The receipt of an acceptance: a PDF with its record in it, or the record by itself. */
export const acceptanceReceiptKind: Kind = {
  name: 'receipt of an acceptance (PDF or JSON)',
  is: () => true,
  async check(bytes, { text, texts, show }) {
    const key = text('key');
    const ledgerKeys = texts('ledger-key');
    const trust: Trust = {
      ...(key !== undefined && { countersigner: publicKey.parse(JSON.parse(readFileSync(key, 'utf8'))) }),
      ...(ledgerKeys.length > 0 && { ledgerKeys }),
    };
    const { good, checks, record } = await verifyReceipt(await readReceipt(bytes), trust);
    show({ good, checks, record }, () => [
      ...(record === undefined
        ? []
        : [
            `${record.organisation.name} and ${record.agreement.title}, version ${record.agreement.version}, in ${record.environment.id}:`,
            `signed by ${record.signer.name}, ${record.office}, at ${record.at}.`,
            '',
          ]),
      ...table(
        ['CHECK', 'OUTCOME', 'DETAIL'],
        checks.map(({ what, outcome, detail }) => [what, outcome, detail]),
      ),
      '',
      good ? 'Nothing is wrong with it.' : 'It is not what it says it is.',
    ]);
    return good ? exitCodes.done : exitCodes.failed;
  },
};
