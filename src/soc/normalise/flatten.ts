/** What of an event's own fields is kept; the rest is cut and the row says so in `quality`. */
export const fieldCaps = {
  count: 512,
  nameLength: 256,
  valueLength: 32_768,
  totalLength: 262_144,
  depth: 32,
} as const;

/** Takes an event's fields one by one. */
export type FieldSink = (name: string, value: string) => void;

/**
 * Walks a record to its leaves and hands each over as text under its dotted path, names verbatim: the form in which a
 * rule's field name finds it. Lists of scalars become JSON; a list of objects gets its index as a path step.
 * null and empty objects are left out, as Sigma takes them for absent.
 * @returns false where a cap cut something
 */
export function flattenFields(record: Readonly<Record<string, unknown>>, put: FieldSink): boolean {
  let left: number = fieldCaps.count;
  let room: number = fieldCaps.totalLength;
  let whole = true;

  const leaf = (name: string, text: string): void => {
    if (left === 0 || room <= 0) {
      whole = false;
      return;
    }
    let value = text;
    if (value.length > fieldCaps.valueLength || value.length > room) {
      value = value.slice(0, Math.min(fieldCaps.valueLength, room));
      whole = false;
    }
    let key = name;
    if (key.length > fieldCaps.nameLength) {
      key = key.slice(0, fieldCaps.nameLength);
      whole = false;
    }
    left--;
    room -= key.length + value.length;
    put(key, value);
  };

  const walk = (name: string, value: unknown, depth: number): void => {
    if (typeof value === 'string') leaf(name, value);
    else if (typeof value === 'number' || typeof value === 'boolean') leaf(name, String(value));
    else if (value === null || typeof value !== 'object') return;
    else if (depth >= fieldCaps.depth || left === 0) whole = false;
    else if (Array.isArray(value)) {
      if (value.length === 0) return;
      if (value.every(isScalar))
        leaf(name, value.length <= fieldCaps.count ? JSON.stringify(value) : cut(value));
      else
        for (let index = 0; index < value.length && left > 0; index++)
          walk(`${name}.${index}`, value[index], depth + 1);
    } else {
      // A record of JSON.parse: its own keys are all there is.
      const object = value as Readonly<Record<string, unknown>>;
      for (const key in object) walk(`${name}.${key}`, object[key], depth + 1);
    }
  };

  const cut = (list: readonly unknown[]): string => {
    whole = false;
    return JSON.stringify(list.slice(0, fieldCaps.count));
  };

  for (const key in record) walk(key, record[key], 1);
  return whole;
}

const isScalar = (value: unknown): boolean => value === null || typeof value !== 'object';
