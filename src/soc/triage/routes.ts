import { z } from 'zod';
import type { LiveStreams, Routes } from '#platform/http';
import type { Scope } from '#platform/scope';
import {
  alertAction,
  alertActionResult,
  alertDetail,
  alertFilter,
  alertHistogram,
  alertPage,
  alertState,
  assignees,
  crossTenancyReads,
  severity,
  undoRequest,
  undoResult,
} from './contract.ts';
import type { Triage } from './triage.ts';

type Deps = {
  readonly triage: Triage;
  readonly streams: LiveStreams;
  /** People who may work on alerts of these tenancies. */
  readonly assignees: (scope: Scope) => Promise<{ id: string; name: string }[]>;
};

/** A name given once in a query string is a list of one. */
const several = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).max(200).optional(),
  );

const filterQuery = alertFilter.extend({
  state: several(alertState),
  severity: several(severity),
  tenancy: several(z.string()),
});
const listQuery = filterQuery.extend({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
const histogramQuery = filterQuery.extend({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  buckets: z.coerce.number().int().min(1).max(500).default(60),
});
const byId = z.object({ id: z.string().max(64) });
const tags = ['alerts'];

export const routes =
  ({ triage, streams, assignees: people }: Deps): Routes =>
  async (http) => {
    const read = { permission: 'alert.read' };
    const work = { permission: 'alert.work' };

    http.get(
      '/api/alerts',
      {
        config: read,
        schema: {
          summary: 'The queue, newest first',
          tags,
          querystring: listQuery,
          response: { 200: alertPage },
        },
      },
      (request) => {
        const { after, limit, ...filter } = request.query;
        return triage.list(request.actor, filter, { after, limit });
      },
    );

    http.get(
      '/api/alerts/histogram',
      {
        config: read,
        schema: {
          summary: 'Alerts over time',
          tags,
          querystring: histogramQuery,
          response: { 200: alertHistogram },
        },
      },
      (request) => {
        const { buckets, ...filter } = request.query;
        return triage.histogram(request.actor, filter, buckets);
      },
    );

    http.get(
      '/api/alerts/assignees',
      { config: read, schema: { summary: 'Who may be given an alert', tags, response: { 200: assignees } } },
      async (request) => ({ users: await people(request.actor.scope) }),
    );

    http.get(
      '/api/alerts/stream',
      { config: read, schema: { summary: 'New and changed alerts, live (server-sent events)', tags } },
      async (request, reply) => {
        const last = request.headers['last-event-id'];
        const { scope } = request.actor;
        const stream = streams.open(request, reply);
        const stop = await triage.hub.listen(
          { scope, hear: (item, id) => void stream.send('alert', item, id) },
          typeof last === 'string' ? last : undefined,
        );
        if (stream.signal.aborted) stop();
        else stream.signal.addEventListener('abort', stop, { once: true });
        return reply;
      },
    );

    http.get(
      '/api/alerts/:id',
      {
        config: read,
        schema: {
          summary: 'One alert, with its why and its history',
          tags,
          params: byId,
          response: { 200: alertDetail },
        },
      },
      (request) => triage.detail(request.actor, request.params.id),
    );

    http.post(
      '/api/alerts/actions',
      {
        config: work,
        schema: {
          summary: 'Decide on alerts',
          tags,
          body: alertAction,
          response: { 200: alertActionResult },
        },
      },
      (request) => triage.act(request.actor, request.body),
    );

    http.post(
      '/api/alerts/undo',
      {
        config: work,
        schema: {
          summary: 'Put back what stood before an action',
          tags,
          body: undoRequest,
          response: { 200: undoResult },
        },
      },
      (request) => triage.undo(request.actor, request.body.undo),
    );

    http.get(
      '/api/alerts/reads',
      {
        config: read,
        schema: {
          summary: "Who of another organisation looked at your tenancies' alerts and events",
          tags,
          response: { 200: crossTenancyReads },
        },
      },
      (request) => triage.reads(request.actor),
    );
  };
