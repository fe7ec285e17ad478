/** One syslog message, taken apart; text that is not there is ''. Nothing is interpreted that the sender did not say. */
export type SyslogMessage = {
  readonly format: 'rfc5424' | 'rfc3164' | 'none';
  /** 0 to 191; 13 (user.notice) where none was given (RFC 3164, 4.3.3). */
  readonly priority: number;
  readonly facility: number;
  readonly severity: number;
  /** As written: RFC 3339, or "Nov 23 10:00:00"; `syslogTime` reads it. */
  readonly timestamp: string;
  readonly host: string;
  readonly app: string;
  readonly processId: string;
  readonly messageId: string;
  /** By SD-ID, then PARAM-NAME. */
  readonly structured: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly message: string;
};

const nothing: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();
const defaultPriority = 13;

/** RFC 5424, 6: the longest each header field may be. Longer ones are no header: the text stays in the message. */
const limits = { host: 255, app: 48, processId: 128, messageId: 32, structuredName: 255 };
const maxStructuredElements = 64;

/** Bytes that mean something. */
const ascii = {
  space: 0x20,
  less: 0x3c,
  greater: 0x3e,
  dash: 0x2d,
  open: 0x5b,
  close: 0x5d,
  quote: 0x22,
  slash: 0x5c,
  equals: 0x3d,
  colon: 0x3a,
};

/**
 * @param bytes one message without its framing; invalid UTF-8 becomes U+FFFD
 * @returns always a message: what is no syslog at all comes back whole as `message` of format 'none'
 * @see RFC 5424, section 6; RFC 3164, section 4
 */
export function parseSyslog(bytes: Buffer): SyslogMessage {
  const header = readPriority(bytes);
  if (header === undefined) return plain(bytes, 0, defaultPriority, 'none');
  return readRfc5424(bytes, header.end, header.priority) ?? readRfc3164(bytes, header.end, header.priority);
}

function plain(bytes: Buffer, at: number, priority: number, format: SyslogMessage['format']): SyslogMessage {
  return {
    format,
    ...split(priority),
    timestamp: '',
    host: '',
    app: '',
    processId: '',
    messageId: '',
    structured: nothing,
    message: bytes.toString('utf8', at),
  };
}

const split = (priority: number): { priority: number; facility: number; severity: number } => ({
  priority,
  facility: priority >> 3,
  severity: priority & 7,
});

function readPriority(bytes: Buffer): { priority: number; end: number } | undefined {
  if (bytes[0] !== ascii.less) return undefined;
  let priority = 0;
  let at = 1;
  while (at < 4 && isDigit(bytes[at])) priority = priority * 10 + ((bytes[at++] ?? 0) - 48);
  if (at === 1 || bytes[at] !== ascii.greater || priority > 191) return undefined;
  return { priority, end: at + 1 };
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

/** Undefined when what stands behind the priority is not version 1 with its six fields. */
function readRfc5424(bytes: Buffer, start: number, priority: number): SyslogMessage | undefined {
  if (bytes[start] !== 0x31 || bytes[start + 1] !== ascii.space) return undefined;
  let at = start + 2;
  const fields: string[] = [];
  for (const limit of [64, limits.host, limits.app, limits.processId, limits.messageId]) {
    const end = bytes.indexOf(ascii.space, at);
    if (end === -1 || end === at || end - at > limit) return undefined;
    fields.push(end - at === 1 && bytes[at] === ascii.dash ? '' : bytes.toString('utf8', at, end));
    at = end + 1;
  }
  const [timestamp = '', host = '', app = '', processId = '', messageId = ''] = fields;
  if (timestamp !== '' && !isRfc3339(timestamp)) return undefined;
  const structured = readStructured(bytes, at);
  if (structured === undefined) return undefined;
  at = structured.end;
  if (bytes[at] === ascii.space) at++;
  else if (at < bytes.length) return undefined;
  if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  return {
    format: 'rfc5424',
    ...split(priority),
    timestamp,
    host,
    app,
    processId,
    messageId,
    structured: structured.elements,
    message: bytes.toString('utf8', at),
  };
}

function readStructured(
  bytes: Buffer,
  start: number,
): { elements: ReadonlyMap<string, ReadonlyMap<string, string>>; end: number } | undefined {
  if (bytes[start] === ascii.dash) return { elements: nothing, end: start + 1 };
  const elements = new Map<string, Map<string, string>>();
  let at = start;
  while (bytes[at] === ascii.open && elements.size < maxStructuredElements) {
    const name = readName(bytes, at + 1);
    if (name === undefined) return undefined;
    at = name.end;
    const values = elements.get(name.text) ?? new Map<string, string>();
    elements.set(name.text, values);
    while (bytes[at] === ascii.space) {
      const key = readName(bytes, at + 1);
      if (key === undefined || bytes[key.end] !== ascii.equals) return undefined;
      const value = readQuoted(bytes, key.end + 1);
      if (value === undefined) return undefined;
      values.set(key.text, value.text);
      at = value.end;
    }
    if (bytes[at] !== ascii.close) return undefined;
    at++;
  }
  return at === start ? undefined : { elements, end: at };
}

/** SD-NAME: printable, without space, "=", "]" and quote. */
function readName(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  let at = start;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === undefined || byte <= 0x20 || byte >= 0x7f) break;
    if (byte === ascii.equals || byte === ascii.close || byte === ascii.quote) break;
  }
  if (at === start || at - start > limits.structuredName) return undefined;
  return { text: bytes.toString('latin1', start, at), end: at };
}

