import { isUtf8 } from 'node:buffer';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { policyOfKeys } from '@ironbark/tlog';
import { parseReceiptFile, verifyReceipt as verifyLedgerReceipt } from '#ledger';
import { countersigned, type PublicKey, thumbprintOf } from './countersign.ts';
import { digestsOf } from './digest.ts';
import { type AcceptanceRecord, counterRecord, digestOf } from './record.ts';
import type { ReadReceipt } from './receipt-read.ts';
import { type ReceiptBundle, receiptFoot, receiptHeading, receiptParts, recordIn } from './receipt.ts';
import { assertionJson } from './signing.ts';

export type Check = {
  readonly what: string;
  /** `unknown`: it could not be checked, and so it proves nothing. */
  readonly outcome: 'good' | 'bad' | 'unknown';
  readonly detail: string;
};
export type VerifiedReceipt = {
  readonly good: boolean;
  readonly checks: readonly Check[];
  /** Undefined where the record itself can't be read. */
  readonly record: AcceptanceRecord | undefined;
};

/** What the verifier knows from elsewhere; what is left out is taken from the receipt, and said so. */
export type Trust = { readonly countersigner?: PublicKey; readonly ledgerKeys?: readonly string[] };

/** Checks a receipt by itself: no network, no database. Every check is made; a bad one says what differs. */
export async function verifyReceipt(
  { bundle, pages }: ReadReceipt,
  trust: Trust = {},
): Promise<VerifiedReceipt> {
  const checks: Check[] = [];
  const check = async (what: string, look: () => Promise<string> | string): Promise<void> => {
    try {
      checks.push({ what, outcome: 'good', detail: await look() });
    } catch (error) {
      checks.push({ what, outcome: 'bad', detail: error instanceof Error ? error.message : String(error) });
    }
  };
  let record: AcceptanceRecord | undefined;
  await check('record', () => {
    record = recordIn(bundle);
    return `SHA-256 ${digestOf(bundle.record).toString('hex')}`;
  });
  if (record === undefined) return { good: false, checks, record };
  const read = record;
  await check('text', () => textOf(bundle, read));
  if (read.authentication.method === 'passkey') await check('passkey', () => passkeyOf(bundle, read));
  else
    checks.push({
      what: 'passkey',
      outcome: 'unknown',
      detail: 'It was signed on paper; the file it came from is named by its SHA-256.',
    });
  await check('counter-signature', () => counterOf(bundle, read, trust));
  checks.push(await ledgerOf(bundle, read, trust));
  if (pages !== null) await check('pages', () => pagesOf(bundle, read, pages));
  return { good: checks.every(({ outcome }) => outcome !== 'bad'), checks, record };
}

function textOf(bundle: ReceiptBundle, record: AcceptanceRecord): string {
  const { sha256, sha384 } = digestsOf(bundle.text);
  if (sha256 !== record.text.rendered.sha256)
    throw new Error(`its SHA-256 is ${sha256}, the record says ${record.text.rendered.sha256}`);
  if (sha384 !== record.text.rendered.sha384)
    throw new Error(`its SHA-384 is ${sha384}, the record says ${record.text.rendered.sha384}`);
  return `version ${record.agreement.version} as it was read, by SHA-256 and SHA-384`;
}

async function passkeyOf(
  { assertion, record: text }: ReceiptBundle,
  record: AcceptanceRecord,
): Promise<string> {
  const { authentication } = record;
  if (assertion === null || authentication.method !== 'passkey')
    throw new Error('there is no answer of a passkey');
  if (assertion.userId !== record.signer.user) throw new Error('the passkey is not the signer’s');
  const { verified } = await verifyAuthenticationResponse({
    response: {
      id: assertion.credentialId,
      rawId: assertion.credentialId,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: assertion.clientDataJSON,
        authenticatorData: assertion.authenticatorData,
        signature: assertion.signature,
      },
    },
    expectedChallenge: digestOf(text).toString('base64url'),
    expectedOrigin: authentication.origin,
    expectedRPID: authentication.rpId,
    credential: {
      id: assertion.credentialId,
      publicKey: new Uint8Array(Buffer.from(assertion.publicKey, 'base64url')),
      counter: 0,
    },
    requireUserVerification: true,
  });
  if (!verified) throw new Error('its signature is not over this record');
  return `signed the record at ${authentication.origin}, its owner verified`;
}

async function counterOf(bundle: ReceiptBundle, record: AcceptanceRecord, trust: Trust): Promise<string> {
  const key = trust.countersigner ?? bundle.countersigner;
  const kid = await thumbprintOf(key);
  if (kid !== key.kid) throw new Error('the key does not have the thumbprint that it is called by');
  const payload = await countersigned(bundle.countersignature, key).catch(() => {
    throw new Error(`it is not by the key ${kid}`);
  });
  if (payload !== counterRecord(record, bundle.assertion === null ? null : assertionJson(bundle.assertion)))
    throw new Error('what was counter-signed is another record, or another answer of the passkey');
  return `ES384 by ${kid}${trust.countersigner === undefined ? ', a key that this receipt brings itself: compare it with the provider’s' : ''}`;
}

async function ledgerOf(bundle: ReceiptBundle, record: AcceptanceRecord, trust: Trust): Promise<Check> {
  const what = 'ledger';
  if (bundle.ledger.proof === null)
    return {
      what,
      outcome: 'unknown',
      detail: 'No checkpoint covered the entry when the receipt was made: ask for it again.',
    };
  try {
    const keys = trust.ledgerKeys ?? bundle.ledger.keys;
    const found = verifyLedgerReceipt(parseReceiptFile(bundle.ledger.proof), policyOfKeys([...keys]));
    const facts = found.payload?.facts;
    if (facts?.['record'] !== digestOf(bundle.record).toString('hex') || facts['acceptance'] !== record.id)
      return { what, outcome: 'bad', detail: 'the entry in the ledger is about another record' };
    const own = trust.ledgerKeys === undefined ? '; its keys come with the receipt: compare them' : '';
    return {
      what,
      outcome: 'good',
      detail: `entry ${found.index} of ${found.size} in ${found.origin}${found.cosignedBy.length > 0 ? `, seen by ${found.cosignedBy.map(({ name }) => name).join(', ')}` : ', seen by no witness'}${own}`,
    };
  } catch (error) {
    return { what, outcome: 'bad', detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Letters and digits only: how a line was broken or spaced says nothing. */
const bare = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, '');

function pagesOf(bundle: ReceiptBundle, record: AcceptanceRecord, pages: string): string {
  if (!isUtf8(Buffer.from(pages))) throw new Error('what the pages say is no text');
  let rest = bare(pages);
  const said = receiptParts(bundle, record)
    .filter(({ lines }) => lines.length > 0)
    .flatMap(({ title, lines }) => [title, ...lines.map(({ label, value }) => `${label}${value}`)]);
  for (const line of [receiptHeading, ...said, receiptFoot]) {
    const at = rest.indexOf(bare(line));
    const between = line === receiptHeading ? longestProvider : 0;
    if (at < 0 || at > between)
      throw new Error(`they do not say what the record says: "${line.slice(0, 80)}"`);
    rest = rest.slice(at + bare(line).length);
  }
  if (rest !== '') throw new Error(`they say more than the record does: "${rest.slice(0, 80)}"`);
  return 'say what the record says, and nothing else';
}

/** The provider's name stands above the heading. */
const longestProvider = 120;
