const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * The JSON objects in a stream, as bytes: whether they stand one after the other, in an array, or in the array that a
 * vendor wraps them in (`{"Records":[…]}`). Finds their ends without parsing them; memory is bounded by the longest one.
 *
 * @param depth how many brackets stand around each object: 0, 1 for an array, 2 for an array in an object
 * @throws {RangeError} for an object longer than `maxBytes`
 */
export async function* jsonObjects(
  chunks: AsyncIterable<Buffer>,
  depth: 0 | 1 | 2,
  maxBytes: number,
): AsyncGenerator<Buffer> {
  let level = 0;
  let isInString = false;
  let isEscaped = false;
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (isInString) {
        if (isEscaped) isEscaped = false;
        else if (byte === backslash) isEscaped = true;
        else if (byte === quote) isInString = false;
        continue;
      }
      if (byte === quote) isInString = true;
      else if (byte === openBrace || byte === openBracket) {
        if (level === depth && byte === openBrace) {
          start = at;
          parts = [];
          size = 0;
        }
        level++;
      } else if (byte === closeBrace || byte === closeBracket) {
        level--;
        if (level === depth && byte === closeBrace) {
          yield Buffer.concat([...parts, chunk.subarray(start, at + 1)]);
          parts = [];
          size = 0;
        }
        if (level < 0) level = 0;
      }
    }
    if (level > depth) {
      parts.push(Buffer.from(chunk.subarray(start)));
      size += chunk.length - start;
      if (size > maxBytes) throw new RangeError(`an object of more than ${maxBytes} bytes`);
    }
  }
  // A last object that was cut off is the receiver's to reject, with its reason.
  if (parts.length > 0) yield Buffer.concat(parts);
}

const wrapped = /^\s*\{\s*"(?:Records|records|Events|events|items|value)"\s*:\s*\[/;

/** How many brackets stand around the objects; undefined when this is no JSON but line by line. */
export function nesting(head: string): 0 | 1 | 2 | undefined {
  const text = head.trimStart();
  if (text.startsWith('[')) return 1;
  if (!text.startsWith('{')) return undefined;
  const [firstLine = ''] = text.split('\n', 1);
  if (isObject(firstLine) && !wrapped.test(firstLine)) return undefined;
  return wrapped.test(text) ? 2 : 0;
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}
