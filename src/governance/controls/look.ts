import { systemOf } from '#governance';
import { judgementsOf } from '#governance/evidence';
import {
  activeEditions,
  controlListOf,
  controlOf,
  controlsOfEdition,
  mappings,
  type SystemControl,
} from '#governance/frameworks';
import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { type Answer, counting } from './answer.ts';
import type {
  AnswerView,
  ControlDetail,
  ControlList,
  ControlRow,
  Posture,
  StandingChangeView,
  Upgrade,
} from './contract.ts';
import type { ControlDeps, DefaultResponsibility } from './deps.ts';
import { shownException } from './exceptions.ts';
import { countsOf } from './record.ts';
import type { Standing } from './standing.ts';
import { answerHistory, answers } from './store.ts';
import { exceptions } from './store-exceptions.ts';
import { changesOf, countChanges, type StandingChange, trendOf } from './store-standings.ts';

/** Every control of a system, and answers to what is no longer among them. @throws {NotFound} */
export function listControls(deps: ControlDeps, actor: Actor, environment: string): Promise<ControlList> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const controls = await controlListOf(tx, environment);
    const standings = new Map((await deps.standings(tx, environment, now)).map((one) => [one.control, one]));
    const answered = Map.groupBy(await answers(tx, environment), ({ control }) => control);
    const groups = new Map<string, number>();
    const rows = controls.flatMap((control) => {
      const standing = standings.get(control.id);
      if (standing === undefined) return [];
      const key = control.path.join('\n');
      const group = groups.get(key) ?? groups.size;
      groups.set(key, group);
      return [rowOf(deps, control, standing, answered.get(control.id) ?? [], group)];
    });
    const there = new Set(controls.map(({ id }) => id));
    return {
      environment,
      at: now.toISOString(),
      editions: (await activeEditions(tx, environment)).map(({ framework, version, title, profile }) => ({
        framework,
        version,
        title,
        profile,
      })),
      groups: [...groups.keys()].map((key) => (key === '' ? [] : key.split('\n'))),
      controls: rows,
      kept: [...answered].flatMap(([control, [newest]]) =>
        there.has(control) || newest === undefined
          ? []
          : [
              {
                control,
                status: newest.status,
                narrative: newest.narrative,
                version: newest.version,
                by: newest.by.name,
                at: newest.at.toISOString(),
              },
            ],
      ),
    };
  });
}

/** @throws {NotFound} */
export function showControl(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  id: string,
): Promise<ControlDetail> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const control = await controlOf(tx, environment, id);
    const [standing] = await deps.standings(tx, environment, now, id);
    if (control === undefined || standing === undefined) throw new NotFound('control', id);
    const history = await answerHistory(tx, environment, id);
    const answer = counting(history, control.statementHash);
    const tailored = control.excluded ?? control.included;
    return {
      control: {
        ...rowOf(deps, control, standing, history, 0),
        label: control.label,
        path: [...control.path],
        guidance: control.guidance,
        edition: control.edition,
        revision: control.revision ?? null,
        updated: control.updated ?? null,
        tailoring:
          tailored === undefined
            ? null
            : { reason: tailored.reason, approvedBy: tailored.approvedBy, at: tailored.at.toISOString() },
      },
      wouldSettle: [...standing.wouldSettle],
      through: [...(standing.through ?? [])],
      failing: standing.failing.map(({ subject, why, due }) => ({
        subject,
        why,
        due: due?.toISOString() ?? null,
      })),
      evidence: await evidenceOf(tx, environment, id, now),
      answer: answer === undefined ? null : shownAnswer(answer, control.statementHash),
      answers: history.map((one) => shownAnswer(one, control.statementHash)),
      exceptions: (await exceptions(tx, environment, id)).map((one) => shownException(one, now)),
      changes: (await changesOf(tx, environment, { control: id, limit: 100 })).map(shownChange),
      mappings: (await mappings(tx, id)).map((one) => ({
        control: one.target === id ? one.source : one.target,
        direction: one.target === id ? ('to' as const) : ('from' as const),
        relation: one.relation,
        together: one.together,
        confidence: one.confidence,
        rationale: one.rationale,
        author: one.author,
      })),
    };
  });
}

async function evidenceOf(
  tx: Tx,
  environment: string,
  control: string,
  now: Date,
): Promise<ControlDetail['evidence']> {
  const found = (await judgementsOf(tx, environment, now)).get(control) ?? [];
  return found.map(({ evaluator, judgement, collections, judgedAt, validUntil }) => ({
    evaluator,
    status: judgement.status,
    confidence: judgement.status === 'unknown' ? null : judgement.confidence,
    because: judgement.because,
    tested: judgement.status === 'unknown' ? null : judgement.tested,
    of: judgement.status === 'unknown' ? null : (judgement.of ?? null),
    failed: judgement.status === 'not-satisfied' ? judgement.failed : null,
    collections: [...collections],
    judgedAt: judgedAt.toISOString(),
    validUntil: validUntil.toISOString(),
  }));
}

