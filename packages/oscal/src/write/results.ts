import type {
  ArResult,
  AssessmentResults,
  Finding,
  Observation,
  SystemComponent,
} from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { exactControl, readComponent, writeComponent } from './component.ts';
import { exactTitle, readHead, readReference, readTitle, writeHead, writeReference } from './head.ts';
import { type AssessmentResultsInput, type Determination, InputFault } from './input.ts';
import { readObservation, writeObservation } from './observation.ts';
import { readReviewed, readTools, writeReviewed, writeTools } from './plan.ts';
import { allOwn, factsOf, keyOf, oneOwn, ownProps } from './props.ts';
import { readRisk, writeRisk } from './risk.ts';
import { momentOf, titleOf, tokenOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

type ResultInput = AssessmentResultsInput['results'][number];

/**
 * Assessment results (OSCAL 1.1.2, valid under 1.2 too). A control that is not determined is among the reviewed ones,
 * has no finding, and an observation says why: OSCAL's findings know only satisfied and not satisfied.
 * @throws {InputFault} without a determination, or with one that no observation stands behind
 */
export function assessmentResults(input: AssessmentResultsInput): AssessmentResults {
  const { whole, uuid } = writeHead('assessment-results', input.head);
  const { uuid: own, metadata, ...rest } = whole;
  if (input.results.length === 0) throw new InputFault('Assessment results need at least one result.');
  return {
    uuid: own,
    metadata,
    'import-ap': { href: writeReference(input.plan, input.head, uuid) },
    results: input.results.map((result) => writeResult(result, uuid)),
    ...rest,
  };
}

function writeResult(result: ResultInput, uuid: UuidOf): ArResult {
  const { key } = result;
  check(result);
  const unknown = result.determinations.filter((each) => each.state === 'unknown');
  const decided = result.determinations.filter((each) => each.state !== 'unknown');
  const actor = toolComponent(uuid);
  const usesActor = (result.risks ?? []).some((risk) => (risk.facets ?? []).length > 0);
  const components = [
    ...(usesActor ? [actor] : []),
    ...(result.components ?? []).map((component) => writeComponent(component, uuid)),
  ];
  const assets = writeTools(result.tools, key, uuid);
  return {
    uuid: uuid('result', key),
    title: titleOf(result.title),
    description: result.description,
    start: momentOf(result.start),
    ...maybe('end', result.end === undefined ? undefined : momentOf(result.end)),
    ...ownProps({ key, ...exactTitle(result.title) }, result.facts),
    ...maybe(
      'local-definitions',
      components.length === 0 && assets === undefined
        ? undefined
        : { ...maybeList('components', components), ...maybe('assessment-assets', assets) },
    ),
    'reviewed-controls': writeReviewed({
      controls: [...new Set(result.determinations.map((each) => each.control))],
    }),
    ...maybeList('observations', [
      ...result.observations.map((observation) => writeObservation(observation, key, uuid)),
      ...unknown.map((each) => writeUnknown(each, key, uuid)),
    ]),
    ...maybeList(
      'risks',
      result.risks?.map((risk) => writeRisk(risk, key, actor.uuid, uuid)),
    ),
    ...maybeList(
      'findings',
      decided.map((each) => writeFinding(each, key, uuid)),
    ),
    ...maybe('remarks', result.remarks),
  };
}

function check(result: ResultInput): void {
  if (result.determinations.length === 0)
    throw new InputFault('A result needs at least one control that was reviewed.');
  const known = new Set(result.observations.map((observation) => observation.key));
  const seen = new Set<string>();
  for (const { control, state, observations } of result.determinations) {
    if (seen.has(control)) throw new InputFault(`${control} is determined twice in one result.`);
    seen.add(control);
    if (state !== 'unknown' && observations.length === 0)
      throw new InputFault(`${control} is ${state} with no observation behind it.`);
    const missing = observations.find((key) => !known.has(key));
    if (missing !== undefined)
      throw new InputFault(`${control} refers to the observation ${missing}, which is not listed.`);
  }
}

/** The system that worked things out, for the places where OSCAL asks which actor did. */
export const toolComponent = (uuid: UuidOf): SystemComponent => ({
  uuid: uuid('component', 'ironbark'),
  type: 'software',
  title: 'Ironbark',
  description: 'The system that collected, judged and wrote this.',
  ...ownProps({ key: 'ironbark', added: 'yes' }),
  status: { state: 'operational' },
});

const shared = (each: Determination, state: Determination['state'], uuid: UuidOf, scope: string) => ({
  own: {
    key: each.control,
    ...exactControl(each.control),
    because: each.because,
    'would-settle': each.wouldSettle,
    judged: momentOf(each.judged),
    ...(state === 'unknown' ? {} : maybe('expires', each.expires && momentOf(each.expires))),
  },
  observations: each.observations.map((key) => ({ 'observation-uuid': uuid('observation', scope, key) })),
});

function writeFinding(each: Determination, scope: string, uuid: UuidOf): Finding {
  const { own, observations } = shared(each, each.state, uuid, scope);
  const satisfied = each.state === 'satisfied';
  return {
    uuid: uuid('finding', scope, each.control),
    title: titleOf(`${each.control.toUpperCase()} is ${satisfied ? 'satisfied' : 'not satisfied'}`),
    description: each.because,
    ...ownProps(own, each.facts),
    target: {
      type: 'statement-id',
      'target-id': `${tokenOf(each.control)}_smt`,
      status: satisfied ? { state: 'satisfied', reason: 'pass' } : { state: 'not-satisfied', reason: 'fail' },
    },
    'related-observations': observations,
    ...maybeList(
      'related-risks',
      each.risks?.map((risk) => ({ 'risk-uuid': uuid('risk', scope, risk) })),
    ),
  };
}

function writeUnknown(each: Determination, scope: string, uuid: UuidOf): Observation {
  const { own } = shared(each, 'unknown', uuid, scope);
  return {
    uuid: uuid('not-determined', scope, each.control),
    title: titleOf(`${each.control.toUpperCase()} is not determined`),
    description: each.because,
    ...ownProps(
      {
        ...own,
        'not-determined': each.because || 'no reason given',
        observation: each.observations,
        risk: each.risks,
      },
      each.facts,
    ),
    methods: ['UNKNOWN'],
    types: ['control-objective'],
    collected: momentOf(each.judged),
    ...maybe('expires', each.expires === undefined ? undefined : momentOf(each.expires)),
    ...maybe(
      'remarks',
      each.wouldSettle?.length ? `What would settle it: ${each.wouldSettle.join('; ')}` : undefined,
    ),
  };
}

/** Reads assessment results back; of another tool's, what this house has a place for. */
export function readAssessmentResults(results: AssessmentResults): AssessmentResultsInput {
  return {
    head: readHead(results),
    plan: readReference(results['import-ap'].href, results),
    results: results.results.map(readResult),
  };
}

function readResult(result: ArResult): ResultInput {
  const isUnknown = (observation: Observation): boolean =>
    oneOwn(observation, 'not-determined') !== undefined;
  const observations = (result.observations ?? []).filter((each) => !isUnknown(each));
  const observationKeys = new Map(observations.map((each) => [each.uuid, keyOf(each)]));
  const riskKeys = new Map((result.risks ?? []).map((each) => [each.uuid, keyOf(each)]));
  const found = new Map<string, Determination>();
  for (const finding of result.findings ?? []) {
    const each = readFinding(finding, observationKeys, riskKeys, new Date(result.end ?? result.start));
    const before = found.get(each.control);
    // Other tools give a finding for each statement: one that is not satisfied decides.
    if (before === undefined || before.state === 'satisfied') found.set(each.control, each);
  }
  for (const observation of result.observations ?? []) {
    if (isUnknown(observation)) {
      const each = readUnknown(observation);
      found.set(each.control, each);
    }
  }
  const order = readReviewed(result['reviewed-controls']).controls ?? [];
  const determinations = [
    ...order.flatMap((control) => found.get(control) ?? []),
    ...[...found.values()].filter((each) => !order.includes(each.control)),
  ];
  const local = result['local-definitions'];
  return {
    key: keyOf(result),
    title: readTitle(result),
    description: result.description,
    start: new Date(result.start),
    ...maybe('end', result.end === undefined ? undefined : new Date(result.end)),
    ...maybeList('tools', readTools(local?.['assessment-assets'])),
    ...maybeList(
      'components',
      local?.components?.filter((component) => oneOwn(component, 'added') !== 'yes').map(readComponent),
    ),
    observations: observations.map(readObservation),
    determinations,
    ...maybeList(
      'risks',
      result.risks?.map((risk) => readRisk(risk, observationKeys)),
    ),
    ...factsOf(result),
    ...maybe('remarks', result.remarks),
  };
}

function readFinding(
  finding: Finding,
  observations: ReadonlyMap<string, string>,
  risks: ReadonlyMap<string, string>,
  ended: Date,
): Determination {
  const judged = oneOwn(finding, 'judged');
  const expires = oneOwn(finding, 'expires');
  return {
    control:
      oneOwn(finding, 'control-id') ??
      oneOwn(finding, 'key') ??
      finding.target['target-id'].replace(/_(smt|obj).*$/, ''),
    state: finding.target.status.state,
    because: oneOwn(finding, 'because') ?? finding.description,
    ...maybeList('wouldSettle', allOwn(finding, 'would-settle')),
    observations: (finding['related-observations'] ?? []).map(
      ({ 'observation-uuid': uuid }) => observations.get(uuid) ?? uuid,
    ),
    ...maybeList(
      'risks',
      finding['related-risks']?.map(({ 'risk-uuid': uuid }) => risks.get(uuid) ?? uuid),
    ),
    judged: judged === undefined ? ended : new Date(judged),
    ...maybe('expires', expires === undefined ? undefined : new Date(expires)),
    ...factsOf(finding),
  };
}

const readUnknown = (observation: Observation): Determination => ({
  control: oneOwn(observation, 'control-id') ?? keyOf(observation),
  state: 'unknown',
  because: oneOwn(observation, 'because') ?? observation.description,
  ...maybeList('wouldSettle', allOwn(observation, 'would-settle')),
  observations: allOwn(observation, 'observation'),
  ...maybeList('risks', allOwn(observation, 'risk')),
  judged: new Date(observation.collected),
  ...maybe('expires', observation.expires === undefined ? undefined : new Date(observation.expires)),
  ...factsOf(observation),
});
