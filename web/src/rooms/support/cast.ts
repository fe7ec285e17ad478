/** A recording, as asciicast v2 has it. */
export type Cast = {
  readonly columns: number;
  readonly rows: number;
  readonly seconds: number;
  readonly events: readonly { readonly at: number; readonly code: string; readonly data: string }[];
};

/** Lines that can't be read are left out: the server has checked that the recording is whole. */
export function readCast(text: string): Cast {
  const [first = '{}', ...lines] = text.split('\n');
  const header: unknown = JSON.parse(first);
  const size = (name: string, fallback: number): number => {
    const value = typeof header === 'object' && header !== null ? Reflect.get(header, name) : undefined;
    // Zero is what a terminal says that has no size.
    return typeof value === 'number' && value > 0 ? value : fallback;
  };
  const events = lines.flatMap((line) => {
    if (line === '') return [];
    const value: unknown = JSON.parse(line);
    if (!Array.isArray(value)) return [];
    const [at, code, data] = value as unknown[];
    return typeof at === 'number' && typeof code === 'string' && typeof data === 'string'
      ? [{ at, code, data }]
      : [];
  });
  return { columns: size('width', 80), rows: size('height', 24), seconds: events.at(-1)?.at ?? 0, events };
}
