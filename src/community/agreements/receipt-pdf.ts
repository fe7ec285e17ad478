import { type FontWeight, fontFile, runsOf } from '#platform/paper';
import PDFDocument from 'pdfkit';
import {
  type ReceiptBundle,
  receiptFoot,
  receiptHeading,
  receiptName,
  receiptParts,
  recordIn,
} from './receipt.ts';

/** A receipt for people, with all that machines need attached. @param provider as it is named at the top */
export function receiptPdf(bundle: ReceiptBundle, provider: string): Promise<Buffer> {
  const record = recordIn(bundle);
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: 56, bottom: 56, left: 56, right: 56 },
    info: {
      Title: `${receiptHeading}: ${record.agreement.title}`,
      Author: provider,
      CreationDate: new Date(record.at),
    },
    pdfVersion: '1.7',
    lang: 'en-AU',
    tagged: true,
  });
  const pieces: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (piece: Buffer) => pieces.push(piece));
    document.on('end', () => resolve(Buffer.concat(pieces)));
    document.on('error', reject);
  });
  const say = (
    text: string,
    weight: FontWeight,
    size: number,
    at?: { x: number; y: number; width: number },
  ): void => {
    const runs = runsOf(text);
    document.fontSize(size);
    for (const [number, run] of runs.entries()) {
      document.font(fontFile('inter', run.subset, weight));
      const options = { continued: number < runs.length - 1, ...(at && { width: at.width }) };
      if (number === 0 && at !== undefined) document.text(run.text, at.x, at.y, options);
      else document.text(run.text, options);
    }
  };
  document.fillColor('#566267');
  say(provider, '400', 10);
  document.fillColor('#1b2224');
  say(receiptHeading, '600', 20);
  document.moveDown(0.6);
  const left = 56;
  const labelWidth = 120;
  const valueWidth = document.page.width - 112 - labelWidth;
  for (const { title, lines } of receiptParts(bundle, record)) {
    if (lines.length === 0) continue;
    if (document.y > document.page.height - 130) document.addPage();
    document.moveDown(0.6);
    document.fillColor('#9a5a08');
    say(title, '600', 12, { x: left, y: document.y, width: labelWidth + valueWidth });
    document
      .moveTo(left, document.y + 2)
      .lineTo(left + labelWidth + valueWidth, document.y + 2)
      .lineWidth(0.5)
      .stroke('#d8d4ca');
    document.moveDown(0.5);
    for (const { label, value } of lines) {
      if (document.y > document.page.height - 90) document.addPage();
      const { y } = document;
      document.fillColor('#566267');
      say(label, '400', 9, { x: left, y, width: labelWidth - 8 });
      const afterLabel = document.y;
      document.fillColor('#1b2224');
      say(value, '400', 9, { x: left + labelWidth, y, width: valueWidth });
      document.y = Math.max(afterLabel, document.y) + 2;
    }
  }
  document.moveDown(1);
  document.fillColor('#566267');
  say(receiptFoot, '400', 9, { x: left, y: document.y, width: labelWidth + valueWidth });
  document.file(Buffer.from(JSON.stringify(bundle)), {
    name: receiptName,
    type: 'application/json',
    description: 'The record, its signatures and its place in the ledger',
    creationDate: new Date(record.at),
    modifiedDate: new Date(record.at),
  });
  document.end();
  return done;
}
