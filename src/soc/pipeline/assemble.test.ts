import { expect, test } from 'vitest';
import { sourceId } from '#platform/scope';
import type { Frame } from '#platform/spool';
import { assemble } from './assemble.ts';
import { Slots } from './flow.ts';

const frame = (firstSequence: number, items: number): Frame => ({
  source: sourceId('one'),
  firstSequence,
  wire: 'json',
  receivedAt: new Date(0),
  peer: '',
  items: Array.from({ length: items }, () => Buffer.from('{}')),
  clientIds: Array.from({ length: items }, () => ''),
});

/** Frames of ten items, as many as are asked for, then an end that waits. */
async function* frames(
  count: number,
  ended: Promise<void>,
): AsyncGenerator<{ frame: Frame; end: { segment: number; offset: number } }> {
  for (let at = 0; at < count; at++) yield { frame: frame(at * 10 + 1, 10), end: { segment: 0, offset: at } };
  await ended;
}

const limits = { items: 1000, bytes: 1_000_000, windowMilliseconds: 1 };
const asTheyAre = async (taken: readonly Frame[]) =>
  taken.map((one) => ({
    frame: one,
    facts: { tenancy: 'acme-odce', format: null, recorded: false },
    from: 0,
    to: one.items.length,
    stored: [],
  }));

test('a batch grows while nothing can take it, and goes out when it has a turn', async () => {
  const slots = new Slots(0);
  const signal = new AbortController().signal;
  const end = Promise.withResolvers<void>();
  let read = 0;
  async function* counted() {
    for await (const one of frames(7, end.promise)) {
      read++;
      yield one;
    }
  }
  const batches = assemble(counted(), limits, () => slots.take(signal), asTheyAre);
  const first = batches.next();
  await expect.poll(() => read).toBe(7);
  slots.give();
  const { value } = await first;
  expect(value).toMatchObject({ items: 70, end: { segment: 0, offset: 6 } });
  end.resolve();
  expect(await batches.next()).toEqual({ done: true, value: undefined });
});

test('a batch stops growing at its limit, and the next one has what comes behind', async () => {
  const slots = new Slots(5);
  const signal = new AbortController().signal;
  const sizes: number[] = [];
  const few = { ...limits, items: 25 };
  for await (const { items } of assemble(
    frames(7, Promise.resolve()),
    few,
    () => slots.take(signal),
    asTheyAre,
  ))
    sizes.push(items);
  expect(sizes).toEqual([30, 30, 10]);
});

test('a fault behind ends the wait for a turn', async () => {
  const slots = new Slots(0);
  const failure = new AbortController();
  const end = Promise.withResolvers<void>();
  // As the spool's reader does.
  failure.signal.addEventListener('abort', () => end.resolve());
  let asked = false;
  const turn = (): Promise<void> => {
    asked = true;
    return slots.take(failure.signal);
  };
  const first = assemble(frames(1, end.promise), limits, turn, asTheyAre).next();
  await expect.poll(() => asked).toBe(true);
  failure.abort(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
});
