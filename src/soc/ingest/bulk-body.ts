import type { Fault } from './item.ts';

/** One operation of a bulk request. `bytes` are a slice of the body. */
export type Operation = {
  readonly action: string;
  readonly index: string;
  /** '' where the sender gave none. */
  readonly id: string;
  readonly bytes: Buffer;
  /** Why it can't be taken, as far as its action line tells. */
  readonly fault: Fault | undefined;
};

type Action = Pick<Operation, 'action' | 'index' | 'id' | 'fault'>;

const lineFeed = 10;
const carriageReturn = 13;
/** As Elasticsearch has it. */
const maxIdBytes = 512;
const maxActionBytes = 16 * 1024;
const actions = new Set(['create', 'index', 'update', 'delete']);

/**
 * The operations of a bulk body, in order: an action line, and its item on the next line (none for delete). Blank
 * lines, CRLF and a missing last line feed are taken as they are meant. A line that should be an action and is none is
 * a faulty operation together with the line behind it, unless that is an action again.
 */
export function* operations(body: Buffer, defaultIndex: string): Generator<Operation> {
  let at = 0;
  let lastLine: Buffer | undefined;
  let lastAction: Action | undefined;

  /** The next line that is not blank; undefined at the end. */
  function line(): Buffer | undefined {
    while (at < body.length) {
      const feed = body.indexOf(lineFeed, at);
      const end = feed === -1 ? body.length : feed;
      const start = at;
      at = feed === -1 ? body.length : feed + 1;
      const trimmed = end > start && body[end - 1] === carriageReturn ? end - 1 : end;
      if (trimmed > start && !isBlank(body, start, trimmed)) return body.subarray(start, trimmed);
    }
    return undefined;
  }

  /** Shippers repeat one action line for every item. */
  function action(text: Buffer): Action | undefined {
    if (lastLine !== undefined && lastLine.equals(text)) return lastAction;
    lastLine = text;
    lastAction = parseAction(text, defaultIndex);
    return lastAction;
  }

  for (let first = line(); first !== undefined; first = line()) {
    const found = action(first);
    if (found === undefined) {
      const start = at;
      const next = line();
      const isOperation = next !== undefined && action(next) !== undefined;
      if (isOperation) at = start;
      const bytes =
        next === undefined || isOperation ? first : Buffer.concat([first, Buffer.from('\n'), next]);
      yield { action: 'index', index: defaultIndex, id: '', bytes, fault: badAction };
      continue;
    }
    if (found.action === 'delete') {
      yield { ...found, bytes: first };
      continue;
    }
    const bytes = line();
    if (bytes === undefined)
      yield {
        ...found,
        bytes: first,
        fault: {
          code: 'bulk-no-item',
          reason: 'The body ends behind this action line: its item is missing.',
        },
      };
    else yield { ...found, bytes };
  }
}

/**
 * A body of text lines, an item each, for what is no JSON.
 *
 * @param batch the sender's own name for this batch: sent again under it, no line is taken twice; '' for none
 */
export function* lineOperations(body: Buffer, batch: string): Generator<Operation> {
  let number = 0;
  for (let at = 0; at < body.length; ) {
    const feed = body.indexOf(lineFeed, at);
    const end = feed === -1 ? body.length : feed;
    const trimmed = end > at && body[end - 1] === carriageReturn ? end - 1 : end;
    const bytes = body.subarray(at, trimmed);
    at = end + 1;
    if (isBlank(bytes, 0, bytes.length)) continue;
    number++;
    yield {
      action: 'index',
      index: '',
      id: batch === '' ? '' : `${batch}:${number}`,
      bytes,
      fault: undefined,
    };
  }
}

const badAction: Fault = {
  code: 'bulk-action',
  reason: 'This line should say what to do with the next one, like {"create":{}}, and does not.',
};

function parseAction(line: Buffer, defaultIndex: string): Action | undefined {
  if (line.length > maxActionBytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const [entry, more] = Object.entries(value);
  if (entry === undefined || more !== undefined || !actions.has(entry[0])) return undefined;
  const [action, meta]: [string, unknown] = entry;
  if (typeof meta !== 'object' || meta === null) return undefined;
  const id = text('_id' in meta ? meta._id : undefined);
  const index = text('_index' in meta ? meta._index : undefined);
  return { action, index: index === '' ? defaultIndex : index, id, fault: faultOf(action, id) };
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

function faultOf(action: string, id: string): Fault | undefined {
  if (action === 'update' || action === 'delete') {
    return {
      code: 'bulk-append-only',
      reason: `What was stored is never changed: "${action}" is not taken. Use "create".`,
    };
  }
  if (Buffer.byteLength(id) > maxIdBytes) {
    return { code: 'bulk-id-too-long', reason: `The _id has more than ${maxIdBytes} bytes.` };
  }
  return undefined;
}

function isBlank(body: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (body[at] !== 0x20 && body[at] !== 0x09) return false;
  return true;
}

/** How many items a body holds, roughly and fast: for those that are refused as a whole. */
export function countItems(body: Buffer): number {
  let lines = 0;
  for (let at = 0; at < body.length; ) {
    const feed = body.indexOf(lineFeed, at);
    const end = feed === -1 ? body.length : feed;
    if (end - at > 1) lines++;
    at = end + 1;
  }
  return Math.ceil(lines / 2);
}
