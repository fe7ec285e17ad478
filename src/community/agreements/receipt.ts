import { canonical, type Json } from '#ledger';
import { z } from 'zod';
import { publicKey } from './countersign.ts';
import { type AcceptanceRecord, acceptanceRecord, digestOf } from './record.ts';

export const receiptName = 'acceptance.json';

const short = z.string().max(8192);
const assertion = z.strictObject({
  userId: short,
  credentialId: short,
  publicKey: short,
  authenticatorData: short,
  clientDataJSON: short,
  signature: short,
});

/** What a receipt carries: enough to check all of it without this system, or any. */
export const receiptBundle = z.strictObject({
  type: z.literal('ironbark-receipt/1'),
  /** Canonical JSON (RFC 8785), as it was signed. */
  record: z.string().max(200_000),
  /** The text as the signer had it before them. */
  text: z.string().max(2_000_000),
  /** Null for what was signed on paper. */
  assertion: assertion.nullable(),
  countersignature: z.string().max(400_000),
  countersigner: publicKey,
  ledger: z.strictObject({
    id: short,
    /** `c2sp.org/tlog-proof@v1` with the entry beside it; null until a checkpoint covers the entry. */
    proof: z.string().max(200_000).nullable(),
    /** The log's own keys, as verifier keys of signed notes. */
    keys: z.array(short).max(10),
  }),
});
export type ReceiptBundle = z.infer<typeof receiptBundle>;

/** @throws when the record is not one, or not in its canonical form */
export function recordIn(bundle: ReceiptBundle): AcceptanceRecord {
  const record = acceptanceRecord.parse(JSON.parse(bundle.record));
  // The schema let through what JSON can hold.
  if (canonical(record as Json) !== bundle.record) throw new Error('the record is not in its canonical form');
  return record;
}

export type ReceiptLine = { readonly label: string; readonly value: string };
export type ReceiptPart = { readonly title: string; readonly lines: readonly ReceiptLine[] };

/** What the pages say, from the record and nothing else: whoever reads the page reads what was signed. */
export function receiptParts(bundle: ReceiptBundle, record: AcceptanceRecord): ReceiptPart[] {
  const { authentication } = record;
  return [
    {
      title: 'Agreement',
      lines: [
        { label: 'Policy', value: `${record.agreement.title}, version ${record.agreement.version}` },
        { label: 'Environment', value: `${record.environment.id} (${record.environment.marking})` },
        {
          label: 'Organisation',
          value: `${record.organisation.name} (${record.organisation.id}${record.organisation.abn === null ? '' : `, ABN ${record.organisation.abn}`})`,
        },
        { label: 'Signed by', value: `${record.signer.name}, ${record.office}` },
        { label: 'Appointment', value: record.appointment ?? 'on the paper' },
        { label: 'Time', value: record.at },
        { label: 'Receipt', value: record.id },
        { label: 'Follows', value: record.previous?.id ?? 'nothing: it is the first' },
      ],
    },
    {
      title: 'What was signed',
      lines: [
        { label: 'SHA-256 of the text', value: record.text.rendered.sha256 },
        { label: 'SHA-384 of the text', value: record.text.rendered.sha384 },
        { label: 'SHA-256 of the source', value: record.text.source.sha256 },
        { label: 'Record (SHA-256)', value: digestOf(bundle.record).toString('hex') },
        { label: 'Consent', value: record.consent },
      ],
    },
    {
      title: 'How it was signed',
      lines:
        authentication.method === 'passkey'
          ? [
              { label: 'With', value: 'a passkey, its owner verified' },
              { label: 'At', value: authentication.origin },
              { label: 'Passkey', value: bundle.assertion?.credentialId ?? '' },
              { label: 'Counter-signed', value: `ES384, key ${bundle.countersigner.kid}` },
              { label: 'Ledger entry', value: bundle.ledger.id },
            ]
          : [
              { label: 'On paper', value: `${authentication.evidenceName}, on ${authentication.signedOn}` },
              { label: 'SHA-256 of the file', value: authentication.evidenceSha256 },
              {
                label: 'Taken by',
                value: `${authentication.recordedBy}, confirmed by ${authentication.confirmedBy}`,
              },
              { label: 'Counter-signed', value: `ES384, key ${bundle.countersigner.kid}` },
              { label: 'Ledger entry', value: bundle.ledger.id },
            ],
    },
    {
      title: 'Sections read and agreed to',
      lines: (record.reading?.sections ?? []).map((section) => ({
        label: section.id,
        value: `opened ${section.openedAt}, agreed ${section.agreedAt} (${section.dwellSeconds} s)`,
      })),
    },
  ];
}

export const receiptHeading = 'Receipt of acceptance';
export const receiptFoot =
  'Check it without us: ironbark verify receipt.pdf. The record, the passkey’s answer and the counter-signature are attached to this file.';
