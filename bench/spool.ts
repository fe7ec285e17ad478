/**
 * What the spool takes and gives: `node bench/spool.ts`. Frames of 8 KB (10 items) and of 1 MB (1,000 items), four
 * appends in flight, beside plain write + fdatasync of the same bytes in the same run.
 */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSpool } from '#platform/spool';
import { sourceId } from '#platform/scope';

const totalBytes = 400 * 1024 * 1024;
const folder = await mkdtemp(join(tmpdir(), 'ironbark-bench-spool-'));
try {
  for (const items of [10, 1000]) {
    const item = Buffer.alloc(1000, 97);
    const bytes = items * item.length;
    const frames = Math.floor(totalBytes / bytes);
    const spool = await openSpool({ folder: join(folder, String(items)), capBytes: 2 ** 31 });
    const frame = {
      source: sourceId('bench'),
      wire: 'json' as const,
      receivedAt: new Date(),
      peer: '',
      items: Array.from({ length: items }, () => item),
      clientIds: Array.from({ length: items }, () => ''),
    };
    const inFlight = items === 10 ? 256 : 8;
    let sent = 0;
    const wrote = await seconds(async () => {
      const sender = async (): Promise<void> => {
        while (sent++ < frames) await spool.append(frame);
      };
      await Promise.all(Array.from({ length: inFlight }, sender));
    });
    const read = await seconds(async () => {
      let seen = 0;
      for await (const one of spool.read({ segment: 0, offset: 0 }, new AbortController().signal)) {
        seen += one.frame.items.length;
        if (seen >= frames * items) break;
      }
    });
    await spool.close();
    const plain = await seconds(async () => {
      const handle = await open(join(folder, 'plain'), 'w');
      const group = Buffer.alloc(bytes * inFlight, 97);
      for (let done = 0; done < totalBytes; done += group.length) {
        await handle.write(group);
        await handle.datasync();
      }
      await handle.close();
    });
    const rate = (time: number): string => `${Math.round(totalBytes / 1e6 / time)} MB/s`;
    console.log(
      `${bytes} B frames: append ${rate(wrote)} (${Math.round(frames / wrote)} frames/s), read ${rate(read)}, plain write+fdatasync ${rate(plain)}, ratio ${(plain / wrote).toFixed(2)}`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}
