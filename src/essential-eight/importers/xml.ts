import { XMLParser } from 'fast-xml-parser';
import { object, type Named } from './shapes.ts';

/**
 * A document as objects: attributes are `@name`, text is `#text`, an element that is there once is no list. Refuses
 * document types, so that there are no entities but XML's own five, and nothing grows or is fetched.
 * @returns why not, where it is no such document
 */
export function parseXml(text: string): Named | string {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return 'It declares a document type, which is not read.';
  if (deeperThan(text, 100)) return 'Its elements are nested more than 100 deep.';
  try {
    const parsed: unknown = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseTagValue: false,
      parseAttributeValue: false,
      removeNSPrefix: true,
    }).parse(text, true);
    return object(parsed);
  } catch (error) {
    return `It is no well-formed XML: ${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}`;
  }
}

/** One pass; what is no tag can only make it count too many. */
function deeperThan(text: string, most: number): boolean {
  let depth = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    const next = text[at + 1];
    if (next === '/') depth--;
    else if (next !== '!' && next !== '?') {
      const end = text.indexOf('>', at);
      if (end === -1) return false;
      if (text[end - 1] !== '/') depth++;
    }
    if (depth > most) return true;
  }
  return false;
}
