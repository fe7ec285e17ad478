import type { Property, SystemComponent } from '../generated/types.ts';
import { maybe } from '../members.ts';
import { exactTitle, readTitle } from './head.ts';
import type { AsdStatus, ComponentInput, ControlAnswer } from './input.ts';
import { factsOf, keyOf, oneOwn, ownProps } from './props.ts';
import { oneLine, titleOf, tokenOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

export function writeComponent(component: ComponentInput, uuid: UuidOf): SystemComponent {
  const { key, type, title, description, purpose, status } = component;
  return {
    uuid: uuid('component', key),
    type: oneLine(type) || 'service',
    title: titleOf(title),
    description,
    ...maybe('purpose', purpose === undefined ? undefined : titleOf(purpose)),
    ...ownProps({ key, ...exactTitle(title) }, component.facts),
    status: { state: status },
  };
}

export const readComponent = (component: SystemComponent): ComponentInput => ({
  key: keyOf(component),
  type: component.type,
  title: readTitle(component),
  description: component.description,
  ...maybe('purpose', component.purpose),
  status: component.status.state,
  ...factsOf(component),
});

/**
 * ASD's words as states of OSCAL. OSCAL has no word for what is not implemented or not known, and allows others:
 * those are tokens of this house, with the reason in the remarks.
 * SOURCE: OSCAL 1.1.2 implementation-status, states implemented, partial, planned, alternative, not-applicable.
 */
const states: Readonly<Record<AsdStatus, string>> = {
  Effective: 'implemented',
  'Alternate Control': 'alternative',
  Ineffective: 'partial',
  'Not Implemented': 'not-implemented',
  'Not Applicable': 'not-applicable',
  'No Visibility': 'no-visibility',
  'Not Assessed': 'not-assessed',
};

const reasons: Partial<Record<AsdStatus, string>> = {
  Ineffective: 'Assessed as ineffective: in place in part, or without its effect.',
  'Not Implemented': 'Not implemented (a state of this house: OSCAL has no word for it).',
  'No Visibility': 'Nobody could see whether it is implemented (a state of this house).',
  'Not Assessed': 'Not assessed (a state of this house).',
};

type Answer = Omit<ControlAnswer, 'component'>;

/** The status of an answer: `state` and why. */
export function writeStatus(answer: Answer): { state: string; remarks?: string } {
  return { state: states[answer.status], ...maybe('remarks', answer.because ?? reasons[answer.status]) };
}

/** The properties of an answer that OSCAL has no member for. */
export const answerProps = (answer: Answer): { props?: readonly Property[] } =>
  ownProps(
    {
      ...exactControl(answer.control),
      'asd-status': answer.status,
      because: answer.because,
      'responsible-entity': answer.responsibleEntity,
      'customer-responsibility': answer.customerResponsibility,
      'statement-sha256': answer.statementHash,
      owner: answer.owner,
    },
    answer.facts,
  );

/** Reads an answer of this house or of another tool. */
export function readAnswer(
  control: string,
  held: { props?: readonly Property[]; description: string },
  status: { state: string; remarks?: string } | undefined,
): Answer {
  const word = oneOwn(held, 'asd-status');
  return {
    control: oneOwn(held, 'control-id') ?? control,
    status: isAsdStatus(word) ? word : statusOf(status?.state),
    narrative: held.description,
    ...maybe('because', word === undefined ? status?.remarks : oneOwn(held, 'because')),
    ...maybe('responsibleEntity', oneOwn(held, 'responsible-entity')),
    ...maybe('customerResponsibility', oneOwn(held, 'customer-responsibility')),
    ...maybe('statementHash', oneOwn(held, 'statement-sha256')),
    ...maybe('owner', oneOwn(held, 'owner')),
    ...factsOf(held),
  };
}

const isAsdStatus = (word: string | undefined): word is AsdStatus => word !== undefined && word in states;

/** What another tool's state says in ASD's words: what is planned or in part is not effective. */
function statusOf(state: string | undefined): AsdStatus {
  switch (state) {
    case 'implemented':
      return 'Effective';
    case 'alternative':
      return 'Alternate Control';
    case 'partial':
      return 'Ineffective';
    case 'planned':
    case 'not-implemented':
      return 'Not Implemented';
    case 'not-applicable':
      return 'Not Applicable';
    case 'no-visibility':
      return 'No Visibility';
    default:
      return 'Not Assessed';
  }
}

/** A control id that is no token is kept beside the token it is written as. */
export const exactControl = (control: string): { 'control-id'?: string } =>
  tokenOf(control) === control ? {} : { 'control-id': control };