/** PARAM-VALUE: a backslash escapes quote, backslash and "]", and is itself before anything else. */
function readQuoted(bytes: Buffer, start: number): { text: string; end: number } | undefined {
  if (bytes[start] !== ascii.quote) return undefined;
  let text = '';
  let from = start + 1;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === ascii.quote) return { text: text + bytes.toString('utf8', from, at), end: at + 1 };
    const next = bytes[at + 1];
    if (byte === ascii.slash && (next === ascii.quote || next === ascii.slash || next === ascii.close)) {
      text += bytes.toString('utf8', from, at);
      from = at + 1;
      at++;
    }
  }
  return undefined;
}

/** `TIMESTAMP SP HOSTNAME SP TAG CONTENT`; each part may be missing, as it is on half of the world's devices. */
function readRfc3164(bytes: Buffer, start: number, priority: number): SyslogMessage {
  const text = bytes.toString('utf8', start);
  const stamp = bsdStamp.exec(text) ?? isoStamp.exec(text);
  if (stamp === null) {
    const tag = tagPattern.exec(text);
    return tag === null
      ? plain(bytes, start, priority, 'rfc3164')
      : {
          ...plain(bytes, start, priority, 'rfc3164'),
          app: tag[1] ?? '',
          processId: tag[2] ?? '',
          message: text.slice(tag[0].length),
        };
  }
  let rest = text.slice(stamp[0].length);
  const host = hostPattern.exec(rest);
  // "Nov 23 10:00:00 sshd[1]: x" has no host: what ends in a colon or bracket is the tag.
  const hasHost = host !== null && tagPattern.exec(rest) === null;
  if (hasHost) rest = rest.slice(host[0].length);
  const tag = tagPattern.exec(rest);
  return {
    format: 'rfc3164',
    ...split(priority),
    timestamp: stamp[1] ?? '',
    host: hasHost ? (host[1] ?? '') : '',
    app: tag?.[1] ?? '',
    processId: tag?.[2] ?? '',
    messageId: '',
    structured: nothing,
    message: rest.slice(tag?.[0].length ?? 0),
  };
}

// All anchored and without nested repetition: linear on any input.
const bsdStamp =
  /^((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ 0-3]?\d(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: |$)/;
const isoStamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)(?: |$)/;
const hostPattern = /^([^\s:[\]]{1,255}|[0-9a-fA-F:.]{2,45})(?: |$)/;
// A space behind the colon, or "CEF:0|…" would lose its first word.
const tagPattern = /^([^\s:[\]]{1,64})(?:\[([^\]\s]{1,128})\])?:(?: |$)/;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
const isRfc3339 = (text: string): boolean => rfc3339.test(text);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * When the sender says it happened. A stamp without a year gets the one that brings it nearest to `receivedAt`;
 * one without a zone is read as UTC.
 * @returns undefined for no stamp, or one that is no time
 */
export function syslogTime(timestamp: string, receivedAt: Date): Date | undefined {
  if (timestamp === '') return undefined;
  const bsd = /^(\w{3}) +(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/.exec(timestamp);
  if (bsd === null) {
    const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(timestamp) ? timestamp : `${timestamp}Z`;
    return valid(new Date(zoned));
  }
  const month = months.indexOf(bsd[1] ?? '');
  if (month === -1) return undefined;
  const milliseconds = Math.floor(Number(`0.${bsd[7] ?? '0'}`) * 1000);
  const inYear = (year: number): number =>
    Date.UTC(year, month, Number(bsd[2]), Number(bsd[4]), Number(bsd[5]), Number(bsd[6]), milliseconds);
  if (bsd[3] !== undefined) return valid(new Date(inYear(Number(bsd[3]))));
  const now = receivedAt.getTime();
  const year = receivedAt.getUTCFullYear();
  const candidates = [inYear(year - 1), inYear(year), inYear(year + 1)];
  return valid(
    new Date(candidates.reduce((best, at) => (Math.abs(at - now) < Math.abs(best - now) ? at : best))),
  );
}

const valid = (date: Date): Date | undefined => (Number.isNaN(date.getTime()) ? undefined : date);
