/**
 * What a rule's field name finds in an event: the literal key where there is one, else the dotted path through objects
 * and arrays. Several finds come back as one array. Undefined means absent.
 */
export function lookup(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(fields, name)) {
    const value = fields[name];
    if (value !== undefined) return value;
  }
  return name.includes('.') ? walkPath(fields, name.split('.')) : undefined;
}

/** Only the path, for names whose literal key is known to be absent. */
export function walkPath(from: unknown, path: readonly string[]): unknown {
  if (path.length > 32) return undefined;
  const found: unknown[] = [];
  collect(from, path, 0, 0, found);
  return found.length > 1 ? found : found[0];
}

const mostArrayDepth = 16;

function collect(from: unknown, path: readonly string[], at: number, nested: number, found: unknown[]): void {
  if (at === path.length) {
    if (from !== undefined) found.push(from);
    return;
  }
  if (typeof from !== 'object' || from === null) return;
  if (Array.isArray(from)) {
    if (nested < mostArrayDepth) for (const item of from) collect(item, path, at, nested + 1, found);
    return;
  }
  const key = path[at];
  if (key !== undefined && Object.hasOwn(from, key)) {
    collect((from as Record<string, unknown>)[key], path, at + 1, nested, found); // An object that is no array.
  }
}

/**
 * Calls `visit` with every scalar in the value, up to a depth no log reaches, until it says false. JSON null is no
 * scalar with a text.
 * @returns false where something was not visited
 */
export function eachScalar(
  value: unknown,
  visit: (scalar: string | number | boolean) => boolean,
  depth = 0,
): boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return visit(value);
  }
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= 128) return false;
  const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let whole = true;
  for (const item of items) {
    if (eachScalar(item, visit, depth + 1)) continue;
    if (typeof item !== 'object') return false;
    whole = false;
  }
  return whole;
}
