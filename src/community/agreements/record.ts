import { createHash } from 'node:crypto';
import { canonical, type Json } from '#ledger';
import { z } from 'zod';

/** What the signer says with it. SOURCE: Electronic Transactions Act 1999 (Cth), s 10: identity, intention, consent. */
export const consent =
  'I have read each section. I agree to this policy for my organisation and environment, I am authorised to do so, and I consent to signing electronically with my passkey.';

const hex = (length: number) => z.string().regex(new RegExp(`^[0-9a-f]{${length}}$`));
const digests = z.strictObject({ sha256: hex(64), sha384: hex(96) });
const when = z.iso.datetime();
const text = z.string().max(2000);

/** What is signed, before its canonical form (RFC 8785). A reader years from now finds everything in it. */
export const acceptanceRecord = z.strictObject({
  type: z.literal('ironbark-acceptance/1'),
  id: text,
  kind: z.enum(['passkey', 'acknowledgement', 'paper']),
  agreement: z.strictObject({ policy: text, title: text, version: z.number().int() }),
  environment: z.strictObject({ id: text, marking: text }),
  text: z.strictObject({ source: digests, rendered: digests }),
  organisation: z.strictObject({ id: text, name: text, abn: text.nullable() }),
  signer: z.strictObject({ user: text.nullable(), person: text.nullable(), name: text }),
  office: z.enum(['CIO', 'CISO']),
  appointment: text.nullable(),
  consent: text,
  reading: z
    .strictObject({
      id: text,
      begunAt: when,
      sections: z
        .array(z.strictObject({ id: text, openedAt: when, agreedAt: when, dwellSeconds: z.number() }))
        .max(100),
    })
    .nullable(),
  authentication: z.union([
    z.strictObject({
      method: z.literal('passkey'),
      userVerification: z.literal('required'),
      origin: text,
      rpId: text,
    }),
    z.strictObject({
      method: z.literal('paper'),
      evidenceName: text,
      evidenceSha256: hex(64),
      signedOn: text,
      recordedBy: text,
      confirmedBy: text,
    }),
  ]),
  /** The server's time. */
  at: when,
  previous: z.strictObject({ id: text, recordSha256: hex(64) }).nullable(),
  nonce: text,
});
export type AcceptanceRecord = z.infer<typeof acceptanceRecord>;

/** A record as it is signed: the text, and the SHA-256 that is the passkey's challenge. */
export function sealed(record: AcceptanceRecord): { readonly text: string; readonly digest: Buffer } {
  const text = canonical(record);
  return { text, digest: digestOf(text) };
}

export const digestOf = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** What the provider signs: the record, and what the passkey answered. */
export const counterRecord = (record: AcceptanceRecord, assertion: Json): string =>
  canonical({ type: 'ironbark-countersignature/1', record, assertion });
