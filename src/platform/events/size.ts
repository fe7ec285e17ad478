import type { EventQuery } from './events.ts';

type Size = { readonly events: number; readonly bytes: number };

/** What the event table holds and takes on disk, as the engine counts it. */
export async function sizeOf(
  read: (query: EventQuery) => Promise<{ events: string; bytes: string }[]>,
): Promise<Size> {
  const [size] = await read({
    sql: `SELECT toString(sum(rows)) AS events, toString(sum(bytes_on_disk)) AS bytes
      FROM system.parts WHERE active AND table = 'event'`,
    params: {},
  });
  return { events: Number(size?.events ?? 0), bytes: Number(size?.bytes ?? 0) };
}
