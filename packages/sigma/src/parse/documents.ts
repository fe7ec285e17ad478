import { LineCounter, parseDocument, isMap, isScalar, isSeq, type Document, type Node } from 'yaml';
import type { RuleFault } from '../faults.ts';
import type { Limits } from '../limits.ts';

export type SourceFile = { readonly path: string; readonly text: string };

export type YamlDocument = {
  readonly value: unknown;
  /** 1-based line of the file the document starts on. */
  readonly line: number;
  /** 1-based line of the file for a place in the document; parses again, so only for faults. */
  readonly locate: (path: readonly (string | number)[]) => number;
};

/**
 * Splits a file at its document marks and reads each document on its own, so that one that is broken does not take
 * the others with it.
 */
export function readDocuments(
  file: SourceFile,
  limits: Limits,
): { documents: YamlDocument[]; faults: RuleFault[] } {
  const documents: YamlDocument[] = [];
  const faults: RuleFault[] = [];
  const fault = (line: number, what: RuleFault['what'], why: string): void => {
    faults.push({ file: file.path, line, ruleId: null, what, why });
  };
  if (file.text.length > limits.fileLength) {
    fault(
      1,
      'file-too-large',
      `The file has ${file.text.length} characters; the limit is ${limits.fileLength}. Split it.`,
    );
    return { documents, faults };
  }
  for (const { text, line } of splitDocuments(file.text)) {
    if (text.length > limits.documentLength) {
      fault(
        line,
        'document-too-large',
        `The document has ${text.length} characters; the limit is ${limits.documentLength}.`,
      );
      continue;
    }
    const read = readDocument(text, limits);
    if ('why' in read) fault(line + read.line - 1, 'yaml', read.why);
    else if (read.value !== null) {
      documents.push({ value: read.value, line, locate: (path) => line + lineOf(text, path) - 1 });
    }
  }
  return { documents, faults };
}

/** YAML forbids `---` at the start of a line anywhere but between documents, block scalars included. */
function splitDocuments(text: string): { text: string; line: number }[] {
  const parts: { text: string; line: number }[] = [];
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const mark = /^(?:---|\.\.\.)(?=[ \t\r\n]|$).*$/gm;
  let from = 0;
  let line = 1;
  const take = (to: number): void => {
    const part = body.slice(from, to);
    if (part.trim() !== '') parts.push({ text: part, line });
    for (let at = part.indexOf('\n'); at >= 0; at = part.indexOf('\n', at + 1)) line++;
  };
  for (const found of body.matchAll(mark)) {
    take(found.index);
    // What stands on the line of the mark itself (`--- # comment`, `--- {a: 1}`) belongs to the document after it.
    from = found.index + 3;
  }
  take(body.length);
  return parts;
}

function readDocument(text: string, limits: Limits): { value: unknown } | { why: string; line: number } {
  try {
    const document = parseDocument(text, { logLevel: 'silent', prettyErrors: true, intAsBigInt: true });
    const error = document.errors[0];
    if (error)
      return { why: `Not valid YAML: ${firstLine(error.message)}`, line: error.linePos?.[0].line ?? 1 };
    // toJS counts what aliases expand to and throws beyond the cap: an alias bomb costs nothing.
    return { value: smallIntegers(document.toJS({ maxAliasCount: limits.aliases })) };
  } catch (error) {
    if (error instanceof RangeError) return { why: 'The YAML is nested too deep.', line: 1 };
    if (error instanceof ReferenceError)
      return { why: `YAML aliases: ${firstLine(error.message)}.`, line: 1 };
    return {
      why: `Not valid YAML: ${error instanceof Error ? firstLine(error.message) : 'unreadable'}`,
      line: 1,
    };
  }
}

/** Integers are read as bigint so that none loses digits; those that fit are made numbers again. */
function smallIntegers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
  if (Array.isArray(value)) return value.map(smallIntegers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, smallIntegers(item)]));
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/:$/, '');
}

function lineOf(text: string, path: readonly (string | number)[]): number {
  const counter = new LineCounter();
  const document: Document = parseDocument(text, { logLevel: 'silent', lineCounter: counter });
  let node: Node | null = document.contents as Node | null; // The union of Document's type parameter; a Node or null.
  let line = 1;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      const start = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
      if (start !== undefined) line = counter.linePos(start).line;
      node = pair.value as Node | null; // A parsed map holds nodes only.
    } else if (isSeq(node)) {
      node = (node.items[Number(step)] ?? null) as Node | null; // A parsed sequence holds nodes only.
      const start = node?.range?.[0];
      if (start !== undefined) line = counter.linePos(start).line;
    } else break;
  }
  return line;
}
