import { passkeyAnswer } from '#contract/identity';
import type { Routes } from '#platform/http';
import { z } from 'zod';
import { compare } from './compare.ts';
import * as contract from './contract.ts';
import { access, type AgreementDeps, mustBePerson } from './deps.ts';
import { confirmSuccession, invite, resume, suspend, terminate, withdraw } from './life.ts';
import { noteDone, obligations, overview } from './overview.ts';
import { confirmPaper, papersWaiting, recordPaper, refusePaper } from './paper.ts';
import { agreeToSection, beginReading, openSection } from './reading.ts';
import { receiptPdf } from './receipt-pdf.ts';
import { receiptBundle } from './receipt.ts';
import { bundleOf } from './receipts.ts';
import { passTime } from './remind.ts';
import { prepareSignature, sign } from './signing.ts';
import {
  approveVersion,
  draftVersion,
  listVersions,
  policyOf,
  publishVersion,
  readVersion,
} from './versions.ts';
import {
  isoOrNull,
  shownAcceptance,
  shownDetail,
  shownPaper,
  shownReading,
  shownState,
  shownVersion,
} from './view.ts';
import { whatIf } from './what-if.ts';

const tags = ['agreements'];
const byNumber = z.object({ number: z.coerce.number().int().positive() });
const byId = z.object({ id: z.string().max(100) });
const maxSourceBytes = 1024 * 1024;

export type AgreementRouteDeps = AgreementDeps & {
  /** What ships in content/agreements, oldest version first. */
  readonly templates: () => Promise<string[]>;
};

/** The policy in versions. */
export const policyRoutes =
  (deps: AgreementRouteDeps): Routes =>
  async (http) => {
    http.get(
      '/api/agreements/versions',
      {
        config: { permission: 'agreement.read' },
        schema: {
          summary: 'Versions of the community policy',
          tags,
          response: { 200: contract.versionList },
        },
      },
      async ({ actor }) => ({ versions: (await listVersions(deps, actor)).map(shownVersion) }),
    );
    http.get(
      '/api/agreements/template',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'The policy that ships, to begin from',
          tags,
          response: { 200: contract.template },
        },
      },
      async () => ({ sources: await deps.templates() }),
    );
    http.post(
      '/api/agreements/versions',
      {
        config: { permission: 'agreement.manage' },
        bodyLimit: maxSourceBytes,
        schema: {
          summary: 'Put a draft of the next version there',
          tags,
          body: contract.newVersion,
          response: { 201: contract.policyVersion },
        },
      },
      async ({ actor, body }, reply) =>
        reply.code(201).send(shownVersion(await draftVersion(deps, actor, body))),
    );
    http.get(
      '/api/agreements/versions/:number',
      {
        config: { permission: 'agreement.read' },
        schema: {
          summary: 'One version, clause by clause',
          tags,
          params: byNumber,
          querystring: z.object({ marking: z.string().max(40).optional() }),
          response: { 200: contract.versionDetail },
        },
      },
      async ({ actor, params, query }) => {
        const version = await readVersion(deps, actor, params.number);
        return shownDetail(version, policyOf(version.source), query.marking);
      },
    );
    http.get(
      '/api/agreements/versions/:number/comparison',
      {
        config: { permission: 'agreement.read' },
        schema: {
          summary: 'What changed since another version, clause by clause',
          tags,
          params: byNumber,
          querystring: z.object({ with: z.coerce.number().int().positive() }),
          response: { 200: contract.comparison },
        },
      },
      async ({ actor, params, query }, reply) => {
        const [before, after] = [
          await readVersion(deps, actor, query.with),
          await readVersion(deps, actor, params.number),
        ];
        // Ours is read-only, the contract's is not; zod writes it out.
        const shown: unknown = compare(policyOf(before.source), policyOf(after.source));
        return reply.send(contract.comparison.parse(shown));
      },
    );
    http.post(
      '/api/agreements/versions/:number/approval',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Approve a version; an urgent one takes two people',
          tags,
          params: byNumber,
          response: { 200: contract.policyVersion },
        },
      },
      async ({ actor, params }) => shownVersion(await approveVersion(deps, actor, params.number)),
    );
    http.post(
      '/api/agreements/versions/:number/publication',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Publish an approved version, for good',
          tags,
          params: byNumber,
          body: contract.publication,
          response: { 200: contract.policyVersion },
        },
      },
      async ({ actor, params, body }) =>
        shownVersion(
          await publishVersion(
            deps,
            actor,
            params.number,
            body.effectiveAt === undefined ? undefined : new Date(body.effectiveAt),
          ),
        ),
    );
    http.get(
      '/api/agreements/versions/:number/what-if',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Who would be without service if this version had to be agreed to by a date',
          tags,
          params: byNumber,
          querystring: z.object({ on: z.iso.datetime() }),
          response: { 200: contract.whatIf },
        },
      },
      async ({ actor, params, query }) => {
        const found = await whatIf(deps, actor, params.number, new Date(query.on));
        return {
          ...found,
          mandatoryAt: found.mandatoryAt.toISOString(),
          earliest: isoOrNull(found.earliest),
          effects: found.effects.map((one) => ({
            ...one,
            now: shownState(one.now),
            later: shownState(one.later),
          })),
        };
      },
    );
  };

