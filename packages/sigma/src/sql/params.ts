/** Values of one query, by the names its text gives them; the same value has one name. */
export type Params = {
  readonly text: (value: string) => string;
  readonly texts: (values: readonly string[]) => string;
  readonly number: (value: number) => string;
  readonly values: () => Readonly<Record<string, string | number | readonly string[]>>;
};

export function newParams(): Params {
  const values: Record<string, string | number | readonly string[]> = {};
  const names = new Map<string, string>();
  const named = (type: string, value: string | number | readonly string[]): string => {
    const key = `${type} ${JSON.stringify(value)}`;
    const name = names.get(key) ?? `p${names.size + 1}`;
    names.set(key, name);
    values[name] = value;
    return `{${name}:${type}}`;
  };
  return {
    text: (value) => named('String', value),
    texts: (list) => named('Array(String)', list),
    number: (value) => named('Float64', value),
    values: () => values,
  };
}
