import { expect, test } from 'vitest';
import { sourceId } from '#platform/scope';
import type { Piece } from './batch.ts';
import { Spent } from './spent.ts';

const megabyte = 1024 * 1024;

function pieceIn(memory: Buffer): Piece {
  return {
    frame: {
      source: sourceId('a'),
      firstSequence: 1,
      wire: 'json',
      receivedAt: new Date(0),
      peer: '',
      items: [memory.subarray(0, 10)],
      clientIds: [''],
    },
    facts: { tenancy: 'acme-odce', format: null, recorded: false },
    from: 0,
    to: 1,
    stored: [],
  };
}

test('what frames were read into is given back, except where the next frame may stand', () => {
  const [first, second, third] = [1, 2, 3].map(() => Buffer.allocUnsafeSlow(megabyte)) as [
    Buffer,
    Buffer,
    Buffer,
  ]; // as many as were mapped
  const spent = new Spent();
  spent.release([pieceIn(first), pieceIn(first), pieceIn(second)]);
  expect([first.length, second.length]).toEqual([0, megabyte]);
  spent.release([pieceIn(second)]);
  expect(second.length).toBe(megabyte);
  spent.release([pieceIn(third)]);
  expect([second.length, third.length]).toEqual([0, megabyte]);
});

test('memory that others share is left alone', () => {
  const pooled = Buffer.from('{"a":1}     ');
  const spent = new Spent();
  spent.release([pieceIn(pooled)]);
  spent.release([pieceIn(Buffer.allocUnsafeSlow(megabyte))]);
  expect(pooled.toString()).toBe('{"a":1}     ');
});
