import type { Catalog } from '@ironbark/oscal';
import type { ControlState, SystemState } from '../state.ts';

type Group = NonNullable<Catalog['groups']>[number];
type Tree = { readonly title: string; readonly controls: ControlState[]; readonly groups: Map<string, Tree> };

/**
 * The controls of the system as a catalogue, with the words that were assessed: what the profile of a bundle resolves
 * against. The framework's publisher has the catalogue itself; its edition and hash are in the bundle's other documents.
 */
export function catalogOf(state: SystemState, uuid: string): Catalog {
  const root: Tree = { title: '', controls: [], groups: new Map() };
  for (const control of state.controls) {
    let at = root;
    for (const title of control.path.length === 0 ? ['Controls'] : control.path) {
      const next = at.groups.get(title) ?? { title, controls: [], groups: new Map() };
      at.groups.set(title, next);
      at = next;
    }
    at.controls.push(control);
  }
  return {
    uuid,
    metadata: {
      title: `${state.framework.title}, as assessed`,
      'last-modified': state.at.toISOString(),
      version: state.framework.edition,
      'oscal-version': '1.1.2',
    },
    groups: [...root.groups.values()].map(groupOf),
  };
}

const groupOf = ({ title, controls, groups }: Tree): Group => ({
  title,
  ...(groups.size > 0 && { groups: [...groups.values()].map(groupOf) }),
  ...(controls.length > 0 && { controls: controls.map(controlOf) }),
});

const controlOf = ({ id, label, revision, statement }: ControlState) => ({
  id,
  title: label,
  ...(revision !== '' && { props: [{ name: 'revision', value: revision }] }),
  parts: [{ id: `${id}_smt`, name: 'statement', prose: statement }],
});