/** What was accepted, to keep and to check elsewhere. */
export const receiptRoutes =
  (deps: AgreementDeps & { readonly ledgerKeys: readonly string[] }): Routes =>
  async (http) => {
    http.get(
      '/api/agreements/acceptances/:id/receipt',
      {
        config: { permission: 'agreement.read' },
        schema: {
          summary: 'The receipt of an acceptance, as JSON',
          tags,
          params: byId,
          response: { 200: receiptBundle },
        },
      },
      ({ actor, params }) => bundleOf(deps, actor, params.id),
    );
    http.get(
      '/api/agreements/acceptances/:id/receipt.pdf',
      {
        config: { permission: 'agreement.read' },
        schema: {
          summary: 'The receipt of an acceptance, as PDF with the record attached',
          tags,
          params: byId,
          produces: ['application/pdf'],
        },
      },
      async ({ actor, params }, reply) => {
        const bundle = await bundleOf(deps, actor, params.id);
        const { provider } = await deps.records.transaction(access, (tx) => deps.directory.facts(tx));
        const pdf = await receiptPdf(bundle, provider?.name ?? 'The provider');
        return reply
          .header('content-disposition', `attachment; filename="receipt-${params.id}.pdf"`)
          .type('application/pdf')
          .send(pdf);
      },
    );
  };

/** Reading and signing, by the organisation's CIO or CISO. */
export const signingRoutes =
  (deps: AgreementDeps): Routes =>
  async (http) => {
    http.post(
      '/api/agreements/readings',
      {
        config: { permission: 'agreement.sign' },
        schema: {
          summary: 'Begin to read the newest version, or go on',
          tags,
          body: contract.newReading,
          response: { 200: contract.readingView },
        },
      },
      async ({ actor, body }) =>
        shownReading(
          await beginReading(deps, actor, {
            organisation: actor.organisation,
            environment: body.environment,
          }),
        ),
    );
    http.post(
      '/api/agreements/readings/:id/sections/:section',
      {
        config: { permission: 'agreement.sign' },
        schema: {
          summary: 'Open a section, or agree to it for good',
          tags,
          params: byId.extend({ section: z.string().max(60) }),
          body: contract.sectionStep,
          response: { 200: contract.readingView },
        },
      },
      async ({ actor, params, body }) =>
        shownReading(
          await (body.do === 'open' ? openSection : agreeToSection)(deps, actor, params.id, params.section),
        ),
    );
    http.post(
      '/api/agreements/readings/:id/record',
      {
        config: { permission: 'agreement.sign' },
        schema: {
          summary: 'The record to sign, and what to ask the passkey',
          tags,
          params: byId,
          response: { 200: contract.preparedSignature },
        },
      },
      async ({ actor, params }) => {
        const { record, digest, options } = await prepareSignature(deps, actor, params.id);
        return { record, digest, options: { ...options } };
      },
    );
    http.post(
      '/api/agreements/readings/:id/signature',
      {
        config: { permission: 'agreement.sign' },
        schema: {
          summary: 'Sign with the passkey',
          tags,
          params: byId,
          body: passkeyAnswer,
          response: { 201: contract.acceptance },
        },
      },
      async ({ actor, params, body }, reply) =>
        reply.code(201).send(shownAcceptance(await sign(deps, actor, params.id, body))),
    );
    http.post(
      '/api/agreements/notices',
      {
        config: { permission: 'agreement.sign' },
        schema: {
          summary: 'Withdraw, or confirm what a predecessor signed',
          tags,
          body: contract.customerStep,
          response: { 200: contract.agreementState },
        },
      },
      async ({ actor, body }) => {
        const place = { organisation: actor.organisation, environment: body.environment };
        if (body.do === 'confirm') return shownState(await confirmSuccession(deps, actor, place));
        const { reason, exitPlan, effectiveAt } = body;
        const from = effectiveAt === undefined ? undefined : new Date(effectiveAt);
        return shownState(await withdraw(deps, actor, place, { reason, exitPlan, effectiveAt: from }));
      },
    );
  };

