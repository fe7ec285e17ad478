import { createReadStream, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { AppError } from '#platform/errors';
import { doors } from '#contract/soc/sources';
import { type Call, type Command, exitCodes } from './command.ts';
import { NoServer, UsageError } from './errors.ts';
import { type Format, formats, readItems } from './sending/read-items.ts';
import { type Door, type Tally, upload } from './sending/upload.ts';

/** A file could not be read: which, and why. */
export class Unreadable extends AppError {
  readonly code = 'unreadable';
  readonly status = 400;
  constructor(file: string, cause: unknown) {
    super(
      `${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { file },
      cause,
    );
  }
}

type FileResult = Tally & { readonly file: string; readonly format: string; complete: boolean };

const progressMilliseconds = 5000;

export const command: Command = {
  name: 'send',
  summary: 'Send a file of events, or standard input, through the real door.',
  args: 'FILE|-...',
  options: {
    token: { value: 'TOKEN', about: "The source's token, ibs_…; or set IRONBARK_SOURCE_TOKEN." },
    to: { value: 'URL', about: 'The bulk door. Left out: that of the server on this machine.' },
    ca: { value: 'FILE', about: 'PEM certificate to trust for https.' },
    format: { value: 'NAME', about: `${formats.join(', ')}. Left out: found out from the first bytes.` },
    skip: { value: 'N', about: 'Leave out the first N events: to go on where an earlier run stopped.' },
  },
  examples: [
    'ironbark send /var/log/suricata/eve.json --token ibs_…',
    'zcat cloudtrail.json.gz | ironbark send - --token ibs_… --to https://siem.example:9200',
  ],
  async run(call) {
    const format = formatOf(call);
    const skip = countOf(call, 'skip');
    if (skip > 0 && call.args.length > 1) throw new UsageError('--skip goes with one file.');
    const door = await doorOf(call);
    const results: FileResult[] = [];
    const startedAt = performance.now();
    for (const file of call.args) {
      const result = await sendFile(call, door, file, format, skip);
      results.push(result);
      if (!result.complete) break;
    }
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    call.show({ files: results, seconds }, () => results.flatMap((result) => summary(result, seconds)));
    if (results.some(({ complete }) => !complete)) return exitCodes.interrupted;
    return results.some(({ rejected }) => rejected > 0) ? exitCodes.failed : exitCodes.done;
  },
};

/** Whole, or as far as it came when the person stopped it; what stops it otherwise is thrown with where to go on. */
async function sendFile(
  call: Call,
  door: Door,
  file: string,
  format: Format,
  skip: number,
): Promise<FileResult> {
  const tally: Tally = { read: 0, taken: 0, rejected: 0, reasons: {} };
  const input = file === '-' ? stdinOf(call) : createReadStream(file, { highWaterMark: 256 * 1024 });
  const name = file === '-' ? 'standard input' : file;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const rate = Math.round((answered(tally) * 1000) / (performance.now() - startedAt));
    call.remark(
      `${name}: ${answered(tally).toLocaleString('en-AU')} events, ${rate.toLocaleString('en-AU')} a second`,
    );
  }, progressMilliseconds);
  let found = '';
  try {
    const items = await readItems(input, format).catch((error: unknown) => {
      throw error instanceof AppError ? error : new Unreadable(name, error);
    });
    found = items.format;
    await upload(
      door,
      { wire: items.wire, items: reading(name, skipped(items.items, skip)) },
      tally,
      call.signal,
    );
    return { ...tally, file: name, format: found, complete: true };
  } catch (error) {
    const goOn = `To go on: ironbark send ${file} --skip ${skip + answered(tally)}`;
    if (call.signal.aborted) {
      call.remark(`Stopped. ${goOn}`);
      return { ...tally, file: name, format: found, complete: false };
    }
    if (answered(tally) > 0) call.remark(`${answered(tally)} events of ${name} were answered for. ${goOn}`);
    throw error;
  } finally {
    clearInterval(timer);
    input.destroy();
  }
}

const answered = ({ taken, rejected }: Tally): number => taken + rejected;

async function* skipped(items: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const item of items) if (left-- <= 0) yield item;
}

/** What goes wrong while reading is the file's fault, not the server's. */
async function* reading(name: string, items: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await iterator.next().catch((error: unknown) => {
      throw new Unreadable(name, error);
    });
    if (next.done === true) return;
    yield next.value;
  }
}

function summary({ file, format, taken, rejected, reasons }: FileResult, seconds: number): string[] {
  return [
    `${file} (${format}): ${taken} taken, ${rejected} rejected in ${seconds} s`,
    ...Object.entries(reasons)
      .slice(0, 10)
      .map(([reason, times]) => `  ${times} × ${reason}`),
    ...(rejected > 0 ? ['  What was rejected is kept: see the page "Sources".'] : []),
  ];
}

function formatOf(call: Call): Format {
  const given = call.text('format') ?? 'auto';
  const format = formats.find((one) => one === given);
  if (format === undefined)
    throw new UsageError(`"${given}" is no format. Use one of: ${formats.join(', ')}.`);
  return format;
}

function countOf(call: Call, name: string): number {
  const text = call.text(name) ?? '0';
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${name} needs a whole number, not "${text}".`);
  return Number(text);
}

async function doorOf(call: Call): Promise<Door> {
  const token = call.text('token') ?? call.io.env['IRONBARK_SOURCE_TOKEN'];
  if (token === undefined) {
    throw new UsageError(
      'Which source is this? Give its token: --token ibs_…, or IRONBARK_SOURCE_TOKEN. "ironbark source add" makes a source.',
    );
  }
  const authority = call.text('ca');
  const certificate = authority === undefined ? undefined : readFileSync(authority, 'utf8');
  const to = call.text('to');
  if (to !== undefined) {
    if (!URL.canParse(to) || !/^https?:$/.test(new URL(to).protocol))
      throw new UsageError(`"${to}" is no address. Write it like http://127.0.0.1:9200.`);
    return { url: to, token, certificate };
  }
  const found = (await call.server().get('/api/sources/doors', doors)).doors.find(
    ({ kind }) => kind === 'bulk',
  );
  if (found === undefined) throw new NoServer('The server has no bulk door open.');
  const host = found.host === '0.0.0.0' || found.host === '::' ? '127.0.0.1' : found.host;
  return {
    url: `${found.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${found.port}`,
    token,
    certificate,
  };
}

function stdinOf(call: Call): Readable {
  // Node's own standard input is one; a test gives one.
  return call.io.stdin as unknown as Readable;
}
