import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ReceiptUnreadable } from './errors.ts';
import { type ReceiptBundle, receiptBundle, receiptName } from './receipt.ts';

const maxBytes = 5 * 1024 * 1024;
const maxMilliseconds = 20_000;
const maxMegabytes = 256;

export type ReadReceipt = {
  readonly bundle: ReceiptBundle;
  /** What the pages say; null where the record came alone, as JSON. */
  readonly pages: string | null;
};

/** From a PDF, or from the JSON that is attached to one. @throws {ReceiptUnreadable} */
export async function readReceipt(bytes: Uint8Array): Promise<ReadReceipt> {
  if (bytes.length > maxBytes) throw new ReceiptUnreadable('it is larger than 5 MB');
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-')
    return { bundle: bundleFrom(bytes), pages: null };
  const { text, attached } = await readPdf(bytes);
  const [json] = attached;
  if (json === undefined || attached.length > 1)
    throw new ReceiptUnreadable(`it has ${attached.length} attachments called ${receiptName}, not one`);
  return { bundle: bundleFrom(json), pages: text };
}

function bundleFrom(bytes: Uint8Array): ReceiptBundle {
  try {
    return receiptBundle.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new ReceiptUnreadable('the record in it is not one of ours, or is damaged', error);
  }
}

const answer = z.object({ text: z.string(), attached: z.array(z.instanceof(Uint8Array)) });

function readPdf(bytes: Uint8Array): Promise<z.infer<typeof answer>> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { bytes, attachment: receiptName },
    resourceLimits: { maxOldGenerationSizeMb: maxMegabytes },
    stdout: true,
    stderr: true,
  });
  return new Promise((resolve, reject) => {
    const refuse = (why: string, cause?: unknown): void => {
      clearTimeout(timer);
      reject(new ReceiptUnreadable(why, cause));
      void worker.terminate();
    };
    const timer = setTimeout(
      () => refuse(`reading it takes longer than ${maxMilliseconds / 1000} s`),
      maxMilliseconds,
    );
    worker.once('message', (message: unknown) => {
      clearTimeout(timer);
      resolve(answer.parse(message));
      void worker.terminate();
    });
    worker.once('error', (error) => refuse('it is not a PDF that can be read', error));
    worker.once('exit', () => refuse('reading it ended early'));
  });
}
