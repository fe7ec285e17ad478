/** Reads a PDF in a thread of its own: what a hostile one does to it ends with it. Gives back what is attached and what the pages say. */
import { parentPort, workerData } from 'node:worker_threads';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { z } from 'zod';

const maxPages = 20;
const given = z.object({ bytes: z.instanceof(Uint8Array), attachment: z.string() }).parse(workerData);

const task = getDocument({
  data: new Uint8Array(given.bytes),
  disableFontFace: true,
  useSystemFonts: false,
  stopAtErrors: true,
  verbosity: 0,
});
const document = await task.promise;
if (document.numPages > maxPages) throw new Error(`it has ${document.numPages} pages`);
const attached: Uint8Array[] = [];
for (const [id, { filename }] of (await document.getAttachments()) ?? []) {
  if (filename !== given.attachment) continue;
  attached.push(z.instanceof(Uint8Array).parse(await document.getAttachmentContent(id)));
}
let text = '';
for (let number = 1; number <= document.numPages; number++) {
  const { items } = await (await document.getPage(number)).getTextContent();
  for (const item of items) if ('str' in item) text += item.str;
}
parentPort?.postMessage({ text, attached });
await task.destroy();
