import { type Socket, createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import { type KnownSource, plainAddress } from '#soc/sources';
import { certificateOf } from './credentials.ts';
import { type Framed, syslogFraming } from './syslog-framing.ts';
import { rejectMessages, type SyslogDeps, spoolWithPatience } from './syslog-take.ts';

export type StreamStats = { connections: number; unknownSenders: number; lost: number };

export type TlsFiles = { readonly certificate: string; readonly key: string };

const maxConnections = 2000;
/** Nothing for this long and the connection is taken for dead; a live one comes back. */
const idleMilliseconds = 2 * 60 * 60 * 1000;
const handshakeMilliseconds = 10_000;

/**
 * Syslog over TCP or TLS. The protocol has no acknowledgement, so a sender is held back by not reading on until what it
 * sent is in the spool. A TLS client that shows a certificate is the source of that certificate; any other sender is
 * the source of this listener and its address.
 */
export function syslogStream(
  deps: SyslogDeps,
  listener: string,
  stats: StreamStats,
  tls?: TlsFiles,
): { server: Server | TlsServer; closeAll: () => Promise<void> } {
  const stopping = new AbortController();
  const open = new Map<Socket, Promise<void>>();

  function onConnection(socket: Socket): void {
    stats.connections++;
    const served = serve(deps, listener, stats, socket, stopping.signal)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) deps.failed(error);
      })
      .finally(() => {
        socket.destroy();
        open.delete(socket);
        stats.connections--;
      });
    open.set(socket, served);
  }
  const server =
    tls === undefined
      ? createServer(onConnection)
      : createTlsServer(
          {
            cert: tls.certificate,
            key: tls.key,
            minVersion: 'TLSv1.2',
            requestCert: true,
            // Trust is by the fingerprint a source was made with, not by an authority.
            rejectUnauthorized: false,
            handshakeTimeout: handshakeMilliseconds,
          },
          onConnection,
        );
  server.maxConnections = maxConnections;
  server.on('tlsClientError', () => stats.unknownSenders++);
  return {
    server,
    async closeAll() {
      stopping.abort();
      const ending = [...open];
      for (const [socket] of ending) socket.destroy();
      await Promise.all(ending.map(([, served]) => served));
    },
  };
}

function sourceOf(deps: SyslogDeps, listener: string, socket: Socket): KnownSource | undefined {
  const certificate = certificateOf(socket);
  const byCertificate = certificate && deps.sources.authenticate(certificate);
  return (
    byCertificate ??
    deps.sources.authenticate({ kind: 'listener', listener, peer: socket.remoteAddress ?? '' })
  );
}

async function serve(
  deps: SyslogDeps,
  listener: string,
  stats: StreamStats,
  socket: Socket,
  stop: AbortSignal,
): Promise<void> {
  const known = sourceOf(deps, listener, socket);
  if (known === undefined) {
    stats.unknownSenders++;
    return;
  }
  const peer = plainAddress(socket.remoteAddress ?? '');
  const framing = syslogFraming(deps.maxLineBytes);
  socket.setTimeout(idleMilliseconds, () => socket.destroy());
  let under: Promise<void> = Promise.resolve();
  let isUnder = false;

  /** One batch is written while the next is read; a third waits. */
  const take = async (framed: readonly Framed[]): Promise<void> => {
    if (framed.length === 0) return;
    if (isUnder) await under;
    const messages = framed.flatMap((one) => (one.kind === 'message' ? [one.bytes] : []));
    const refused = framed.flatMap((one) => (one.kind === 'rejected' ? [one] : []));
    if (deps.sources.byId(known.id)?.state !== 'active') {
      deps.sources.note(known.id, { refused: framed.length });
      socket.destroy();
      return;
    }
    isUnder = true;
    under = (async () => {
      await spoolWithPatience(deps, known, peer, messages, stop);
      await rejectMessages(deps, known, peer, refused);
    })().finally(() => {
      isUnder = false;
    });
    under.catch(() => {
      stats.lost += messages.length;
      socket.destroy();
    });
  };

  let isClean = true;
  try {
    for await (const chunk of socket) await take(framing.push(chunk));
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
    isClean = false;
  } finally {
    await take(framing.end(isClean));
    await under;
  }
}

/** The peer, or the network between, broke the connection. */
function isConnectionLoss(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|ERR_SSL_.*)$/.test(
    code,
  );
}
