import type {
  ByComponent,
  InventoryItem,
  SspImplementedRequirement,
  SystemCharacteristics,
  SystemComponent,
  SystemImplementation,
  SystemSecurityPlan,
} from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import {
  answerProps,
  exactControl,
  readAnswer,
  readComponent,
  writeComponent,
  writeStatus,
} from './component.ts';
import { exactTitle, readHead, readReference, readTitle, writeHead, writeReference } from './head.ts';
import { type ControlAnswer, InputFault, type InventoryInput, type SspInput } from './input.ts';
import { allOwn, factsOf, keyOf, oneOwn, ownProps } from './props.ts';
import { oneLine, titleOf, tokenOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

// What OSCAL requires and the input does not have is added with this mark, and left out again by the reader.
const added = { added: 'yes' };
const isAdded = (held: Parameters<typeof oneOwn>[0]): boolean => oneOwn(held, 'added') === 'yes';

const thisSystem = 'this-system';

/**
 * A system security plan (OSCAL 1.1.2, valid under 1.2 too).
 * @throws {InputFault} without a control, or with an answer of a component that is not listed
 */
export function ssp(input: SspInput): SystemSecurityPlan {
  const { whole, uuid } = writeHead('ssp', input.head);
  const { uuid: own, metadata, ...rest } = whole;
  return {
    uuid: own,
    metadata,
    'import-profile': { href: writeReference(input.profile, input.head, uuid) },
    'system-characteristics': characteristics(input, uuid),
    'system-implementation': implementation(input, uuid),
    'control-implementation': {
      description: input.description,
      'implemented-requirements': requirements(input, uuid),
    },
    ...rest,
  };
}

function characteristics({ system }: SspInput, uuid: UuidOf): SystemCharacteristics {
  const information = system.information.map((each) => ({
    uuid: uuid('information', each.key),
    title: titleOf(each.title),
    description: each.description,
    ...ownProps({ key: each.key, ...exactTitle(each.title) }),
    ...maybe('confidentiality-impact', impact(each.confidentiality)),
    ...maybe('integrity-impact', impact(each.integrity)),
    ...maybe('availability-impact', impact(each.availability)),
  }));
  return {
    'system-ids': [{ id: oneLine(system.id) || 'system' }],
    'system-name': titleOf(system.name),
    description: system.description,
    ...ownProps(
      { ...exactTitle(system.name), ...(oneLine(system.id) === system.id ? {} : { 'system-id': system.id }) },
      system.facts,
    ),
    ...maybe(
      'security-sensitivity-level',
      system.sensitivity === undefined ? undefined : titleOf(system.sensitivity),
    ),
    'system-information': {
      'information-types':
        information.length > 0
          ? information
          : [
              {
                uuid: uuid('information', 'added'),
                title: 'Information of the system',
                description: 'No kinds of information are listed.',
                ...ownProps(added),
              },
            ],
    },
    ...maybe(
      'security-impact-level',
      system.impact === undefined
        ? undefined
        : {
            'security-objective-confidentiality': titleOf(system.impact.confidentiality),
            'security-objective-integrity': titleOf(system.impact.integrity),
            'security-objective-availability': titleOf(system.impact.availability),
          },
    ),
    status: { state: system.status, ...maybe('remarks', system.statusRemarks) },
    'authorization-boundary': { description: system.boundary },
    ...maybe('network-architecture', described(system.network)),
    ...maybe('data-flow', described(system.dataFlow)),
  };
}

const described = (description: string | undefined): { description: string } | undefined =>
  description === undefined ? undefined : { description };
const impact = (base: string | undefined): { base: string } | undefined =>
  base === undefined ? undefined : { base: titleOf(base) };

function implementation(input: SspInput, uuid: UuidOf): SystemImplementation {
  const self: SystemComponent = {
    uuid: uuid('component', thisSystem),
    type: 'this-system',
    title: titleOf(input.system.name),
    description: input.system.description,
    ...ownProps({ ...added, key: thisSystem }),
    status: {
      state: input.system.status === 'under-major-modification' ? 'operational' : input.system.status,
    },
  };
  const users = (input.users ?? []).map((user) => ({
    uuid: uuid('user', user.key),
    title: titleOf(user.title),
    ...maybe('description', user.description),
    ...ownProps({ key: user.key, ...exactTitle(user.title) }, user.facts),
  }));
  return {
    ...maybeList(
      'leveraged-authorizations',
      input.leveraged?.map((each) => ({
        uuid: uuid('leveraged', each.key),
        title: titleOf(each.title),
        ...ownProps({ key: each.key, party: each.party, ...exactTitle(each.title) }, each.facts),
        'party-uuid': uuid('party', each.party),
        'date-authorized': each.authorised,
      })),
    ),
    users:
      users.length > 0
        ? users
        : [{ uuid: uuid('user', 'added'), title: 'Users of the system', ...ownProps(added) }],
    components: [self, ...(input.components ?? []).map((component) => writeComponent(component, uuid))],
    ...maybeList(
      'inventory-items',
      input.inventory?.map((item) => writeItem(item, uuid)),
    ),
  };
}

const writeItem = (item: InventoryInput, uuid: UuidOf): InventoryItem => ({
  uuid: uuid('item', item.key),
  description: item.description,
  ...ownProps({ key: item.key, component: item.components }, item.facts),
  ...maybeList(
    'implemented-components',
    item.components?.map((key) => ({ 'component-uuid': uuid('component', key) })),
  ),
});

function requirements(input: SspInput, uuid: UuidOf): readonly SspImplementedRequirement[] {
  if (input.controls.length === 0)
    throw new InputFault('A system security plan needs at least one control: resolve the profile first.');
  const known = new Set([thisSystem, ...(input.components ?? []).map((component) => component.key)]);
  const byControl = Map.groupBy(input.controls, (answer) => answer.control);
  return Array.from(byControl, ([control, answers]) => ({
    uuid: uuid('requirement', control),
    'control-id': tokenOf(control),
    ...ownProps(exactControl(control)),
    'by-components': answers.map((answer) => byComponent(answer, known, uuid)),
  }));
}

function byComponent(answer: ControlAnswer, known: ReadonlySet<string>, uuid: UuidOf): ByComponent {
  const component = answer.component ?? thisSystem;
  if (!known.has(component))
    throw new InputFault(
      `${answer.control} is answered for the component ${component}, which is not listed.`,
    );
  return {
    'component-uuid': uuid('component', component),
    uuid: uuid('answer', answer.control, component),
    description: answer.narrative,
    ...answerProps(answer),
    'implementation-status': writeStatus(answer),
  };
}

/** Reads a system security plan back; of another tool's, what this house has a place for. */
export function readSsp(plan: SystemSecurityPlan): SspInput {
  const system = plan['system-characteristics'];
  const inside = plan['system-implementation'];
  const keys = new Map(inside.components.map((component) => [component.uuid, keyOf(component)]));
  const self = inside.components.find((component) => component.type === 'this-system')?.uuid;
  const components = inside.components.filter((component) => !isAdded(component) && component.uuid !== self);
  const information = (system['system-information']['information-types'] ?? []).filter(
    (each) => !isAdded(each),
  );
  return {
    head: readHead(plan),
    profile: readReference(plan['import-profile'].href, plan),
    system: {
      id: oneOwn(system, 'system-id') ?? system['system-ids'][0]?.id ?? '',
      name: oneOwn(system, 'title') ?? system['system-name'],
      description: system.description,
      ...maybe('sensitivity', system['security-sensitivity-level']),
      status: system.status.state,
      ...maybe('statusRemarks', system.status.remarks),
      boundary: system['authorization-boundary'].description,
      ...maybe('network', system['network-architecture']?.description),
      ...maybe('dataFlow', system['data-flow']?.description),
      information: information.map((each) => ({
        key: keyOf(each),
        title: readTitle(each),
        description: each.description,
        ...maybe('confidentiality', each['confidentiality-impact']?.base),
        ...maybe('integrity', each['integrity-impact']?.base),
        ...maybe('availability', each['availability-impact']?.base),
      })),
      ...maybe('impact', readImpact(system['security-impact-level'])),
      ...factsOf(system),
    },
    ...maybeList(
      'users',
      inside.users
        .filter((user) => !isAdded(user))
        .map((user) => ({
          key: keyOf(user),
          title: readTitle(user),
          ...maybe('description', user.description),
          ...factsOf(user),
        })),
    ),
    ...maybeList(
      'leveraged',
      inside['leveraged-authorizations']?.map((each) => ({
        key: keyOf(each),
        title: readTitle(each),
        party: oneOwn(each, 'party') ?? each['party-uuid'],
        authorised: each['date-authorized'],
        ...factsOf(each),
      })),
    ),
    ...maybeList('components', components.map(readComponent)),
    ...maybeList(
      'inventory',
      inside['inventory-items']?.map((item) => ({
        key: keyOf(item),
        description: item.description,
        ...maybeList('components', readItemComponents(item, keys)),
        ...factsOf(item),
      })),
    ),
    controls: plan['control-implementation']['implemented-requirements'].flatMap((requirement) =>
      answersOf(requirement).map((answer) => ({
        ...readAnswer(requirement['control-id'], answer, answer['implementation-status']),
        ...maybe(
          'component',
          answer['component-uuid'] === self
            ? undefined
            : (keys.get(answer['component-uuid']) ?? answer['component-uuid']),
        ),
      })),
    ),
    description: plan['control-implementation'].description,
  };
}

/** Answers stand at the requirement, or (other tools) at its statements. */
const answersOf = (requirement: SspImplementedRequirement): readonly ByComponent[] => [
  ...(requirement['by-components'] ?? []),
  ...(requirement.statements ?? []).flatMap((statement) => statement['by-components'] ?? []),
];

function readItemComponents(item: InventoryItem, keys: ReadonlyMap<string, string>): readonly string[] {
  const own = allOwn(item, 'component');
  if (own.length > 0) return own;
  return (item['implemented-components'] ?? []).map(({ 'component-uuid': uuid }) => keys.get(uuid) ?? uuid);
}

const readImpact = (level: SystemCharacteristics['security-impact-level']): SspInput['system']['impact'] =>
  level === undefined
    ? undefined
    : {
        confidentiality: level['security-objective-confidentiality'],
        integrity: level['security-objective-integrity'],
        availability: level['security-objective-availability'],
      };
