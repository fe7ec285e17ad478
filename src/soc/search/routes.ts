import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Busy } from '#platform/errors';
import type { LiveStream, LiveStreams, Routes } from '#platform/http';
import {
  eventRow,
  facets,
  facetsRequest,
  fieldList,
  histogram,
  histogramRequest,
  searchPage,
  searchRequest,
} from './contract.ts';
import * as search from './search.ts';
import { tail } from './tail.ts';

type Deps = { readonly search: search.SearchDeps; readonly streams: LiveStreams };

const tags = ['events'];
/** Each asks the store twice a second. */
const mostTails = 20;
const config = { permission: 'event.read' };

export const routes =
  ({ search: deps, streams }: Deps): Routes =>
  async (http) => {
    let tails = 0;

    http.post(
      '/api/events/search',
      {
        config,
        schema: {
          summary: 'Events that match, newest first',
          tags,
          body: searchRequest,
          response: { 200: searchPage },
        },
      },
      (request, reply) => search.search(deps, request.actor, request.body, whileListening(reply)),
    );

    http.post(
      '/api/events/histogram',
      {
        config,
        schema: { summary: 'Events over time', tags, body: histogramRequest, response: { 200: histogram } },
      },
      (request, reply) => search.histogram(deps, request.actor, request.body, whileListening(reply)),
    );

    http.post(
      '/api/events/facets',
      {
        config,
        schema: {
          summary: 'The most frequent values of fields',
          tags,
          body: facetsRequest,
          response: { 200: facets },
        },
      },
      (request, reply) => search.facets(deps, request.actor, request.body, whileListening(reply)),
    );

    http.get(
      '/api/events/fields',
      {
        config,
        schema: {
          summary: 'Names of fields',
          tags,
          querystring: z.object({ prefix: z.string().max(100).default('') }),
          response: { 200: fieldList },
        },
      },
      async (request, reply) => ({
        fields: await search.fieldNames(deps, request.actor, request.query.prefix, whileListening(reply)),
      }),
    );

    http.get(
      '/api/events/tail',
      {
        config,
        schema: {
          summary: 'Events as they are stored (server-sent events)',
          tags,
          querystring: z.object({ query: z.string().max(4096).default('') }),
        },
      },
      async (request, reply) => {
        if (tails >= mostTails) throw new Busy('Too many live tails are open.', 10);
        tails++;
        const left = new AbortController();
        let stream: LiveStream | undefined;
        const sink = () => {
          const opened = streams.open(request, reply);
          opened.signal.addEventListener('abort', () => left.abort(), { once: true });
          stream = opened;
          return {
            event: (row: unknown) => void opened.send('event', row),
            skipped: (count: number) => void opened.send('skipped', { count }),
          };
        };
        try {
          await tail(deps, request.actor, request.query.query, sink, left.signal);
        } catch (error) {
          // Before the stream is open the answer is a problem; after it, the browser comes back by itself.
          if (stream === undefined) throw error;
          if (!left.signal.aborted) request.log.warn({ err: error }, 'live tail ended');
          stream.close();
        } finally {
          tails--;
        }
        return reply;
      },
    );

    http.get(
      '/api/events/:uid',
      {
        config,
        schema: {
          summary: 'One event',
          tags,
          params: z.object({ uid: z.string().max(64) }),
          response: { 200: eventRow },
        },
      },
      (request, reply) => search.event(deps, request.actor, request.params.uid, whileListening(reply)),
    );
  };

/** Aborts when the caller leaves before the answer is written: nobody waits for the query then. */
function whileListening(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left.signal;
}
