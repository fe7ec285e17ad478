import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide } from './decide.ts';
import { type DecisionEntry, entryOfLine, lineOf } from './entry.ts';
import { linesOf } from './log.ts';
import { factsFor, now, policy } from './testing.ts';

const made = decide(factsFor('portal.use'), policy);
const entry = (change: Partial<DecisionEntry> = {}): DecisionEntry => ({
  id: '01968a2e-7b7f-7c53-9a53-2f1f4a7d9f10',
  at: now,
  tenancy: 'acme-odce',
  organisation: 'acme',
  subjectOrganisation: 'acme',
  subject: 'user',
  subjectName: 'user@acme.example',
  action: 'portal.use',
  resourceType: 'tenancy',
  resourceId: 'acme-odce',
  permitted: true,
  privileged: false,
  face: 'authzen',
  callerId: 'pep',
  callerName: 'portal',
  requestId: 'r1',
  policyVersion: made.policyVersion,
  factsHash: made.factsHash,
  facts: made.factsText,
  reasons: [],
  toMend: [],
  ...change,
});

test('a permit comes back from its line as it was, whatever it was called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (subject, requestId) => {
      const facts = decide(factsFor('portal.use', {}, { subject: { type: 'person', id: subject } }), policy);
      const kept = entry({ subject, subjectName: `\t${subject}\n`, requestId, facts: facts.factsText });
      const line = lineOf(kept);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(entryOfLine(line.slice(0, -1))).toEqual(kept);
    }),
  );
});

test('batches of before, with the facts among the rest and in gzip, are still read', async () => {
  const { reasons: _r, toMend: _t, permitted: _p, privileged: _v, ...old } = entry();
  const lines = Buffer.from(`${JSON.stringify(old)}\n${lineOf(entry({ requestId: 'r2' }))}`);
  const sha256 = createHash('sha256').update(lines).digest('hex');
  for (const body of [gzipSync(lines), zstdCompressSync(lines)])
    expect(await linesOf({ sha256, body })).toEqual([entry(), entry({ requestId: 'r2' })]);
  const changed = gzipSync(Buffer.from(lines.toString().replace('alice', 'mallo').replace('user@', 'usur@')));
  await expect(linesOf({ sha256, body: changed })).rejects.toThrow(/not what was hashed/);
});
