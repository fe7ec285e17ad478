import type { Profile } from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { readHead, readReference, writeHead, writeReference } from './head.ts';
import { InputFault, type ProfileInput } from './input.ts';
import { factsOf, oneOwn, ownProps } from './props.ts';
import { titleOf, tokenOf } from './text.ts';

/**
 * A profile (OSCAL 1.1.2, valid under 1.2 too): what of a catalogue applies, and what is set or added.
 * Control and parameter ids are those of what is imported. @throws {InputFault} without an import
 */
export function profile(input: ProfileInput): Profile {
  const { whole, uuid } = writeHead('profile', input.head);
  const { uuid: own, metadata, ...rest } = whole;
  if (input.imports.length === 0) throw new InputFault('A profile needs something to import.');
  const parameters = Object.entries(input.parameters ?? {}).map(([id, values]) => ({
    'param-id': tokenOf(id),
    values: values.map(titleOf),
  }));
  const alters = (input.additions ?? []).map(({ control, facts, guidance }) => ({
    'control-id': tokenOf(control),
    adds: [
      {
        position: 'ending' as const,
        ...ownProps({ added: 'yes' }, facts),
        ...maybeList(
          'parts',
          guidance === undefined
            ? undefined
            : [
                {
                  id: tokenOf(guidance.key),
                  name: 'guidance',
                  prose: guidance.prose,
                  ...ownProps({ key: guidance.key }),
                },
              ],
        ),
      },
    ],
  }));
  return {
    uuid: own,
    metadata,
    imports: input.imports.map(({ href, include, exclude }) => ({
      href: writeReference(href, input.head, uuid),
      // A list without ids would be no valid selection: it imports nothing.
      ...(include === 'all'
        ? { 'include-all': {} }
        : { 'include-controls': [{ 'with-ids': withIds(include) }] }),
      ...maybeList(
        'exclude-controls',
        exclude === undefined || exclude.length === 0 ? undefined : [{ 'with-ids': withIds(exclude) }],
      ),
    })),
    merge: input.keepsGroups ? { 'as-is': true } : { flat: {} },
    ...maybe(
      'modify',
      parameters.length === 0 && alters.length === 0
        ? undefined
        : { ...maybeList('set-parameters', parameters), ...maybeList('alters', alters) },
    ),
    ...rest,
  };
}

function withIds(ids: readonly string[]): readonly string[] {
  if (ids.length === 0)
    throw new InputFault('An import of a profile names no control: name some, or include all.');
  return ids.map(tokenOf);
}

/** Reads a profile of this house back; of another tool's, what this house has a place for (patterns are left out). */
export function readProfile(document: Profile): ProfileInput {
  const parameters = (document.modify?.['set-parameters'] ?? []).map(
    (each) => [each['param-id'], each.values ?? []] as const,
  );
  return {
    head: readHead(document),
    imports: document.imports.map((each) => ({
      href: readReference(each.href, document),
      include:
        each['include-controls'] === undefined
          ? 'all'
          : each['include-controls'].flatMap((selection) => selection['with-ids'] ?? []),
      ...maybeList(
        'exclude',
        each['exclude-controls']?.flatMap((selection) => selection['with-ids'] ?? []),
      ),
    })),
    keepsGroups: document.merge?.['as-is'] === true,
    ...(parameters.length === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    ...maybeList(
      'additions',
      document.modify?.alters?.flatMap((alter) =>
        (alter.adds ?? []).map((add) => {
          const part = add.parts?.find(({ name }) => name === 'guidance');
          return {
            control: alter['control-id'],
            ...factsOf(add),
            ...maybe(
              'guidance',
              part === undefined
                ? undefined
                : { key: oneOwn(part, 'key') ?? part.id ?? '', prose: part.prose ?? '' },
            ),
          };
        }),
      ),
    ),
  };
}
