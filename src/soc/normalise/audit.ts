/** Fields that auditd writes as hex where the value holds a space, a quote or a control character. SOURCE: auparse, "encoded fields". */
const encoded = new Set([
  'comm',
  'exe',
  'name',
  'cwd',
  'proctitle',
  'cmd',
  'path',
  'dir',
  'file',
  'acct',
  'key',
  'data',
  'grp',
  'vm',
  'new-chroot',
  'device',
  'sw',
  'ocomm',
  'watch',
]);
const maxPairs = 256;

/**
 * One line of auditd: `type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e comm="cat" msg='op=login acct="jo"'`.
 * Names and values are kept as written; hex-encoded values are decoded, and `proctitle`'s NULs become spaces.
 * @returns undefined where the line is not one
 */
export function parseAudit(line: string): Record<string, string> | undefined {
  const from = line.indexOf('type=');
  const head = line.indexOf('msg=audit(');
  if (from < 0 || head < from || head - from > 200) return undefined;
  const close = line.indexOf(')', head);
  const colon = line.indexOf(':', head);
  if (close < 0 || colon < 0 || colon > close) return undefined;
  const found: Record<string, string> = {
    type: line.slice(from + 5, line.indexOf(' ', from)),
    audit_time: line.slice(head + 10, colon),
    audit_serial: line.slice(colon + 1, close),
  };
  const node = line.startsWith('node=') ? line.slice(5, line.indexOf(' ')) : '';
  if (node !== '') found['node'] = node;
  pairs(line, line.startsWith(':', close + 1) ? close + 2 : close + 1, found, false);
  return found;
}

function pairs(text: string, start: number, into: Record<string, string>, inner: boolean): void {
  let at = start;
  for (let count = 0; count < maxPairs; count++) {
    while (at < text.length && (text[at] === ' ' || text[at] === '\u001d' || text[at] === ',')) at++;
    const equals = text.indexOf('=', at);
    if (equals < 0) return;
    const space = text.lastIndexOf(' ', equals);
    const name = text.slice(Math.max(at, space + 1), equals);
    const quote = text[equals + 1];
    let end: number;
    let value: string;
    if (quote === '"' || quote === "'") {
      end = text.indexOf(quote, equals + 2);
      if (end < 0) end = text.length;
      value = text.slice(equals + 2, end);
      end++;
      if (quote === "'" && !inner && value.includes('=')) pairs(value, 0, into, true);
    } else {
      end = equals + 1;
      while (end < text.length && text[end] !== ' ' && text[end] !== '\u001d') end++;
      value = decoded(name, text.slice(equals + 1, end));
    }
    if (name !== '' && name.length <= 64) into[name] = value;
    at = end;
  }
}

function decoded(name: string, value: string): string {
  const hexed = encoded.has(name) || /^a\d{1,2}$/.test(name);
  // Arguments of a system call (a0=7ffe…) are numbers without a text behind them: only even hex that is printable text is decoded.
  if (!hexed || value.length < 2 || value.length % 2 !== 0 || !/^[0-9A-F]+$/.test(value)) return value;
  const text = Buffer.from(value, 'hex').toString('utf8').replaceAll('\0', ' ').trimEnd();
  return text === '' || !isPrintable(text) ? value : text;
}

function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 0xfffd) return false;
  }
  return true;
}