/** The systems's controls at a glance, and what changed. @param since left out: since a day ago @throws {NotFound} */
export function showPosture(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  since: Date | undefined,
): Promise<Posture> {
  return deps.records.transaction(actor.scope, async (tx) => {
    const system = await systemOf(tx, actor.scope, environment);
    const now = deps.clock.now();
    const from = since ?? new Date(now.getTime() - 86_400_000);
    const controls = await controlListOf(tx, environment);
    const frameworkOf = new Map(controls.map((one) => [one.id, one.framework]));
    const standings = Map.groupBy(
      await deps.standings(tx, environment, now),
      (one) => frameworkOf.get(one.control) ?? '',
    );
    const asked = await exceptions(tx, environment);
    return {
      environment,
      name: system.name,
      marking: system.marking,
      at: now.toISOString(),
      since: from.toISOString(),
      frameworks: (await activeEditions(tx, environment)).map(({ framework, version, title, profile }) => {
        const own = standings.get(framework) ?? [];
        const ages = own.flatMap(({ asOf }) => (asOf === undefined ? [] : [asOf.getTime()]));
        return {
          framework,
          version,
          title,
          profile,
          controls: own.length,
          counts: { ...countsOf(own) },
          unknown: own.filter(({ unknownWhy }) => unknownWhy !== undefined).length,
          reaffirm: own.filter((one) => one.reaffirm).length,
          oldest: ages.length === 0 ? null : new Date(Math.min(...ages)).toISOString(),
        };
      }),
      exceptions: {
        inForce: asked.filter((one) => one.state === 'approved' && now < one.until).length,
        requested: asked.filter(({ state }) => state === 'requested').length,
        lapsed: asked.filter(
          (one) => one.state === 'lapsed' || (one.state === 'approved' && now >= one.until),
        ).length,
      },
      changes: (await changesOf(tx, environment, { since: from, limit: 500, arrivals: false })).map(
        shownChange,
      ),
      changed: await countChanges(tx, environment, from),
      trend: (await trendOf(tx, environment, 90)).map(({ at, counts }) => ({
        at: at.toISOString(),
        counts: { ...counts },
      })),
    };
  });
}

/** Newest first. @throws {NotFound} */
export function listChanges(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  wanted: { readonly since: Date; readonly limit: number },
): Promise<StandingChangeView[]> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    return (await changesOf(tx, environment, wanted)).map(shownChange);
  });
}

/** What activating an edition would do to what was answered; nothing is changed. @throws {NotFound} */
export function previewUpgrade(
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  edition: string,
  profile: string,
): Promise<Upgrade> {
  return deps.records.transaction(actor.scope, async (tx) => {
    await systemOf(tx, actor.scope, environment);
    const wanted = await controlsOfEdition(tx, edition, profile);
    if (wanted === undefined) throw new NotFound('edition or profile', `${edition} ${profile}`);
    const now = (await controlListOf(tx, environment)).filter((one) => one.framework === wanted.framework);
    const nowHas = new Set(now.map(({ id }) => id));
    const answered = Map.groupBy(await answers(tx, environment), ({ control }) => control);
    const upgraded = new Map(wanted.controls.map((one) => [one.id, one.statementHash]));
    const result = { added: [] as string[], reaffirm: [] as Upgrade['reaffirm'], stands: 0 };
    for (const [id, hash] of upgraded) {
      const answer = counting(answered.get(id) ?? [], hash);
      if (answer === undefined) {
        if (!nowHas.has(id)) result.added.push(id);
      } else if (answer.statementHash === hash) result.stands++;
      else result.reaffirm.push({ control: id, status: answer.status });
    }
    return {
      ...result,
      removed: now
        .filter(({ id }) => !upgraded.has(id))
        .map(({ id }) => ({ control: id, answered: answered.has(id) })),
    };
  });
}

function rowOf(
  deps: Pick<ControlDeps, 'responsibilities'>,
  control: SystemControl,
  standing: Standing,
  versions: readonly Answer[],
  group: number,
): ControlRow {
  const answer = counting(versions, control.statementHash);
  const { exception } = standing;
  const with_ = responsibilityOf(deps.responsibilities, control.id, answer);
  return {
    id: control.id,
    framework: control.framework,
    group,
    title: control.title,
    statement: control.statement,
    applicability: [...control.applicability],
    e8Levels: [...control.e8Levels],
    status: standing.status,
    basis: standing.basis,
    confidence: standing.confidence ?? null,
    because: standing.because,
    unknown: standing.unknownWhy !== undefined,
    reaffirm: standing.reaffirm,
    responsible: with_.responsible,
    customer: with_.customer,
    owner: answer?.owner?.name ?? null,
    version: versions[0]?.version ?? 0,
    asOf: standing.asOf?.toISOString() ?? null,
    expires: standing.expires?.toISOString() ?? null,
    exception:
      exception === undefined
        ? null
        : { id: exception.id, kind: exception.kind, until: exception.until.toISOString() },
    failing: standing.failing.length,
    tailored: control.excluded ? 'excluded' : control.included ? 'included' : null,
  };
}

/** What was said for the control itself; else what the service's matrix says. */
export function responsibilityOf(
  defaults: ReadonlyMap<string, DefaultResponsibility>,
  control: string,
  answer: Answer | undefined,
): Pick<Answer, 'responsible' | 'customer'> {
  const matrix = defaults.get(control);
  return {
    responsible: answer?.responsible ?? matrix?.responsible ?? null,
    customer: answer?.customer ?? matrix?.customer ?? null,
  };
}

const shownAnswer = (one: Answer, statementHash: string): AnswerView => ({
  version: one.version,
  current: one.statementHash === statementHash,
  status: one.status,
  responsible: one.responsible,
  customer: one.customer,
  narrative: one.narrative,
  rests: one.rests,
  evaluators: [...one.evaluators],
  reviewBy: one.reviewBy?.toISOString() ?? null,
  reliedUpon: one.reliedUpon,
  owner: one.owner,
  change: one.change,
  by: one.by.name,
  at: one.at.toISOString(),
});

const shownChange = (one: StandingChange): StandingChangeView => ({
  control: one.control,
  status: one.status,
  before: one.before,
  because: one.because,
  reaffirm: one.reaffirm,
  at: one.at.toISOString(),
});
