import type { PlanOfActionAndMilestones, PoamItem } from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { readComponent, writeComponent } from './component.ts';
import { exactTitle, readHead, readReference, readTitle, writeHead, writeReference } from './head.ts';
import type { PoamInput } from './input.ts';
import { readObservation, writeObservation } from './observation.ts';
import { allOwn, factsOf, keyOf, oneOwn, ownProps } from './props.ts';
import { toolComponent } from './results.ts';
import { readRisk, writeRisk } from './risk.ts';
import { momentOf, oneLine, titleOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

type ItemInput = PoamInput['items'][number];

const scope = 'poam';

/** A plan of action and milestones (OSCAL 1.1.2, valid under 1.2 too). With nothing open it says so in one item. */
export function poam(input: PoamInput): PlanOfActionAndMilestones {
  const { whole, uuid } = writeHead('poam', input.head);
  const { uuid: own, metadata, ...rest } = whole;
  const actor = toolComponent(uuid);
  const usesActor = (input.risks ?? []).some((risk) => (risk.facets ?? []).length > 0);
  const components = [
    ...(usesActor ? [actor] : []),
    ...(input.components ?? []).map((component) => writeComponent(component, uuid)),
  ];
  return {
    uuid: own,
    metadata,
    ...maybe(
      'import-ssp',
      input.ssp === undefined ? undefined : { href: writeReference(input.ssp, input.head, uuid) },
    ),
    ...maybe(
      'system-id',
      input.systemId === undefined ? undefined : { id: oneLine(input.systemId) || 'system' },
    ),
    ...maybe('local-definitions', components.length === 0 ? undefined : { components }),
    ...maybeList(
      'observations',
      input.observations?.map((each) => writeObservation(each, scope, uuid)),
    ),
    ...maybeList(
      'risks',
      input.risks?.map((risk) => writeRisk(risk, scope, actor.uuid, uuid)),
    ),
    'poam-items':
      input.items.length > 0 ? input.items.map((item) => writeItem(item, uuid)) : [nothingOpen(uuid)],
    ...rest,
  };
}

// OSCAL asks for an item; the reader leaves this one out again.
const nothingOpen = (uuid: UuidOf): PoamItem => ({
  uuid: uuid('poam-item', 'added'),
  title: 'Nothing is open',
  description: 'At the time of this document no action was open.',
  ...ownProps({ added: 'yes' }),
});

function writeItem(item: ItemInput, uuid: UuidOf): PoamItem {
  return {
    uuid: uuid('poam-item', item.key),
    title: titleOf(item.title),
    description: item.description,
    ...ownProps(
      {
        key: item.key,
        ...exactTitle(item.title),
        control: item.controls,
        due: item.due === undefined ? undefined : momentOf(item.due),
        owner: item.owner,
        status: item.status,
      },
      item.facts,
    ),
    ...maybeList(
      'related-observations',
      item.observations?.map((key) => ({ 'observation-uuid': uuid('observation', scope, key) })),
    ),
    ...maybeList(
      'related-risks',
      item.risks?.map((key) => ({ 'risk-uuid': uuid('risk', scope, key) })),
    ),
    ...maybe('remarks', item.remarks),
  };
}

/** Reads a plan of action and milestones back; of another tool's, what this house has a place for. */
export function readPoam(plan: PlanOfActionAndMilestones): PoamInput {
  const observations = new Map((plan.observations ?? []).map((each) => [each.uuid, keyOf(each)]));
  const risks = new Map((plan.risks ?? []).map((each) => [each.uuid, keyOf(each)]));
  const isOwn = (held: Parameters<typeof oneOwn>[0]): boolean => oneOwn(held, 'added') === 'yes';
  return {
    head: readHead(plan),
    ...maybe(
      'ssp',
      plan['import-ssp'] === undefined ? undefined : readReference(plan['import-ssp'].href, plan),
    ),
    ...maybe('systemId', plan['system-id']?.id),
    ...maybeList(
      'components',
      plan['local-definitions']?.components?.filter((each) => !isOwn(each)).map(readComponent),
    ),
    ...maybeList('observations', plan.observations?.map(readObservation)),
    ...maybeList(
      'risks',
      plan.risks?.map((risk) => readRisk(risk, observations)),
    ),
    items: plan['poam-items']
      .filter((item) => !isOwn(item))
      .map((item) => readItem(item, observations, risks)),
  };
}

function readItem(
  item: PoamItem,
  observations: ReadonlyMap<string, string>,
  risks: ReadonlyMap<string, string>,
): ItemInput {
  const due = oneOwn(item, 'due');
  return {
    key: keyOf(item),
    title: readTitle(item),
    description: item.description,
    ...maybeList('controls', allOwn(item, 'control')),
    ...maybeList(
      'observations',
      item['related-observations']?.map(({ 'observation-uuid': uuid }) => observations.get(uuid) ?? uuid),
    ),
    ...maybeList(
      'risks',
      item['related-risks']?.map(({ 'risk-uuid': uuid }) => risks.get(uuid) ?? uuid),
    ),
    ...maybe('due', due === undefined ? undefined : new Date(due)),
    ...maybe('owner', oneOwn(item, 'owner')),
    ...maybe('status', oneOwn(item, 'status')),
    ...factsOf(item),
    ...maybe('remarks', item.remarks),
  };
}
