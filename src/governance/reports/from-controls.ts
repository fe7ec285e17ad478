import type { System } from '#governance';
import type { Standing } from '#governance/controls';
import type { ControlJudgement } from '#governance/evidence';
import {
  activeEditions,
  controlsOf,
  type Mapping,
  mappings,
  type SystemControl,
} from '#governance/frameworks';
import type { CustomerResponsibility, ImplementationStatus, ResponsibleEntity } from '#contract/governance';
import type { Tx } from '#platform/records';
import type { StateSources } from './gather.ts';
import type {
  AnswerState,
  ControlState,
  ExceptionState,
  JudgementState,
  MappedFramework,
  MatrixRow,
  Override,
  SystemState,
} from './state.ts';
import { guidanceOf } from './store-guidance.ts';

/** What somebody answered, as the controls keep it. */
export type AnswerFacts = {
  readonly control: string;
  readonly statementHash: string;
  readonly status: ImplementationStatus;
  readonly responsible: ResponsibleEntity | null;
  readonly customer: CustomerResponsibility | null;
  readonly narrative: string;
  readonly owner: { readonly name: string } | null;
  readonly by: { readonly name: string };
  readonly at: Date;
};

/** An exception or acceptance as it is now. */
export type ExceptionFacts = {
  readonly id: string;
  readonly control: string;
  readonly kind: 'exception' | 'risk-acceptance' | 'not-applicable';
  readonly state: string;
  readonly reason: string;
  readonly compensating: string;
  readonly requestedBy: { readonly name: string };
  readonly until: Date;
  readonly approved: { readonly by: string; readonly at: Date } | null;
};

export type ControlSources = {
  readonly standings: (tx: Tx, environment: string, now: Date) => Promise<readonly Standing[]>;
  readonly judgements: (
    tx: Tx,
    environment: string,
    now: Date,
  ) => Promise<ReadonlyMap<string, readonly ControlJudgement[]>>;
  /** The newest to each of the statements a control had, the newest first. */
  readonly answers: (tx: Tx, environment: string) => Promise<readonly AnswerFacts[]>;
  readonly exceptions: (tx: Tx, environment: string) => Promise<readonly ExceptionFacts[]>;
  /** What is left to one customer otherwise than to all. */
  readonly customerParts: (
    tx: Tx,
    tenancy: string,
  ) => Promise<
    readonly {
      readonly control: string;
      readonly responsibility: CustomerResponsibility | null;
      readonly note: string;
    }[]
  >;
  readonly tenancies: (tx: Tx, environment: string) => Promise<readonly string[]>;
  /** The catalogue of an edition, as it was imported. */
  readonly catalogue: (
    tx: Tx,
    edition: string,
  ) => Promise<{ readonly sha256: string; readonly text: string } | undefined>;
  /** From the matrices of the services, by control: who answers where nobody said so. */
  readonly matrix: ReadonlyMap<string, readonly MatrixRow[]>;
};

/** How every control of a system stands, with the answers, judgements and exceptions behind it. */
export const controlsFrom =
  (sources: ControlSources): StateSources['controls'] =>
  async (tx, system, now) => {
    const { environment } = system;
    const [main, ...others] = await activeEditions(tx, environment);
    if (main === undefined) return undefined;
    const all = await controlsOf(tx, environment);
    const standings = new Map(
      (await sources.standings(tx, environment, now)).map((one) => [one.control, one]),
    );
    const judged = await sources.judgements(tx, environment, now);
    const answered = Map.groupBy(await sources.answers(tx, environment), ({ control }) => control);
    const guidance = await guidanceOf(tx, environment);
    const overrides = await overridesOf(tx, sources, system);
    const stateOf = (control: SystemControl): ControlState => {
      const versions = answered.get(control.id) ?? [];
      // The newest to these words counts; where there is none, the newest there is, which waits to be affirmed.
      const answer = versions.find((one) => one.statementHash === control.statementHash) ?? versions[0];
      const beside = { guidance: guidance.get(control.id), overrides: overrides.get(control.id) ?? [] };
      return {
        ...wordsOf(control),
        ...standingOf(control, standings.get(control.id)),
        answer: answerOf(answer, beside),
        matrix: sources.matrix.get(control.id) ?? [],
        judgements: (judged.get(control.id) ?? []).map(judgementOf),
      };
    };
    const own = all.filter(({ framework, assessed }) => framework === main.framework && assessed);
    return {
      framework: {
        id: main.framework,
        title: main.title,
        edition: main.version,
        profile: main.profile,
        ...(await catalogueOf(tx, sources, main.editionId)),
      },
      controls: own.map(stateOf),
      exceptions: exceptionsOf(await sources.exceptions(tx, environment)),
      mapped: mappedOf(
        others,
        all.filter(({ framework }) => framework !== main.framework),
        await mappings(tx),
      ),
    };
  };

/** What the bundle writes is OSCAL 1.1.2; a catalogue of another version is not handed on as such. */
const asWritten = /"oscal-version"\s*:\s*"1\.1\.2"/;
async function catalogueOf(
  tx: Tx,
  { catalogue }: Pick<ControlSources, 'catalogue'>,
  edition: string,
): Promise<Pick<SystemState['framework'], 'hash' | 'catalog'>> {
  const file = await catalogue(tx, edition);
  if (file === undefined) return { hash: null };
  const { sha256: hash, text } = file;
  return asWritten.test(text) ? { hash, catalog: text } : { hash };
}

