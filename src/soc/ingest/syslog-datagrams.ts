import { createSocket, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { SpoolFull } from '#platform/spool';
import { type KnownSource, plainAddress } from '#soc/sources';
import { spoolMessages, type SyslogDeps } from './syslog-take.ts';

export type DatagramStats = {
  received: number;
  unknownSenders: number;
  /** Came in while the spool was full: UDP has no way to say "later". Counted per source as refused, too. */
  dropped: number;
};

/** The kernel gives what its own limit (net.core.rmem_max) allows. */
const receiveBufferBytes = 16 * 1024 * 1024;
const batchMessages = 1000;
const batchMilliseconds = 20;
/** Held while the disk is slow; beyond it datagrams are dropped here, and counted. */
const maxHeldBytes = 32 * 1024 * 1024;

type Batch = { readonly source: KnownSource; readonly peer: string; messages: Buffer[] };

/** Syslog over UDP: a datagram is a message. Nothing is ever promised to the sender. */
export function syslogDatagrams(
  deps: SyslogDeps,
  listener: string,
  host: string,
  stats: DatagramStats,
): { socket: Socket; closeAll: () => Promise<void> } {
  const socket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', recvBufferSize: receiveBufferBytes });
  let batches = new Map<string, Batch>();
  let batched = 0;
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const writing = new Set<Promise<void>>();

  socket.on('message', (bytes, { address }) => {
    stats.received++;
    const source = deps.sources.authenticate({ kind: 'listener', listener, peer: address });
    if (source === undefined) {
      stats.unknownSenders++;
      return;
    }
    if (source.state !== 'active' || heldBytes + bytes.length > maxHeldBytes) return drop(source, 1);
    const message = withoutEnd(bytes);
    if (message.length === 0) return;
    const peer = plainAddress(address);
    const key = `${source.id} ${peer}`;
    const batch = batches.get(key) ?? { source, peer, messages: [] };
    batch.messages.push(message);
    batches.set(key, batch);
    heldBytes += message.length;
    if (++batched >= batchMessages) flush();
    else timer ??= setTimeout(flush, batchMilliseconds);
  });

  function drop(source: KnownSource, count: number): void {
    stats.dropped += count;
    deps.sources.note(source.id, { refused: count });
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const full = batches;
    batches = new Map();
    batched = 0;
    for (const batch of full.values()) {
      const written = write(batch).finally(() => writing.delete(written));
      writing.add(written);
    }
  }

  async function write({ source, peer, messages }: Batch): Promise<void> {
    try {
      await spoolMessages(deps, source, peer, messages);
    } catch (error) {
      drop(source, messages.length);
      if (!(error instanceof SpoolFull)) deps.failed(error);
    } finally {
      for (const { length } of messages) heldBytes -= length;
    }
  }

  return {
    socket,
    async closeAll() {
      flush();
      await Promise.all(writing);
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13 || bytes[end - 1] === 0)) end--;
  return bytes.subarray(0, end);
}

/**
 * Datagrams that the kernel dropped on sockets of this port since they were opened, because nobody read them in time.
 * @returns undefined where the system does not tell
 */
export async function kernelDrops(port: number): Promise<number | undefined> {
  let drops: number | undefined;
  for (const file of ['/proc/net/udp', '/proc/net/udp6']) {
    const table = await readFile(file, 'utf8').catch(() => '');
    for (const line of table.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      const local = Number.parseInt(fields[1]?.split(':').at(-1) ?? '', 16);
      if (local === port) drops = (drops ?? 0) + Number(fields.at(-1) ?? 0);
    }
  }
  return drops;
}
