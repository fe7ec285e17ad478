import type { Observation } from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { exactTitle, readTitle } from './head.ts';
import type { ObservationInput } from './input.ts';
import { factsOf, keyOf, oneOwn, ownProps } from './props.ts';
import { momentOf, oneLine, titleOf, tokenOf } from './text.ts';
import type { UuidOf } from './uuid.ts';

export function writeObservation(input: ObservationInput, scope: string, uuid: UuidOf): Observation {
  const { key, title } = input;
  return {
    uuid: uuid('observation', scope, key),
    ...maybe('title', title === undefined ? undefined : titleOf(title)),
    description: input.description,
    ...ownProps({ key, ...(title === undefined ? {} : exactTitle(title)) }, input.facts),
    methods: input.methods.length > 0 ? input.methods : ['UNKNOWN'],
    ...maybeList('types', input.types?.map(tokenOf)),
    ...maybeList(
      'subjects',
      input.subjects?.map((subject) => ({
        'subject-uuid': uuid(subject.type === 'component' ? 'component' : 'subject', subject.key),
        type: tokenOf(subject.type),
        ...maybe('title', subject.title === undefined ? undefined : titleOf(subject.title)),
        ...ownProps({ key: subject.key, ...(subject.title === undefined ? {} : exactTitle(subject.title)) }),
      })),
    ),
    ...maybeList(
      'relevant-evidence',
      input.evidence?.map((each) => ({
        href: `#${uuid('resource', each.resource)}`,
        description: each.description,
        ...ownProps({ key: each.resource }),
      })),
    ),
    collected: momentOf(input.collected),
    ...maybe('expires', input.expires === undefined ? undefined : momentOf(input.expires)),
    ...maybe('remarks', input.remarks),
  };
}

const methods = ['EXAMINE', 'INTERVIEW', 'TEST', 'UNKNOWN'] as const;

export function readObservation(observation: Observation): ObservationInput {
  const { title, description, types, collected, expires, remarks } = observation;
  return {
    key: keyOf(observation),
    ...maybe('title', title === undefined ? undefined : readTitle(observation)),
    description,
    methods: observation.methods.map(
      (method) => methods.find((known) => known === method.toUpperCase()) ?? 'UNKNOWN',
    ),
    ...maybeList('types', types),
    collected: new Date(collected),
    ...maybe('expires', expires === undefined ? undefined : new Date(expires)),
    ...maybeList(
      'subjects',
      observation.subjects?.map((subject) => ({
        key: oneOwn(subject, 'key') ?? subject['subject-uuid'],
        type: subject.type,
        ...maybe('title', subject.title === undefined ? undefined : readTitle(subject)),
      })),
    ),
    ...maybeList(
      'evidence',
      observation['relevant-evidence']?.map((each) => ({
        resource: oneOwn(each, 'key') ?? oneLine(each.href ?? ''),
        description: each.description,
      })),
    ),
    ...factsOf(observation),
    ...maybe('remarks', remarks),
  };
}
