import { writeFileSync } from 'node:fs';
import PDFDocument from 'pdfkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestLog } from '#ledger/testing';
import { newCountersigningKey, openCountersigner } from './countersign.ts';
import { receiptPdf } from './receipt-pdf.ts';
import { readReceipt } from './receipt-read.ts';
import { verifyReceipt } from './receipt-verify.ts';
import type { ReceiptBundle } from './receipt.ts';
import { bundleOf } from './receipts.ts';
import {
  acmePlace as acme,
  type AgreementWorld,
  openAgreements,
  type Officer,
  shippedPolicy,
} from './testing.ts';

let world: AgreementWorld;
let ciso: Officer;
let bundle: ReceiptBundle;
let unproven: ReceiptBundle;
let ledgerKeys: readonly string[];
beforeAll(async () => {
  world = await openAgreements();
  await world.publish(shippedPolicy(1), 'material');
  await world.invite(acme);
  ciso = await world.officer('ciso@acme.example', 'acme');
  const { id } = await world.signAll(ciso, acme);
  const log = createTestLog(world);
  ledgerKeys = log.keys;
  unproven = await bundleOf({ ...world.deps, ledgerKeys }, ciso.actor, id);
  await log.sequence();
  bundle = await bundleOf({ ...world.deps, ledgerKeys }, ciso.actor, id);
}, 120_000);
afterAll(() => world.close());

const bytesOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const outcomes = async (given: unknown, trust = {}) => {
  const { checks } = await verifyReceipt(await readReceipt(bytesOf(given)), trust);
  return Object.fromEntries(checks.map(({ what, outcome }) => [what, outcome]));
};
const all = { record: 'good', text: 'good', passkey: 'good', 'counter-signature': 'good', ledger: 'good' };

describe('a receipt', () => {
  test('is a PDF that proves everything by itself', async () => {
    const pdf = await receiptPdf(bundle, 'Wattle Sovereign Cloud');
    if (process.env['KEEP_RECEIPT'] !== undefined) writeFileSync(process.env['KEEP_RECEIPT'], pdf);
    const read = await readReceipt(pdf);
    expect(read.bundle).toEqual(bundle);
    const trust = { countersigner: world.deps.countersigner.publicKey, ledgerKeys };
    const { good, checks, record } = await verifyReceipt(read, trust);
    expect(checks.filter(({ outcome }) => outcome !== 'good')).toEqual([]);
    expect(checks.map(({ what }) => what)).toEqual([...Object.keys(all), 'pages']);
    expect(good).toBe(true);
    expect(record?.organisation.name).toBe('Acme Water');
  }, 60_000);

  test('says what it could not check, before the ledger has a checkpoint', async () => {
    expect(await outcomes(unproven)).toEqual({ ...all, ledger: 'unknown' });
  });

  test('is nobody else’s to have', async () => {
    const beta = await world.officer('ciso@beta.example', 'beta');
    const id = (JSON.parse(bundle.record) as { id: string }).id;
    await expect(bundleOf({ ...world.deps, ledgerKeys }, beta.actor, id)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('what was tampered with is refused, and says where', () => {
  const record = (change: (record: Record<string, unknown>) => void): ReceiptBundle => {
    const changed = JSON.parse(bundle.record) as Record<string, unknown>;
    change(changed);
    return { ...bundle, record: JSON.stringify(changed) };
  };
  const cases: [string, () => ReceiptBundle | Promise<ReceiptBundle>, object, string?][] = [
    [
      'another signer',
      () =>
        record((one) => {
          one['office'] = 'CIO';
        }),
      { ...all, passkey: 'bad', 'counter-signature': 'bad', ledger: 'bad' },
    ],
    [
      'a record written in another order',
      () => ({ ...bundle, record: `${bundle.record.slice(0, -1)} }` }),
      { record: 'bad' },
    ],
    [
      'another text',
      () => ({ ...bundle, text: bundle.text.replace('before it uses it', 'when it likes') }),
      { ...all, text: 'bad' },
    ],
    [
      'no passkey at all',
      () => ({ ...bundle, assertion: null }),
      { ...all, passkey: 'bad', 'counter-signature': 'bad' },
    ],
    [
      'a passkey’s answer from elsewhere',
      () => ({
        ...bundle,
        assertion: bundle.assertion && {
          ...bundle.assertion,
          clientDataJSON: Buffer.from(
            Buffer.from(bundle.assertion.clientDataJSON, 'base64url')
              .toString()
              .replace('siem.example', 'evil.example'),
          ).toString('base64url'),
        },
      }),
      { ...all, passkey: 'bad', 'counter-signature': 'bad' },
    ],
    [
      'a counter-signature by somebody else',
      async () => {
        const other = await openCountersigner(await newCountersigningKey());
        return { ...bundle, countersigner: other.publicKey };
      },
      { ...all, 'counter-signature': 'bad' },
    ],
    [
      'the place of another entry',
      () => ({
        ...bundle,
        ledger: {
          ...bundle.ledger,
          proof: (bundle.ledger.proof ?? '').replace(
            /index (\d+)/,
            (_, index: string) => `index ${Number(index) - 1}`,
          ),
        },
      }),
      { ...all, ledger: 'bad' },
    ],
    ['a ledger of somebody else’s', () => bundle, { ...all, ledger: 'bad' }, 'other keys'],
  ];
  test.each(cases)('%s', async (_name, make, expected, trust) => {
    const others = { ledgerKeys: createTestLog(world).keys };
    expect(await outcomes(await make(), trust === undefined ? {} : others)).toEqual(expected);
  });

  test('pages that say something else than the record', async () => {
    const forged = record((one) => {
      one['nonce'] = 'x';
    });
    const { pages } = await readReceipt(await receiptPdf(forged, 'Wattle'));
    const { good, checks } = await verifyReceipt({ bundle, pages });
    expect(good).toBe(false);
    expect(checks.filter(({ outcome }) => outcome === 'bad')).toMatchObject([
      { what: 'pages', detail: expect.stringContaining('Record (SHA-256)') },
    ]);
  }, 60_000);
});

describe('a hostile file', () => {
  const pdfWith = (names: readonly string[], content: string): Promise<Buffer> =>
    new Promise((resolve) => {
      const document = new PDFDocument();
      const pieces: Buffer[] = [];
      document.on('data', (piece: Buffer) => pieces.push(piece));
      document.on('end', () => resolve(Buffer.concat(pieces)));
      for (const name of names) document.file(Buffer.from(content), { name });
      document.end();
    });
  const files: [string, () => Buffer | Promise<Buffer>][] = [
    ['that is nothing', () => Buffer.alloc(0)],
    ['that is too large', () => Buffer.alloc(6 * 1024 * 1024, '%')],
    ['that only begins like a PDF', () => Buffer.from('%PDF-1.7\n%%EOF')],
    ['without a record', () => pdfWith([], '')],
    ['with something else for a record', () => pdfWith(['acceptance.json'], '{"type":"other"}')],
    ['cut off', async () => (await receiptPdf(bundle, 'Wattle')).subarray(0, 3000)],
  ];
  test.each(files)(
    '%s is refused',
    async (_name, make) => {
      await expect(readReceipt(await make())).rejects.toMatchObject({ code: 'receipt-unreadable' });
    },
    60_000,
  );
});
