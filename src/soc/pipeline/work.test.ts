import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sourceId } from '#platform/scope';
import { type BatchInput, type BatchOutcome, WorkerLost } from '#soc/detect';
import { itemsOf, type Piece, toInput } from './batch.ts';
import { workThrough } from './work.ts';

const piece = (source: string, firstSequence: number, items: readonly string[]): Piece => ({
  frame: {
    source: sourceId(source),
    firstSequence,
    wire: 'json',
    receivedAt: new Date(0),
    peer: '',
    items: items.map((item) => Buffer.from(item)),
    clientIds: items.map(() => ''),
  },
  facts: { tenancy: 'acme-odce', format: null, recorded: false },
  from: 0,
  to: items.length,
  stored: [],
});

/** Works like a worker that a `kill` item ends, and that stores what it is given otherwise. */
function work(input: BatchInput): BatchOutcome {
  const counts = input.frames.map((frame) => ({
    source: frame.source,
    tenancy: frame.tenancy,
    stored: frame.itemBytes.length,
    rejected: 0,
    unmapped: 0,
    bytes: 0,
    lastSequence: frame.firstSequence + frame.itemBytes.length - 1,
    lastReceivedMs: 0,
  }));
  const text = Buffer.from(input.bytes).toString();
  if (text.includes('kill')) throw new WorkerLost('killed');
  return {
    block: Buffer.from(input.bytes),
    rows: 1,
    hits: [],
    baseHits: [],
    rejects: [],
    counts,
    excepted: 0,
    rulesVersion: '',
    workMilliseconds: 0,
  };
}

test('whatever ends a worker or is not taken is rejected alone; all others are kept once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom('a.', 'b.', 'kill.', 'refuse.'), { minLength: 1, maxLength: 12 }), {
        minLength: 1,
        maxLength: 5,
      }),
      async (frames) => {
        const pieces = frames.map((items, at) => piece(`source-${at}`, 1, items));
        const kept: string[] = [];
        const run = async (make: () => BatchInput): Promise<BatchOutcome> => work(make());
        const outcomes = await workThrough(
          run,
          async (outcome) => {
            const text = Buffer.from(outcome.block).toString();
            if (text.includes('refuse')) throw new Error('refused');
            kept.push(text);
          },
          () => true,
          pieces,
          run(() => toInput(pieces)),
        );
        const all = frames.flat();
        expect(kept.join('')).toBe(all.filter((item) => item === 'a.' || item === 'b.').join(''));
        const rejects = outcomes.flatMap((outcome) => outcome.rejects.map(({ code }) => code));
        expect(rejects).toEqual(
          all.flatMap((item) =>
            item === 'kill.' ? ['poisoned'] : item === 'refuse.' ? ['not-storable'] : [],
          ),
        );
        const counted = outcomes
          .flatMap((outcome) => outcome.counts)
          .reduce((sum, { stored, rejected }) => sum + stored + rejected, 0);
        expect(counted).toBe(itemsOf(pieces));
      },
    ),
    { numRuns: 200 },
  );
});

test('a fault that is nobody’s item goes through', async () => {
  const pieces = [piece('one', 1, ['a.'])];
  const run = async (make: () => BatchInput): Promise<BatchOutcome> => work(make());
  const away = async (): Promise<void> => {
    throw new Error('away');
  };
  await expect(
    workThrough(
      run,
      away,
      () => false,
      pieces,
      run(() => toInput(pieces)),
    ),
  ).rejects.toThrow('away');
});
