import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAudit } from './audit.ts';

test('names and values as written, quotes gone, hex decoded where auditd encodes', () => {
  const line = 'type=EXECVE msg=audit(1.5:7): argc=2 a0="cat" a1=2F746D702F61 a2=7ffe0 key=(null)';
  expect(parseAudit(line)).toEqual({
    type: 'EXECVE',
    audit_time: '1.5',
    audit_serial: '7',
    argc: '2',
    a0: 'cat',
    a1: '/tmp/a',
    a2: '7ffe0',
    key: '(null)',
  });
});

test('the inner message of a user record is taken apart too', () => {
  const line = `type=USER_AUTH msg=audit(1.5:7): pid=1 msg='op=PAM:authentication acct="jo" exe="/usr/bin/su" res=failed'`;
  expect(parseAudit(line)).toMatchObject({
    pid: '1',
    acct: 'jo',
    exe: '/usr/bin/su',
    res: 'failed',
    op: 'PAM:authentication',
  });
});

test.each(['', 'hello', 'type=SYSCALL', 'type=X msg=audit(', 'msg=audit(1:2): type=A'])(
  '%j is no audit record',
  (line) => {
    expect(parseAudit(line)).toBeUndefined();
  },
);

test('any line at all has an answer, and it is bounded', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2000 }), (rest) => {
      const found = parseAudit(`type=A msg=audit(1.0:1):${rest}`);
      expect(Object.keys(found ?? {}).length).toBeLessThan(520);
    }),
  );
});
