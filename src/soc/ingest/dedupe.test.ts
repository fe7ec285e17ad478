import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnIndex, EventBlock, openEvents } from '#platform/events';
import { sourceId } from '#platform/scope';
import { openSpool } from '#platform/spool';
import { createDedupe, rememberEvents, rememberSpool } from './dedupe.ts';

const a = sourceId('a');
const b = sourceId('b');

describe('an id', () => {
  test('is pending for others until it is settled, and then known or free again', () => {
    const dedupe = createDedupe();
    expect(dedupe.claim(a, 'x')).toBe('new');
    expect(dedupe.claim(a, 'x')).toBe('pending');
    expect(dedupe.claim(b, 'x')).toBe('new');
    dedupe.settle(a, 'x', false);
    expect(dedupe.claim(a, 'x')).toBe('new');
    dedupe.settle(a, 'x', true);
    expect(dedupe.claim(a, 'x')).toBe('known');
  });

  test('can be waited for', async () => {
    const dedupe = createDedupe();
    await dedupe.settled(a);
    dedupe.claim(a, 'x');
    let isSettled = false;
    const waiting = dedupe.settled(a).then(() => {
      isSettled = true;
    });
    await Promise.resolve();
    expect(isSettled).toBe(false);
    dedupe.settle(a, 'x', true);
    await waiting;
  });

  test('is remembered for at least a generation, and memory is bounded', () => {
    const dedupe = createDedupe({ maxIdsPerGeneration: 10_000 });
    const id = (n: number): string => `id-${n}`;
    for (let n = 0; n < 100_000; n++) dedupe.remember(a, id(n));
    for (let n = 90_000; n < 100_000; n++) expect(dedupe.claim(a, id(n))).toBe('known');
    const forgotten = Array.from({ length: 1000 }, (_, n) => dedupe.claim(a, id(n)));
    expect(new Set(forgotten)).toEqual(new Set(['new']));
  });

  test('is known exactly if it was remembered, whatever it is', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 200 }), fc.nat(200), (ids, cut) => {
        const dedupe = createDedupe();
        for (const id of ids.slice(0, cut)) dedupe.remember(a, id);
        expect(ids.map((id) => dedupe.claim(a, id))).toEqual(ids.map((_, n) => (n < cut ? 'known' : 'new')));
      }),
      { numRuns: 200 },
    );
  });
});

describe('after a restart', () => {
  test('the ids of what is in the spool are known', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ironbark-dedupe-'));
    const spool = await openSpool({ folder, capBytes: 1e8, segmentBytes: 2000 });
    try {
      const dedupe = createDedupe();
      await rememberSpool(dedupe, spool);
      for (let n = 0; n < 50; n++) {
        await spool.append({
          source: a,
          wire: 'json',
          receivedAt: new Date(),
          peer: '',
          items: [Buffer.from('{}'), Buffer.from('x'.repeat(100))],
          clientIds: [`id-${n}`, ''],
        });
      }
      await rememberSpool(dedupe, spool);
      expect([0, 25, 49].map((n) => dedupe.claim(a, `id-${n}`))).toEqual(['known', 'known', 'known']);
      expect([dedupe.claim(b, 'id-1'), dedupe.claim(a, '')]).toEqual(['new', 'new']);
    } finally {
      await spool.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('the ids of the last minutes in the event store are known', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ironbark-dedupe-'));
    const events = await openEvents({ folder });
    try {
      const now = new Date('2026-11-23T10:00:00Z');
      const block = new EventBlock();
      for (const [n, minutesAgo] of [1, 2, 90].entries()) {
        const at = now.getTime() - minutesAgo * 60_000;
        block.row();
        block.set(columnIndex.tenancy_id, 'acme-odce');
        block.set(columnIndex.source_id, 'a');
        block.set(columnIndex.source_sequence, n + 1);
        block.set(columnIndex.time, at);
        block.set(columnIndex.ingest_time, at);
        block.set(columnIndex.client_id, `${minutesAgo} minutes`);
      }
      await events.insert(block.finish());
      const dedupe = createDedupe();
      expect(await rememberEvents(dedupe, events, new Date(now.getTime() - 15 * 60_000))).toBe(2);
      expect(['1 minutes', '2 minutes', '90 minutes'].map((id) => dedupe.claim(a, id))).toEqual([
        'known',
        'known',
        'new',
      ]);
    } finally {
      await events.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
