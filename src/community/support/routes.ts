import { z } from 'zod';
import type { Routes } from '#platform/http';
import { approvalOptions, approve, refuse } from './approve.ts';
import { countersign, countersignOptions, review, summarise } from './close.ts';
import {
  certificateIssued,
  certificateRequest,
  engineerList,
  gatewayFacts,
  newReview,
  newSession,
  newStanding,
  newSummary,
  noticeList,
  playbackQuery,
  seen,
  sessionDetail,
  sessionList,
  sessionQuery,
  signed,
  signedStanding,
  standing,
  standingList,
  supportSession,
  toSign,
  withReason,
} from './contract.ts';
import type { Support } from './service.ts';
import { certificateFor, endByHand } from './live.ts';
import { acknowledgeNotice, listNotices } from './notices.ts';
import { play } from './playback.ts';
import { cancelSession, requestSession } from './request.ts';
import { whoSaw } from './seen.ts';
import { giveStanding, listStanding, standingOptions, takeStandingBack } from './standing.ts';
import { listSessions, showSession } from './view.ts';

const tags = ['support'];
const byId = z.object({ id: z.string().max(64) });
const done = z.object({ done: z.literal(true) });

export const supportRoutes =
  (support: Support): Routes =>
  async (http) => {
    const { deps } = support;
    const read = { permission: 'support.read' };
    const ask = { permission: 'support.request' };
    const approving = { permission: 'support.approve' };
    const path = '/api/support/sessions';
    const show = (actor: Parameters<typeof showSession>[1], id: string) => showSession(deps, actor, id);

    http.get(
      path,
      {
        config: read,
        schema: {
          summary: 'Support sessions, newest first',
          tags,
          querystring: sessionQuery,
          response: { 200: sessionList },
        },
      },
      async ({ actor, query }) => ({ sessions: await listSessions(deps, actor, query) }),
    );
    http.post(
      path,
      {
        config: ask,
        schema: {
          summary: 'Ask for a support session, or declare break glass',
          tags,
          body: newSession,
          response: { 201: sessionDetail },
        },
      },
      async ({ actor, body }, reply) => {
        const { id } = await requestSession(deps, actor, body);
        return reply.code(201).send(await show(actor, id));
      },
    );
    http.get(
      `${path}/:id`,
      {
        config: read,
        schema: {
          summary: 'One session, with its recordings',
          tags,
          params: byId,
          response: { 200: sessionDetail },
        },
      },
      ({ actor, params }) => show(actor, params.id),
    );
    http.post(
      `${path}/:id/approval/options`,
      {
        config: read,
        schema: {
          summary: 'What a passkey is to sign to approve it',
          tags,
          params: byId,
          response: { 200: toSign },
        },
      },
      ({ actor, params }) => approvalOptions(deps, actor, params.id),
    );
    http.post(
      `${path}/:id/approval`,
      {
        config: read,
        schema: {
          summary: 'Approve, signed with a passkey',
          tags,
          params: byId,
          body: signed,
          response: { 200: supportSession },
        },
      },
      async ({ actor, params, body }) => {
        await approve(deps, actor, params.id, body);
        return show(actor, params.id);
      },
    );
    http.post(
      `${path}/:id/refusal`,
      {
        config: approving,
        schema: {
          summary: 'Refuse it, for one side',
          tags,
          params: byId,
          body: withReason,
          response: { 200: supportSession },
        },
      },
      async ({ actor, params, body }) => {
        await refuse(deps, actor, params.id, body.reason);
        return show(actor, params.id);
      },
    );
    http.post(
      `${path}/:id/cancellation`,
      {
        config: ask,
        schema: { summary: 'Take the request back', tags, params: byId, response: { 200: supportSession } },
      },
      async ({ actor, params }) => {
        await cancelSession(deps, actor, params.id);
        return show(actor, params.id);
      },
    );
    http.post(
      `${path}/:id/certificate`,
      {
        config: ask,
        schema: {
          summary: 'A certificate for the gateway; the first starts the session',
          tags,
          params: byId,
          body: certificateRequest,
          response: { 200: certificateIssued },
        },
      },
      ({ actor, params, body, ip }) =>
        certificateFor(deps, actor, params.id, {
          publicKey: body.publicKey,
          address: ip,
          authorities: support.authorities,
          gateway: support.place(),
        }),
    );
    http.post(
      `${path}/:id/end`,
      {
        config: read,
        schema: {
          summary: 'End it now, by either side',
          tags,
          params: byId,
          body: withReason,
          response: { 200: supportSession },
        },
      },
      async ({ actor, params, body }) => {
        await endByHand(deps, actor, params.id, body.reason);
        return show(actor, params.id);
      },
    );
    http.post(
      `${path}/:id/summary`,
      {
        config: ask,
        schema: {
          summary: 'Say what was changed',
          tags,
          params: byId,
          body: newSummary,
          response: { 200: supportSession },
        },
      },
      async ({ actor, params, body }) => {
        await summarise(deps, actor, params.id, body.changed);
        return show(actor, params.id);
      },
    );
    http.post(
      `${path}/:id/countersignature/options`,
      {
        config: approving,
        schema: {
          summary: 'What a passkey is to sign to countersign the summary',
          tags,
          params: byId,
          response: { 200: toSign },
        },
      },
      ({ actor, params }) => countersignOptions(deps, actor, params.id),
    );
    http.post(
      `${path}/:id/countersignature`,
      {
        config: approving,
        schema: {
          summary: 'Countersign the summary',
          tags,
          params: byId,
          body: signed,
          response: { 200: supportSession },
        },
      },
      async ({ actor, params, body }) => {
        await countersign(deps, actor, params.id, body);
        return show(actor, params.id);
      },
    );
    http.post(
      `${path}/:id/review`,
      {
        config: approving,
        schema: {
          summary: 'The review of break glass',
          tags,
          params: byId,
          body: newReview,
          response: { 200: supportSession },
        },
      },
      async ({ actor, params, body }) => {
        await review(deps, actor, params.id, body.finding);
        return show(actor, params.id);
      },
    );
    http.get(
      `${path}/:id/recordings/:number`,
      {
        config: read,
        schema: {
          summary: 'Play a recording back: asciicast v2, or its text. Noted in the ledger',
          tags,
          params: byId.extend({ number: z.coerce.number().int().min(1).max(100_000) }),
          querystring: playbackQuery,
          response: { 200: z.object({ recording: z.string() }) },
        },
      },
      async ({ actor, params, query }) => ({
        recording: await play(deps, actor, params.id, params.number, query.as),
      }),
    );

    http.get(
      '/api/support/standing',
      {
        config: read,
        schema: {
          summary: 'Approvals given beforehand, for emergencies',
          tags,
          response: { 200: standingList },
        },
      },
      async ({ actor }) => ({ standing: (await listStanding(deps, actor)).map(standingView) }),
    );
    http.post(
      '/api/support/standing/options',
      {
        config: approving,
        schema: {
          summary: 'What a passkey is to sign to approve emergencies beforehand',
          tags,
          body: newStanding,
          response: { 200: toSign },
        },
      },
      ({ actor, body }) => standingOptions(deps, actor, body),
    );
    http.post(
      '/api/support/standing',
      {
        config: approving,
        schema: {
          summary: 'Approve emergencies beforehand',
          tags,
          body: signedStanding,
          response: { 201: standing },
        },
      },
      async ({ actor, body: { tenancy, days, ...rest } }, reply) =>
        reply.code(201).send(standingView(await giveStanding(deps, actor, { tenancy, days }, rest))),
    );
    http.delete(
      '/api/support/standing/:id',
      {
        config: approving,
        schema: {
          summary: 'Take an approval for emergencies back',
          tags,
          params: byId,
          response: { 200: done },
        },
      },
      async ({ actor, params }) => {
        await takeStandingBack(deps, actor, params.id);
        return { done: true as const };
      },
    );
    http.get(
      '/api/support/notices',
      {
        config: read,
        schema: {
          summary: 'What the officers of your organisation must know',
          tags,
          response: { 200: noticeList },
        },
      },
      async ({ actor }) => ({
        notices: (await listNotices(deps, actor)).map((one) => ({
          ...one,
          at: one.at.toISOString(),
          seenAt: one.seenAt?.toISOString() ?? null,
        })),
      }),
    );
    http.post(
      '/api/support/notices/:id/seen',
      { config: read, schema: { summary: 'You have seen it', tags, params: byId, response: { 200: done } } },
      async ({ actor, params }) => {
        await acknowledgeNotice(deps, actor, params.id);
        return { done: true as const };
      },
    );
    http.get(
      '/api/support/seen',
      {
        config: read,
        schema: { summary: 'Who of another organisation looked at your data', tags, response: { 200: seen } },
      },
      ({ actor }) => whoSaw(deps, actor),
    );
    http.get(
      '/api/support/gateway',
      {
        config: read,
        schema: {
          summary: 'Where engineers connect, and the key that targets trust',
          tags,
          response: { 200: gatewayFacts },
        },
      },
      () => support.facts(),
    );
    http.get(
      '/api/support/engineers',
      {
        config: ask,
        schema: { summary: 'Who may be named in a session', tags, response: { 200: engineerList } },
      },
      async ({ actor }) => ({
        engineers: await deps.records.transaction(actor.scope, async (tx) => [
          ...(await deps.people.engineers(tx)),
        ]),
      }),
    );
  };

const standingView = (given: Awaited<ReturnType<typeof giveStanding>>) => ({
  id: given.id,
  tenancy: given.tenancy,
  by: { id: given.approval.by.user, name: given.approval.by.name },
  office: given.approval.office,
  givenAt: given.givenAt.toISOString(),
  expiresAt: given.expiresAt.toISOString(),
  withdrawnAt: given.withdrawnAt?.toISOString() ?? null,
});