async function overridesOf(
  tx: Tx,
  sources: ControlSources,
  { environment, tenancy: internal }: System,
): Promise<ReadonlyMap<string, readonly Override[]>> {
  const all: (Override & { control: string })[] = [];
  for (const tenancy of await sources.tenancies(tx, environment)) {
    if (tenancy === internal) continue;
    for (const { control, responsibility, note } of await sources.customerParts(tx, tenancy))
      all.push({
        control,
        service: null,
        tenancy,
        responsibleEntity: null,
        customerResponsibility: responsibility,
        note,
      });
  }
  return Map.groupBy(all, ({ control }) => control);
}

const wordsOf = (control: SystemControl) => ({
  id: control.id,
  label: control.label,
  statement: control.statement,
  statementHash: control.statementHash,
  guidance: control.guidance,
  path: control.path,
  applicability: control.applicability,
  levels: control.e8Levels,
  revision: control.revision === undefined ? '' : String(control.revision),
  updated: control.updated ?? '',
});

function standingOf(control: SystemControl, standing: Standing | undefined) {
  // A control that tailoring left out a moment ago may have no standing yet.
  if (standing === undefined)
    return {
      status: 'Not Assessed' as const,
      basis: 'none' as const,
      confidence: null,
      because: control.excluded?.reason ?? 'It was not assessed yet.',
      unknownWhy: 'It was not assessed yet.',
      wouldSettle: [],
      asOf: null,
      expires: null,
      reaffirm: false,
      failing: [],
    };
  return {
    status: standing.status,
    basis: standing.basis,
    confidence: standing.confidence ?? null,
    because: standing.because,
    unknownWhy: standing.unknownWhy ?? null,
    wouldSettle: standing.wouldSettle,
    asOf: standing.asOf ?? null,
    expires: standing.expires ?? null,
    reaffirm: standing.reaffirm,
    failing: standing.failing.map(({ subject, why, due }) => ({ subject, why, due: due ?? null })),
  };
}

function answerOf(
  answer: AnswerFacts | undefined,
  { guidance, overrides }: { guidance: AnswerState['guidance'] | undefined; overrides: readonly Override[] },
): AnswerState | null {
  if (answer === undefined && guidance === undefined && overrides.length === 0) return null;
  return {
    status: answer?.status ?? 'Not Assessed',
    responsibleEntity: answer?.responsible ?? null,
    customerResponsibility: answer?.customer ?? null,
    narrative: answer?.narrative ?? '',
    owner: answer?.owner?.name ?? null,
    guidance: guidance ?? null,
    overrides,
    by: answer?.by.name ?? null,
    at: answer?.at ?? null,
  };
}

function judgementOf(one: ControlJudgement): JudgementState {
  const { judgement } = one;
  const known = judgement.status === 'unknown' ? undefined : judgement;
  return {
    evaluator: one.evaluator,
    version: one.version,
    status: judgement.status,
    confidence: known?.confidence ?? null,
    because: judgement.because,
    tested: known?.tested ?? null,
    of: known?.of ?? null,
    failed: judgement.status === 'not-satisfied' ? judgement.failed : 0,
    collections: one.collections,
    judgedAt: one.judgedAt,
    validUntil: one.validUntil,
  };
}

const exceptionsOf = (all: readonly ExceptionFacts[]): ExceptionState[] =>
  all.flatMap(({ id, control, kind, reason, compensating, requestedBy, until, approved, state }) =>
    kind === 'not-applicable' || approved === null || (state !== 'approved' && state !== 'lapsed')
      ? []
      : [
          {
            id,
            control,
            kind,
            reason,
            compensating,
            askedBy: requestedBy.name,
            approvedBy: approved.by,
            from: approved.at,
            until,
          },
        ],
  );

/** Clauses of the other active frameworks, with the system's controls that answer them. */
function mappedOf(
  editions: readonly { readonly framework: string; readonly title: string; readonly version: string }[],
  controls: readonly SystemControl[],
  all: readonly Mapping[],
): SystemState['mapped'] {
  const byTarget = Map.groupBy(all, ({ target }) => target);
  return editions.map(
    ({ framework, title, version }): MappedFramework => ({
      id: framework,
      title,
      edition: version,
      clauses: controls
        .filter((one) => one.framework === framework && one.assessed)
        .map((one) => ({
          id: one.id,
          label: one.label,
          title: one.title === '' ? one.statement : one.title,
          theme: one.path[0] ?? '',
          decision: decisionOf(one),
          controls: (byTarget.get(one.id) ?? []).map(({ source, confidence }) => ({
            control: source,
            confidence,
          })),
        })),
    }),
  );
}

/** What tailoring decided: left out or taken in, with the reason that was approved. */
function decisionOf({
  included,
  excluded,
}: SystemControl): { included: boolean; justification: string } | null {
  if (excluded !== undefined) return { included: false, justification: excluded.reason };
  return included === undefined ? null : { included: true, justification: included.reason };
}
