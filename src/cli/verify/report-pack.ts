import { readFileSync } from 'node:fs';
import { countersigned, publicKey } from '#community/agreements';
import { verifyPack } from '#governance/reports';
import { policyOfKeys } from '@ironbark/tlog';
import { exitCodes } from '../command.ts';
import { trustOf } from '../ledger/trust.ts';
import { plain, table } from '../table.ts';
import type { Kind } from './kind.ts';

const zipHeader = Buffer.from('PK\x03\x04', 'latin1');

/** A report with its manifest and proofs, as "ironbark report make" saves it. */
export const reportPackKind: Kind = {
  name: 'report with its proofs (.zip)',
  is: (bytes) => bytes.subarray(0, zipHeader.length).equals(zipHeader),
  async check(bytes, call) {
    const file = call.text('key');
    const key = file === undefined ? undefined : publicKey.parse(JSON.parse(readFileSync(file, 'utf8')));
    const trusted =
      call.texts('ledger-key').length > 0 || call.text('policy') !== undefined
        ? trustOf(call, 'ledger-key')
        : undefined;
    const { good, checks, manifest } = await verifyPack(bytes, {
      ownKey: key !== undefined,
      signed: (jws, given) => countersigned(jws, key ?? publicKey.parse(given)),
      policy: (keys) => ({ policy: trusted ?? policyOfKeys([...keys]), own: trusted !== undefined }),
    });
    call.show({ good, checks, manifest: manifest ?? null }, () => [
      ...(manifest === undefined
        ? []
        : [
            plain(
              `${manifest.kind} of ${manifest.system.name}, ${manifest.framework.title} ${manifest.framework.edition}, as at ${manifest.asAt}.`,
            ),
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
