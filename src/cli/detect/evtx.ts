import { spawn } from 'node:child_process';
import type { Read } from './records.ts';
import { type Element, parseXml } from './xml.ts';

/** The program is not there: what to do about it, for people. */
export const needsEvtxexport =
  'EVTX files need the program evtxexport. On Debian and Ubuntu: apt install libevtx-utils.';

/** An event of a log is at most 64 KB; as XML it can be a few times that. */
const maxXmlLength = 4 * 1024 * 1024;

/** Binary event logs, by way of evtxexport's XML; the number of each event is its place in the file. */
export async function* readEvtx(path: string, program = 'evtxexport'): AsyncGenerator<Read[]> {
  const child = spawn(program, ['-f', 'xml', '--', path], { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = new Promise<never>((_, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Error(needsEvtxexport) : error),
    );
  });
  failed.catch(() => undefined); // Thrown below, where the output has ended.
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  let line = 0;
  let rest = '';
  child.stdout.setEncoding('utf8');
  try {
    for await (const chunk of child.stdout) {
      rest += String(chunk);
      const reads: Read[] = [];
      for (let end = rest.indexOf('</Event>'); end >= 0; end = rest.indexOf('</Event>')) {
        const start = rest.lastIndexOf('<Event', end);
        const begin = rest.indexOf('<Event');
        reads.push(eventOf(line++, rest.slice(begin >= 0 ? begin : start, end + 8)));
        rest = rest.slice(end + 8);
      }
      if (rest.length > maxXmlLength) {
        reads.push({ line: line++, why: `longer than ${maxXmlLength} characters of XML` });
        rest = '';
      }
      if (reads.length > 0) yield reads;
    }
    const code = await Promise.race([failed, exit]);
    if (code !== 0 && line === 0) throw new Error(`evtxexport could not read it (exit code ${code}).`);
  } finally {
    child.kill();
  }
}

function eventOf(line: number, xml: string): Read {
  const event = parseXml(xml);
  return event === undefined
    ? { line, why: 'not well-formed XML' }
    : { line, record: { Event: evtxRecord(event) } };
}

type Json = Record<string, unknown>;

/** The JSON form that recordings of Windows events are commonly shared in. */
export function evtxRecord(event: Element): Json {
  const record: Json = {};
  for (const part of event.children) {
    if (part.name === 'EventData') record['EventData'] = eventData(part);
    else if (part.name === 'System')
      record['System'] = fold(part.children.map((child) => [child.name, plain(child)]));
    else if (part.name === 'UserData')
      record['UserData'] = fold(
        part.children.map((child) => [
          child.name,
          fold(child.children.map((inner) => [inner.name, inner.text])),
        ]),
      );
  }
  return record;
}

function plain(element: Element): unknown {
  const text = numberOrText(element.text);
  if (Object.keys(element.attributes).length === 0) return text === '' ? null : text;
  return { '#attributes': { ...element.attributes }, ...(text !== '' && { '#text': text }) };
}

function eventData(data: Element): Json {
  const named: [string, unknown][] = [];
  const unnamed: string[] = [];
  for (const { name, attributes, text } of data.children) {
    const field = attributes['Name'];
    if (name !== 'Data') named.push([name, text]);
    else if (field === undefined) unnamed.push(text);
    else named.push([field, shortHex(text)]);
  }
  const fields = fold(named);
  if (unnamed.length > 0) fields['Data'] = unnamed.length === 1 ? unnamed[0] : unnamed;
  return fields;
}

/** A name that comes twice is a list. */
function fold(pairs: readonly (readonly [string, unknown])[]): Json {
  const fields: Json = {};
  for (const [name, value] of pairs) {
    if (name === '__proto__') continue;
    const before = fields[name];
    if (!Object.hasOwn(fields, name)) fields[name] = value;
    else fields[name] = Array.isArray(before) ? [...(before as unknown[]), value] : [before, value];
  }
  return fields;
}

function numberOrText(text: string): string | number {
  const trimmed = text.trim();
  return /^(0|[1-9]\d{0,14})$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** The exporter pads hexadecimal numbers; Windows shows them, and rules write them, without: 0x00001410 is 0x1410. */
function shortHex(text: string): string {
  return /^0x0+[0-9a-fA-F]+$/.test(text) ? `0x${text.slice(2).replace(/^0+(?=.)/, '')}` : text;
}
