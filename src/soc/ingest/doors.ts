import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { AppError } from '#platform/errors';
import type { Clock } from '#platform/clock';
import type { Spool } from '#platform/spool';
import type { Log, Sources } from '#soc/sources';
import { type BulkStats, bulkDoor } from './bulk-door.ts';
import { createBudget } from './budget.ts';
import type { Dedupe } from './dedupe.ts';
import { type DatagramStats, kernelDrops, syslogDatagrams } from './syslog-datagrams.ts';
import { type StreamStats, syslogStream, type TlsFiles } from './syslog-stream.ts';

export type DoorKind = 'bulk' | 'syslog-udp' | 'syslog-tcp' | 'syslog-tls';

export type DoorSettings = {
  /** What sources that authenticate by listener name: "syslog-udp". */
  readonly id: string;
  readonly kind: DoorKind;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Needed for syslog-tls; makes bulk speak HTTPS. */
  readonly tls?: TlsFiles | undefined;
};

export type IngestLimits = {
  readonly maxBodyBytes: number;
  readonly maxInflateRatio: number;
  readonly maxItemBytes: number;
  readonly maxLineBytes: number;
  /** Bytes of bulk bodies that are held at once. */
  readonly maxHeldBytes: number;
};

export const defaultLimits: IngestLimits = {
  maxBodyBytes: 100 * 1024 * 1024,
  maxInflateRatio: 200,
  maxItemBytes: 4 * 1024 * 1024,
  maxLineBytes: 1024 * 1024,
  maxHeldBytes: 256 * 1024 * 1024,
};

export type OpenDoor = {
  readonly id: string;
  readonly kind: DoorKind;
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
};

export type IngestStats = {
  readonly heldBytes: number;
  readonly doors: readonly (OpenDoor &
    Partial<BulkStats & StreamStats & DatagramStats> & { readonly kernelDrops?: number | undefined })[];
};

export type Ingest = {
  readonly doors: readonly OpenDoor[];
  stats(): Promise<IngestStats>;
  /** Takes nothing new; what was taken is in the spool, and answered, when this resolves. */
  close(): Promise<void>;
};

/** A port that can't be had must stop the start, with the reason. */
export class DoorTaken extends AppError {
  readonly code = 'door-taken';
  readonly status = 500;
  constructor(door: DoorSettings, why: string, cause: unknown) {
    super(
      `The door "${door.id}" can't listen on ${door.host}:${door.port}: ${why}. Give it another address in the configuration.`,
      { door: door.id, host: door.host, port: door.port },
      cause,
    );
  }
}

type Opened = { readonly door: OpenDoor; stats: () => Promise<object>; close(): Promise<void> };

/** Opens all doors; when one of them can't, those already open are closed again. @throws {DoorTaken} */
export async function openIngest(deps: {
  readonly spool: Pick<Spool, 'append' | 'sizeBytes' | 'capBytes'>;
  readonly sources: Pick<Sources, 'authenticate' | 'byId' | 'rejectAtDoor' | 'note' | 'heard'>;
  readonly dedupe: Dedupe;
  readonly clock: Clock;
  readonly log: Log;
  readonly doors: readonly DoorSettings[];
  readonly limits?: Partial<IngestLimits>;
}): Promise<Ingest> {
  const limits = { ...defaultLimits, ...deps.limits };
  const budget = createBudget(limits.maxHeldBytes);
  const failed = (error: unknown): void => deps.log.error({ error }, 'a door failed on what a sender sent');
  const shared = { ...deps, failed };
  const opened: Opened[] = [];

  const openOne = (door: DoorSettings): Promise<Opened> => {
    if (door.kind === 'syslog-udp') return openDatagrams(door);
    return door.kind === 'bulk' ? openBulk(door) : openStream(door);
  };
  async function openBulk(door: DoorSettings): Promise<Opened> {
    const stats: BulkStats = { requests: 0, unknownSenders: 0, refusedRequests: 0, faultyRequests: 0 };
    const listener = bulkDoor({
      ...shared,
      spool: deps.spool,
      budget,
      stats,
      maxItemBytes: limits.maxItemBytes,
      maxLineBytes: limits.maxLineBytes,
      limits: { maxBytes: limits.maxBodyBytes, maxInflateRatio: limits.maxInflateRatio },
    });
    const options = { keepAliveTimeout: 75_000, headersTimeout: 30_000, requestTimeout: 300_000 };
    const server: Server =
      door.tls === undefined
        ? createServer(options, listener)
        : createTlsServer(
            {
              ...options,
              cert: door.tls.certificate,
              key: door.tls.key,
              minVersion: 'TLSv1.2',
              requestCert: true,
              rejectUnauthorized: false,
            },
            listener,
          );
    server.maxConnections = 2000;
    const open = await listening(door, server);
    return {
      door: open,
      stats: async () => ({ ...stats }),
      async close() {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeIdleConnections();
        // A sender that stopped half-way is not waited for.
        const timer = setTimeout(() => server.closeAllConnections(), 5000);
        await closed;
        clearTimeout(timer);
      },
    };
  }
  async function openStream(door: DoorSettings): Promise<Opened> {
    const stats: StreamStats = { connections: 0, unknownSenders: 0, lost: 0 };
    const { server, closeAll } = syslogStream(
      { ...shared, maxLineBytes: limits.maxLineBytes },
      door.id,
      stats,
      door.kind === 'syslog-tls' ? door.tls : undefined,
    );
    const open = await listening(door, server);
    return {
      door: open,
      stats: async () => ({ ...stats }),
      async close() {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        await closeAll();
        await closed;
      },
    };
  }
  async function openDatagrams(door: DoorSettings): Promise<Opened> {
    const stats: DatagramStats = { received: 0, unknownSenders: 0, dropped: 0 };
    const { socket, closeAll } = syslogDatagrams(
      { ...shared, maxLineBytes: limits.maxLineBytes },
      door.id,
      door.host,
      stats,
    );
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error) => reject(new DoorTaken(door, reasonOf(error), error)));
      socket.bind({ address: door.host, port: door.port, exclusive: true }, resolve);
    });
    socket.removeAllListeners('error').on('error', failed);
    const { address, port } = socket.address();
    return {
      door: { id: door.id, kind: door.kind, host: address, port, tls: false },
      stats: async () => ({ ...stats, kernelDrops: await kernelDrops(port) }),
      close: closeAll,
    };
  }

  const close = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  };
  try {
    for (const door of deps.doors) opened.push(await openOne(door));
  } catch (error) {
    await close();
    throw error;
  }
  const doors = opened.map(({ door }) => door);
  return {
    doors,
    async stats() {
      const all = await Promise.all(opened.map(async ({ door, stats }) => ({ ...door, ...(await stats()) })));
      return { heldBytes: budget.usedBytes, doors: all };
    },
    close,
  };
}

async function listening(door: DoorSettings, server: NetServer): Promise<OpenDoor> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new DoorTaken(door, reasonOf(error), error)));
    server.listen({ host: door.host, port: door.port }, resolve);
  });
  // Listening on TCP: the address is never a pipe's name.
  const { address, port } = server.address() as AddressInfo;
  return {
    id: door.id,
    kind: door.kind,
    host: address,
    port,
    tls: door.tls !== undefined && door.kind !== 'syslog-tcp',
  };
}

function reasonOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'another program listens there';
  if (code === 'EACCES') return 'this needs more rights than the program has';
  return code === 'EADDRNOTAVAIL' ? 'this machine has no such address' : error.message;
}
