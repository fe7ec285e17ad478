import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** One open server-sent event stream. */
export type LiveStream = {
  /**
   * @param id what the browser sends back as Last-Event-ID when it goes on where it stopped
   * @returns false when nobody listens any more
   */
  send(event: string, data: unknown, id?: string): boolean;
  /** Aborts when the listener left, is too slow, is no longer admitted, or the server stops. */
  readonly signal: AbortSignal;
  close(): void;
};

export type LiveStreams = {
  /** Answers the request with a stream; the handler must `return reply`. */
  open(request: FastifyRequest, reply: FastifyReply): LiveStream;
  /** How many are open. */
  readonly size: number;
  closeAll(): void;
};

/** Also how long a stream may outlive its session: less than the 5 s in which a removed person is out. */
const heartbeatMilliseconds = 3_000;
/** A reader that is further behind is cut off; the browser comes back with Last-Event-ID. */
const maxBufferedBytes = 4 * 1024 * 1024;

/**
 * Live answers to browsers, as server-sent events.
 * @param stillAdmitted asked with each heartbeat, so that a session's end ends its streams
 * @see HTML Living Standard, 9.2 Server-sent events
 */
export function liveStreams(stillAdmitted: (request: FastifyRequest) => Promise<boolean>): LiveStreams {
  const open = new Set<LiveStream>();
  return {
    get size() {
      return open.size;
    },
    closeAll() {
      for (const stream of open) stream.close();
    },
    open(request, reply) {
      const body = new PassThrough();
      const ended = new AbortController();
      const write = (text: string): boolean => {
        if (ended.signal.aborted) return false;
        if (body.writableLength + body.readableLength > maxBufferedBytes) {
          close();
          return false;
        }
        body.write(text);
        return true;
      };
      const heartbeat = setInterval(() => {
        write(': still here\n\n');
        stillAdmitted(request).then(
          (admitted) => {
            if (admitted || ended.signal.aborted) return;
            write('event: signed-out\ndata: {}\n\n');
            close();
          },
          (error: unknown) => {
            // Who can't be checked is not served: fail closed.
            request.log.error({ err: error }, 'stream closed: its session could not be checked');
            close();
          },
        );
      }, heartbeatMilliseconds);
      const close = (): void => {
        if (ended.signal.aborted) return;
        clearInterval(heartbeat);
        open.delete(stream);
        ended.abort();
        body.end();
      };
      const stream: LiveStream = {
        signal: ended.signal,
        close,
        send: (event, data, id) => write(eventText(event, data, id)),
      };
      open.add(stream);
      body.on('error', close);
      reply.raw.on('close', close);
      void reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(body);
      // Sends the headers at once: the browser knows that it is connected before the first event.
      write(': connected\n\n');
      return stream;
    },
  };
}

/** JSON has no raw line ends, so one `data:` line is enough. */
function eventText(event: string, data: unknown, id: string | undefined): string {
  const idLine = id === undefined ? '' : `id: ${id.replaceAll(/[\r\n\0]/g, '')}\n`;
  return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
