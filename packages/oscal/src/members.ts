/** `{ [name]: value }`, or nothing where there is no value: for members that may be left out. */
export function maybe<N extends string, V>(name: N, value: V | undefined): { [K in N]?: V } {
  // An object with the one computed name is of that type.
  return (value === undefined ? {} : { [name]: value }) as { [K in N]?: V };
}

/** `{ [name]: list }`, or nothing where the list is empty or missing. */
export const maybeList = <N extends string, V>(
  name: N,
  list: readonly V[] | undefined,
): { [K in N]?: readonly V[] } => maybe(name, list === undefined || list.length === 0 ? undefined : list);
