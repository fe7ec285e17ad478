import type { Parameter, ProfileModify, Property } from '../generated/types.ts';
import { maybeList } from '../members.ts';

export type SetParameters = NonNullable<ProfileModify['set-parameters']>;

/** Gives each parameter as the profile sets it. */
export function parameterSetter(settings: SetParameters): (param: Parameter) => Parameter {
  const byId = Map.groupBy(settings, (setting) => setting['param-id']);
  return (param) => (byId.get(param.id) ?? []).reduce(set, param);
}

/**
 * What is single is replaced, what is a list grows; values and a selection replace each other, because a parameter has
 * one or the other. @see OSCAL profile resolution, setting parameters
 */
function set(param: Parameter, setting: SetParameters[number]): Parameter {
  const { values: _, select: __, ...rest } = param;
  const { class: kind, label, usage, values, select } = setting;
  const dependsOn = setting['depends-on'];
  return {
    ...(values === undefined && select === undefined ? param : rest),
    ...(kind === undefined ? {} : { class: kind }),
    ...(dependsOn === undefined ? {} : { 'depends-on': dependsOn }),
    ...maybeList('props', [...withoutReplaced(param.props, setting.props), ...(setting.props ?? [])]),
    ...maybeList('links', [...(param.links ?? []), ...(setting.links ?? [])]),
    ...(label === undefined ? {} : { label }),
    ...(usage === undefined ? {} : { usage }),
    ...maybeList('constraints', [...(param.constraints ?? []), ...(setting.constraints ?? [])]),
    ...maybeList('guidelines', [...(param.guidelines ?? []), ...(setting.guidelines ?? [])]),
    ...(values === undefined ? {} : { values }),
    ...(select === undefined ? {} : { select }),
  };
}

/** A property with a uuid replaces the one that had it. */
const withoutReplaced = (
  props: readonly Property[] | undefined,
  newer: readonly Property[] | undefined,
): readonly Property[] =>
  (props ?? []).filter(({ uuid }) => uuid === undefined || !newer?.some((prop) => prop.uuid === uuid));
