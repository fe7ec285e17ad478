import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSyslog, syslogTime } from './syslog-message.ts';

const parse = (text: string) => parseSyslog(Buffer.from(text));
const received = new Date('2026-01-02T03:04:05Z');

describe('RFC 5424', () => {
  test('takes all fields, structured data with its escapes, and drops the byte order mark', () => {
    const message = parse(
      '<165>1 2026-11-23T10:00:00.003+11:00 fw-1.example evntslog 4711 ID47 [ex@32473 iut="3" path="C:\\\\a\\"b\\]c\\x"][meta sequenceId="1"] \ufeffAn application event',
    );
    expect(message).toMatchObject({
      format: 'rfc5424',
      priority: 165,
      facility: 20,
      severity: 5,
      timestamp: '2026-11-23T10:00:00.003+11:00',
      host: 'fw-1.example',
      app: 'evntslog',
      processId: '4711',
      messageId: 'ID47',
      message: 'An application event',
    });
    expect([...(message.structured.get('ex@32473') ?? [])]).toEqual([
      ['iut', '3'],
      ['path', 'C:\\a"b]c\\x'],
    ]);
    expect(message.structured.get('meta')?.get('sequenceId')).toBe('1');
  });

  test('nil fields are empty, and there may be no message', () => {
    expect(parse('<34>1 - - - - - -')).toMatchObject({
      format: 'rfc5424',
      host: '',
      message: '',
      timestamp: '',
    });
    expect(parse('<34>1 - h su - ID47 - su root failed')).toMatchObject({
      host: 'h',
      app: 'su',
      processId: '',
    });
  });

  test.each([
    '<34>1 2026-11-23T10:00:00Z h su - - [x y="never closed',
    '<34>1 2026-11-23T10:00:00Z h su - - [x y=unquoted] hi',
    '<34>1 not-a-time h su - - - hi',
    `<34>1 2026-11-23T10:00:00Z ${'h'.repeat(256)} su - - - hi`,
  ])('what breaks its rules is kept whole as text: %s', (text) => {
    const message = parse(text);
    expect(message.format).toBe('rfc3164');
    expect(text.endsWith(message.message)).toBe(true);
    expect(message.priority).toBe(34);
  });
});

describe('RFC 3164', () => {
  test.each([
    [
      '<34>Oct 11 22:14:15 mymachine su: failed for lonvick',
      'Oct 11 22:14:15',
      'mymachine',
      'su',
      '',
      'failed for lonvick',
    ],
    [
      '<86>Jul  3 04:07:09 lab sshd[24200]: Failed password',
      'Jul  3 04:07:09',
      'lab',
      'sshd',
      '24200',
      'Failed password',
    ],
    ['<13>Nov 23 10:00:00 sshd[7]: no host', 'Nov 23 10:00:00', '', 'sshd', '7', 'no host'],
    ['<13>2026-11-23T10:00:00.5Z h app: iso stamp', '2026-11-23T10:00:00.5Z', 'h', 'app', '', 'iso stamp'],
    [
      '<13>Nov 23 2026 10:00:00 asa : %ASA-6-302013: Built',
      'Nov 23 2026 10:00:00',
      'asa',
      '',
      '',
      ': %ASA-6-302013: Built',
    ],
    ['<13>kernel: no stamp', '', '', 'kernel', '', 'no stamp'],
    ['<13>just text', '', '', '', '', 'just text'],
    ['<13>Nov 23 10:00:00 fw CEF:0|a|b|1|2|c|5|', 'Nov 23 10:00:00', 'fw', '', '', 'CEF:0|a|b|1|2|c|5|'],
    ['<13>Nov 23 10:00:00 fe80::1 app: six', 'Nov 23 10:00:00', 'fe80::1', 'app', '', 'six'],
  ])('%s', (text, timestamp, host, app, processId, message) => {
    expect(parse(text)).toMatchObject({ format: 'rfc3164', timestamp, host, app, processId, message });
  });

  test('a line without priority is a message of the default priority', () => {
    expect(parse('hello')).toMatchObject({ format: 'none', priority: 13, message: 'hello' });
    expect(parse('<999>hello')).toMatchObject({ format: 'none', message: '<999>hello' });
    expect(parse('')).toMatchObject({ format: 'none', message: '' });
  });
});

describe('time', () => {
  test('a stamp without a year is in the year nearest to its arrival', () => {
    expect(syslogTime('Dec 31 23:59:59', received)?.toISOString()).toBe('2025-12-31T23:59:59.000Z');
    expect(syslogTime('Jan  2 03:04:06.25', received)?.toISOString()).toBe('2026-01-02T03:04:06.250Z');
    expect(syslogTime('Nov 23 2019 10:00:00', received)?.toISOString()).toBe('2019-11-23T10:00:00.000Z');
  });
  test('a zone is honoured, none is UTC, and nonsense is no time', () => {
    expect(syslogTime('2026-11-23T10:00:00+11:00', received)?.toISOString()).toBe('2026-11-22T23:00:00.000Z');
    expect(syslogTime('2026-11-23T10:00:00', received)?.toISOString()).toBe('2026-11-23T10:00:00.000Z');
    expect(syslogTime('2026-13-40T10:00:00Z', received)).toBeUndefined();
    expect(syslogTime('', received)).toBeUndefined();
  });
});

test('any bytes at all give a message, and text is never invented', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 200 }).map((text) => Buffer.from(`<13>1 ${text}`)),
      ),
      (bytes) => {
        const message = parseSyslog(Buffer.from(bytes));
        expect(Buffer.from(bytes).toString().endsWith(message.message)).toBe(true);
        expect(message.priority).toBeGreaterThanOrEqual(0);
        expect(message.priority).toBeLessThanOrEqual(191);
      },
    ),
    { numRuns: 2000 },
  );
});
