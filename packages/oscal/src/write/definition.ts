import type { ComponentDefinition, DefinedComponent } from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { answerProps, readAnswer, writeStatus } from './component.ts';
import {
  exactTitle,
  readHead,
  readReference,
  readTitle,
  type Whole,
  writeHead,
  writeReference,
} from './head.ts';
import { type ComponentDefinitionInput, type Head, InputFault } from './input.ts';
import { factsOf, keyOf, ownProps } from './props.ts';
import { oneLine, titleOf, tokenOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

type Defined = ComponentDefinitionInput['components'][number];

// SOURCE: OSCAL 1.1.2 component definition, values of the property implementation-status.
const standardStates = new Set(['implemented', 'partial', 'planned', 'alternative', 'not-applicable']);

/**
 * A component definition (OSCAL 1.1.2, valid under 1.2 too): what each service meets, for who builds upon it.
 * @throws {InputFault} for an implementation without a control
 */
export function componentDefinition(input: ComponentDefinitionInput): ComponentDefinition {
  const { whole, uuid } = writeHead('component-definition', input.head);
  const { uuid: own, metadata, ...rest } = whole;
  return {
    uuid: own,
    metadata,
    ...maybeList(
      'components',
      input.components.map((component) => writeDefined(component, input.head, uuid)),
    ),
    ...rest,
  };
}

function writeDefined(component: Defined, head: Head, uuid: UuidOf): DefinedComponent {
  return {
    uuid: uuid('component', component.key),
    type: oneLine(component.type) || 'service',
    title: titleOf(component.title),
    description: component.description,
    ...maybe('purpose', component.purpose === undefined ? undefined : titleOf(component.purpose)),
    ...ownProps({ key: component.key, ...exactTitle(component.title) }, component.facts),
    ...maybeList(
      'control-implementations',
      component.implementations?.map((implementation) => {
        const place = [component.key, implementation.key];
        if (implementation.controls.length === 0)
          throw new InputFault(`${component.title} lists no control for ${implementation.source}.`);
        return {
          uuid: uuid('implementation', ...place),
          source: writeReference(implementation.source, head, uuid),
          description: implementation.description,
          ...ownProps({ key: implementation.key }),
          'implemented-requirements': implementation.controls.map((answer) => {
            const { state, remarks } = writeStatus(answer);
            const standard = standardStates.has(state)
              ? [{ name: 'implementation-status', value: state, ...maybe('remarks', remarks) }]
              : [];
            return {
              uuid: uuid('answer', ...place, answer.control),
              'control-id': tokenOf(answer.control),
              description: answer.narrative,
              props: [...standard, ...(answerProps(answer).props ?? [])],
            };
          }),
        };
      }),
    ),
  };
}

/** Reads a component definition back; of another tool's, what this house has a place for. */
export const readComponentDefinition = (definition: ComponentDefinition): ComponentDefinitionInput => ({
  head: readHead(definition),
  components: (definition.components ?? []).map((component) => readDefined(component, definition)),
});

const readDefined = (component: DefinedComponent, whole: Whole): Defined => ({
  key: keyOf(component),
  type: component.type,
  title: readTitle(component),
  description: component.description,
  ...maybe('purpose', component.purpose),
  ...factsOf(component),
  ...maybeList(
    'implementations',
    component['control-implementations']?.map((implementation) => ({
      key: keyOf(implementation),
      source: readReference(implementation.source, whole),
      description: implementation.description,
      controls: implementation['implemented-requirements'].map((requirement) => {
        const state = requirement.props?.find(
          ({ name, ns }) => name === 'implementation-status' && ns === undefined,
        );
        return readAnswer(
          requirement['control-id'],
          requirement,
          state === undefined ? undefined : { state: state.value, ...maybe('remarks', state.remarks) },
        );
      }),
    })),
  ),
});