/** Where everybody stands. */
export const agreementRoutes =
  (deps: AgreementDeps): Routes =>
  async (http) => {
    http.get(
      '/api/agreements',
      {
        config: { permission: 'agreement.read' },
        schema: { summary: 'Where agreements stand', tags, response: { 200: contract.agreementOverview } },
      },
      async ({ actor }) => {
        const seen = await overview(deps, actor);
        return {
          standings: seen.standings.map((one) => ({
            ...one,
            state: shownState(one.state),
            successorBy: isoOrNull(one.successorBy),
          })),
          acceptances: seen.acceptances.map(shownAcceptance),
          reminders: seen.reminders.map(shownReminder),
          newest: seen.newest,
          maySign: seen.maySign,
        };
      },
    );
    http.post(
      '/api/agreements/steps',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Invite, suspend, resume or end an agreement',
          tags,
          body: contract.providerStep,
          response: { 200: contract.agreementState },
        },
      },
      async ({ actor, body }) => {
        const place = { organisation: body.organisation, environment: body.environment };
        switch (body.do) {
          case 'invite':
            return shownState(await invite(deps, actor, place));
          case 'resume':
            return shownState(await resume(deps, actor, place));
          case 'suspend':
            return shownState(await suspend(deps, actor, place, body.reason));
          case 'terminate':
            return shownState(await terminate(deps, actor, place, body.reason));
        }
      },
    );
    http.get(
      '/api/agreements/papers',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Paper acceptances that wait for a second person',
          tags,
          response: { 200: contract.paperList },
        },
      },
      async () => ({ papers: (await papersWaiting(deps)).map(shownPaper) }),
    );
    http.post(
      '/api/agreements/papers',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Record what was signed on paper',
          tags,
          body: contract.newPaper,
          response: { 201: contract.paper },
        },
      },
      async ({ actor, body }, reply) =>
        reply.code(201).send(shownPaper(await recordPaper(deps, actor, body))),
    );
    http.post(
      '/api/agreements/papers/:id',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Confirm or refuse a paper acceptance, as a second person',
          tags,
          params: byId,
          body: contract.paperSettlement,
          response: { 200: z.object({ acceptance: contract.acceptance.nullable() }) },
        },
      },
      async ({ actor, params, body }) => {
        if (body.do === 'confirm') await mustBePerson(deps, actor);
        if (body.do === 'confirm')
          return { acceptance: shownAcceptance(await confirmPaper(deps, actor, params.id, body.sha256)) };
        await refusePaper(deps, actor, params.id, body.why);
        return { acceptance: null };
      },
    );
    http.get(
      '/api/agreements/obligations',
      {
        config: { permission: 'agreement.read' },
        schema: { summary: 'Who owes what, and by when', tags, response: { 200: contract.obligationList } },
      },
      async ({ actor }, reply) => {
        const { owed, responsibilities } = await obligations(deps, actor);
        const shown: unknown = {
          owed: owed.map((one) => ({
            ...one,
            lastDone: one.lastDone && { ...one.lastDone, at: one.lastDone.at.toISOString() },
            dueAt: isoOrNull(one.dueAt),
          })),
          responsibilities,
        };
        // Ours is read-only, the contract's is not; zod writes it out.
        return reply.send(contract.obligationList.parse(shown));
      },
    );
    http.post(
      '/api/agreements/obligations',
      {
        config: { permission: 'person.manage' },
        schema: {
          summary: 'Say that something owed was done',
          tags,
          body: contract.obligationDone,
          response: { 201: z.object({}) },
        },
      },
      async ({ actor, body }, reply) => {
        await noteDone(deps, actor, body);
        return reply.code(201).send({});
      },
    );
    http.post(
      '/api/agreements/reminders',
      {
        config: { permission: 'agreement.manage' },
        schema: {
          summary: 'Look now for what has lapsed and who is to be reminded',
          tags,
          response: { 200: contract.timePassed },
        },
      },
      async () => {
        const { lapsed, reminded } = await passTime(deps);
        return { lapsed, reminded: reminded.map(shownReminder) };
      },
    );
  };

const shownReminder = (one: Awaited<ReturnType<typeof overview>>['reminders'][number]) => ({
  ...one,
  deadline: one.deadline.toISOString(),
  at: one.at.toISOString(),
  recipients: [...one.recipients],
});
