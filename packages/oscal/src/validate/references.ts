import { type Fault, type FaultCode, nearest, quoted } from '../fault.ts';
import type { Model, OscalDocument } from '../read/models.ts';
import type { Identities } from './identity.ts';
import type { Written } from './imports.ts';
import { memberOf, type Place, placesIn, pointerOf } from './places.ts';

/** Members that refer to something by uuid: the list it stands in, and the models that hold that list themselves. */
type Referred = { list: string; models: readonly Model[] | 'all'; elsewhere?: true };

// `elsewhere`: NIST's own examples refer to risks and activities of the document they build upon.
const uuidReferences: Readonly<Record<string, Referred>> = {
  'party-uuid': { list: 'parties', models: 'all' },
  'party-uuids': { list: 'parties', models: 'all' },
  'location-uuids': { list: 'locations', models: 'all' },
  'component-uuid': { list: 'components', models: ['system-security-plan', 'component-definition'] },
  'observation-uuid': {
    list: 'observations',
    models: ['assessment-results', 'plan-of-action-and-milestones'],
    elsewhere: true,
  },
  'risk-uuid': {
    list: 'risks',
    models: ['assessment-results', 'plan-of-action-and-milestones'],
    elsewhere: true,
  },
  'task-uuid': { list: 'tasks', models: ['assessment-plan'], elsewhere: true },
  'activity-uuid': { list: 'activities', models: ['assessment-plan'], elsewhere: true },
};

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const markdownLink = /\]\(#([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\)/g;

/** Links and references that lead nowhere. */
export function referenceFaults(
  document: OscalDocument,
  known: Identities,
  written: Written | undefined,
): readonly Fault[] {
  const { model, value } = document;
  const controls = written?.controls;
  const faults: Fault[] = [];
  const resources = known.uuidsIn.get('resources') ?? new Set<string>();
  const hasBackMatter = value['back-matter'] !== undefined;
  // A resolved profile keeps links between controls that were not selected.
  const isResolved = value.metadata.props?.some(({ name }) => name === 'resolution-tool') ?? false;

  const fault = (code: FaultCode, place: Place, what: string, help: string, warning?: true): void => {
    faults.push({ code, where: pointerOf(place), what, help, ...(warning === undefined ? {} : { warning }) });
  };
  const link = (target: string, place: Place, shown: string): void => {
    if (uuid.test(target)) {
      const key = target.toLowerCase();
      if (resources.has(key) || known.uuids.has(key)) return;
      if (hasBackMatter)
        fault(
          'unresolved-link',
          place,
          `${shown} is no resource of the back matter.`,
          'Add the resource, or correct the uuid.',
        );
      else
        fault(
          'missing-back-matter',
          place,
          `${shown} points to back matter, and there is none.`,
          'Add "back-matter" with that resource, or remove the link.',
        );
    } else if (model === 'catalog' && !isResolved && !known.ids.has(target)) {
      fault(
        'unresolved-link',
        place,
        `${shown} is no control, group, part or parameter of this catalogue.`,
        'Correct the id, or remove the link.',
      );
    }
  };

  for (const place of placesIn(value, model)) {
    if (typeof place.value !== 'string') continue;
    const member = memberOf(place);
    const text = place.value;
    if (member === 'href' && text.startsWith('#') && text.length > 1)
      link(text.slice(1), place, quoted(text));
    else if (text.includes('](#'))
      for (const [, target = ''] of text.matchAll(markdownLink)) link(target, place, quoted(`#${target}`));
    const reference = Object.hasOwn(uuidReferences, member) ? uuidReferences[member] : undefined;
    if (reference !== undefined && (reference.models === 'all' || reference.models.includes(model))) {
      if (!known.uuidsIn.get(reference.list)?.has(text.toLowerCase()))
        fault(
          'unresolved-reference',
          place,
          `${quoted(text)} is none of the ${reference.list} of this document.`,
          `Add it to ${reference.list}, or correct the uuid.`,
          reference.elsewhere,
        );
    } else if ((member === 'role-id' || member === 'role-ids') && !known.roles.has(text)) {
      fault(
        'unresolved-reference',
        place,
        `${quoted(text)} is none of the roles in the metadata.`,
        'Add the role to "roles", or correct the id.',
        true,
      );
    } else if (member === 'control-id' && controls !== undefined && !controls.has(text)) {
      const meant = nearest(text, controls.size > 5000 ? [] : controls);
      fault(
        'unknown-control',
        place,
        `${quoted(text)} is not among the ${controls.size} controls it is written against.`,
        meant === undefined
          ? 'Correct the id, or give the edition it was written for.'
          : `Write ${quoted(meant)} if that is meant.`,
      );
    } else if (written !== undefined && namesPart(place, member) && !written.parts.has(text)) {
      fault(
        'unresolved-reference',
        place,
        `${quoted(text)} is no statement or objective of the controls it is written against.`,
        'Correct the id, or give the edition it was written for.',
        // Whoever found something may name a part by a rule, not by the catalogue.
        member === 'target-id' ? true : undefined,
      );
    }
  }
  return faults;
}

/** A member that holds the id of a part of a control. `target-id` does where its `type` says so. */
function namesPart(place: Place, member: string): boolean {
  if (member === 'statement-id' || member === 'statement-ids') return true;
  if (member !== 'target-id') return false;
  const target = place.above?.value;
  return (
    typeof target === 'object' &&
    target !== null &&
    'type' in target &&
    (target.type === 'statement-id' || target.type === 'objective-id')
  );
}
