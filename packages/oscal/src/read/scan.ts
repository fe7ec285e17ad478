import { type Fault, type Limits, quoted, step } from '../fault.ts';

type Frame = { names: Set<string> | undefined; name: string | number; expectsName: boolean };

/**
 * Goes over JSON text once before it is parsed, so that what would cost too much is never built: depth, number of
 * values, and names that stand twice in one object (of which JSON.parse would drop the first in silence).
 * Text that is no JSON is left to JSON.parse. Linear in the text; memory grows with the depth and the widest objects.
 */
export function scanJson(text: string, limits: Limits): Fault | undefined {
  const frames: Frame[] = [];
  let top: Frame | undefined;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22 /* " */) {
      const end = closingQuote(text, at);
      if (end === -1) return undefined;
      if (top?.expectsName && top.names !== undefined) {
        const name = nameOf(text.slice(at + 1, end));
        top.name = name;
        if (top.names.has(name)) return duplicateName(frames, name);
        top.names.add(name);
        top.expectsName = false;
      }
      at = end;
    } else if (code === 0x7b /* { */ || code === 0x5b /* [ */) {
      const isObject = code === 0x7b;
      top = { names: isObject ? new Set() : undefined, name: 0, expectsName: isObject };
      frames.push(top);
      if (frames.length > limits.maxDepth) return tooDeep(limits);
      if (++values > limits.maxValues) return tooMany(limits);
    } else if (code === 0x7d /* } */ || code === 0x5d /* ] */) {
      frames.pop();
      top = frames.at(-1);
    } else if (code === 0x2c /* , */ && top !== undefined) {
      if (top.names === undefined) top.name = Number(top.name) + 1;
      else top.expectsName = true;
      if (++values > limits.maxValues) return tooMany(limits);
    }
  }
  return undefined;
}

function closingQuote(text: string, open: number): number {
  for (let end = text.indexOf('"', open + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

function nameOf(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

function duplicateName(frames: readonly Frame[], name: string): Fault {
  return {
    code: 'duplicate-name',
    where: frames.map((frame) => step(frame.name)).join(''),
    what: `The name ${quoted(name)} stands twice in one object.`,
    help: 'Keep one of them: readers drop one in silence, and not all the same one.',
  };
}

const tooDeep = (limits: Limits): Fault => ({
  code: 'too-deep',
  where: '',
  what: `The JSON is nested more than ${limits.maxDepth} levels deep.`,
  help: 'OSCAL needs no such depth. Check how the file was made.',
});

const tooMany = (limits: Limits): Fault => ({
  code: 'too-many',
  where: '',
  what: `The JSON holds more than ${limits.maxValues.toLocaleString('en-AU')} values.`,
  help: 'Split the document, for example one file for each system.',
});
