import type { Risk } from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { exactTitle, readTitle } from './head.ts';
import type { Facet, RiskInput } from './input.ts';
import { factsOf, houseNamespace, keyOf, oneOwn, ownProps } from './props.ts';
import { momentOf, oneLine, titleOf, tokenOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

type Remediation = NonNullable<RiskInput['remediations']>[number];

/**
 * A risk; its score, interval and causes are facets under this house's system URI.
 * @param scope key of the result the risk is of: uuids of two results differ
 * @param actor uuid of the tool that worked the facets out
 */
export function writeRisk(input: RiskInput, scope: string, actor: string, uuid: UuidOf): Risk {
  const { key } = input;
  const facets = (input.facets ?? []).map(writeFacet);
  return {
    uuid: uuid('risk', scope, key),
    title: titleOf(input.title),
    description: input.description,
    statement: input.statement,
    ...ownProps({ key, ...exactTitle(input.title) }, input.facts),
    status: input.status,
    ...maybeList(
      'characterizations',
      facets.length === 0
        ? undefined
        : [{ origin: { actors: [{ type: 'tool' as const, 'actor-uuid': actor }] }, facets }],
    ),
    ...maybeList(
      'mitigating-factors',
      input.mitigating?.map((each) => ({
        uuid: uuid('mitigating', scope, key, each.key),
        description: each.description,
        ...ownProps({ key: each.key }),
      })),
    ),
    ...maybe('deadline', input.deadline === undefined ? undefined : momentOf(input.deadline)),
    ...maybeList(
      'remediations',
      input.remediations?.map((each) => writeRemediation(each, [scope, key], uuid)),
    ),
    ...maybe(
      'risk-log',
      input.log === undefined || input.log.length === 0
        ? undefined
        : {
            entries: input.log.map((entry) => ({
              uuid: uuid('risk-log', scope, key, entry.key),
              ...maybe('title', entry.title === undefined ? undefined : titleOf(entry.title)),
              ...maybe('description', entry.description),
              start: momentOf(entry.start),
              ...maybe('end', entry.end === undefined ? undefined : momentOf(entry.end)),
              ...ownProps({ key: entry.key, ...(entry.title === undefined ? {} : exactTitle(entry.title)) }),
              ...maybe('status-change', entry.status),
            })),
          },
    ),
    ...maybeList(
      'related-observations',
      input.observations?.map((each) => ({ 'observation-uuid': uuid('observation', scope, each) })),
    ),
  };
}

function writeFacet({ name, value, system = houseNamespace }: Facet) {
  const written = { name: tokenOf(name), value: oneLine(value) || '(empty)' };
  const exact = written.name === name && written.value === value ? {} : { name, value };
  return { ...written, system, ...ownProps(exact) };
}

function writeRemediation(
  input: Remediation,
  scope: readonly string[],
  uuid: UuidOf,
): NonNullable<Risk['remediations']>[number] {
  const place = [...scope, input.key];
  return {
    uuid: uuid('remediation', ...place),
    lifecycle: input.lifecycle,
    title: titleOf(input.title),
    description: input.description,
    ...ownProps({ key: input.key, ...exactTitle(input.title) }, input.facts),
    ...maybeList(
      'tasks',
      input.milestones?.map((each) => ({
        uuid: uuid('milestone', ...place, each.key),
        type: 'milestone',
        title: titleOf(each.title),
        ...maybe('description', each.description),
        ...ownProps({ key: each.key, ...exactTitle(each.title) }),
        timing: { 'on-date': { date: momentOf(each.due) } },
      })),
    ),
  };
}

const statuses = [
  'open',
  'investigating',
  'remediating',
  'deviation-requested',
  'deviation-approved',
  'closed',
] as const;
const lifecycles = ['recommendation', 'planned', 'completed'] as const;
const statusOf = (text: string): RiskInput['status'] => statuses.find((known) => known === text) ?? 'open';

/** @param observations keys of observations by uuid */
export function readRisk(risk: Risk, observations: ReadonlyMap<string, string>): RiskInput {
  return {
    key: keyOf(risk),
    title: readTitle(risk),
    description: risk.description,
    statement: risk.statement,
    status: statusOf(risk.status),
    ...maybeList(
      'facets',
      risk.characterizations?.flatMap((each) =>
        each.facets.map((facet) => ({
          name: oneOwn(facet, 'name') ?? facet.name,
          value: oneOwn(facet, 'value') ?? facet.value,
          ...maybe('system', facet.system === houseNamespace ? undefined : facet.system),
        })),
      ),
    ),
    ...maybe('deadline', risk.deadline === undefined ? undefined : new Date(risk.deadline)),
    ...maybeList(
      'mitigating',
      risk['mitigating-factors']?.map((each) => ({ key: keyOf(each), description: each.description })),
    ),
    ...maybeList('remediations', risk.remediations?.map(readRemediation)),
    ...maybeList(
      'log',
      risk['risk-log']?.entries.map((entry) => ({
        key: keyOf(entry),
        ...maybe('title', entry.title === undefined ? undefined : readTitle(entry)),
        ...maybe('description', entry.description),
        start: new Date(entry.start),
        ...maybe('end', entry.end === undefined ? undefined : new Date(entry.end)),
        ...maybe(
          'status',
          entry['status-change'] === undefined ? undefined : statusOf(entry['status-change']),
        ),
      })),
    ),
    ...maybeList(
      'observations',
      risk['related-observations']?.map(({ 'observation-uuid': uuid }) => observations.get(uuid) ?? uuid),
    ),
    ...factsOf(risk),
  };
}

const readRemediation = (each: NonNullable<Risk['remediations']>[number]): Remediation => ({
  key: keyOf(each),
  lifecycle: lifecycles.find((known) => known === each.lifecycle) ?? 'planned',
  title: readTitle(each),
  description: each.description,
  ...maybeList(
    'milestones',
    each.tasks?.flatMap((task) => {
      const due = task.timing?.['on-date']?.date ?? task.timing?.['within-date-range']?.end;
      if (due === undefined) return [];
      return [
        {
          key: keyOf(task),
          title: readTitle(task),
          ...maybe('description', task.description),
          due: new Date(due),
        },
      ];
    }),
  ),
  ...factsOf(each),
});
