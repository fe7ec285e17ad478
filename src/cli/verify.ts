import { readFileSync } from 'node:fs';
import { publicKey, readReceipt, type Trust, verifyReceipt } from '#community/agreements';
import { type Command, exitCodes } from './command.ts';
import { table } from './table.ts';

export const command: Command = {
  name: 'verify',
  summary: 'Check the receipt of an acceptance, without network and without a server.',
  args: 'FILE',
  options: {
    key: {
      value: 'FILE',
      about: 'The key that counter-signs, as the provider publishes it (JWK with "kid").',
    },
    'ledger-key': { value: 'VKEY', about: 'A key of the ledger. Can be repeated.', many: true },
  },
  notes: [
    'Without --key and --ledger-key the keys are those that the receipt brings itself: compare them with the provider’s.',
    'Exits with 0 when nothing is wrong, and with 1 when something is; "unknown" could not be checked.',
  ],
  examples: ['ironbark verify receipt.pdf', 'ironbark verify receipt.pdf --key wattle.jwk'],
  async run({ args, text, texts, show }) {
    const key = text('key');
    const ledgerKeys = texts('ledger-key');
    const trust: Trust = {
      ...(key !== undefined && { countersigner: publicKey.parse(JSON.parse(readFileSync(key, 'utf8'))) }),
      ...(ledgerKeys.length > 0 && { ledgerKeys }),
    };
    const { good, checks, record } = await verifyReceipt(
      await readReceipt(readFileSync(args[0] ?? '')),
      trust,
    );
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
