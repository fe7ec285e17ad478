import type { Entity } from './contract.ts';

/** Of each entity kind, the columns that name it, the most telling first. */
const columnsOf: readonly (readonly [Entity['kind'], readonly string[]])[] = [
  ['host', ['device_hostname', 'device_uid']],
  ['user', ['target_user_name', 'actor_user_name', 'actor_user_uid']],
  ['address', ['src_ip', 'dst_ip']],
  ['resource', ['resource_uid', 'cloud_account_uid']],
  ['process', ['process_path', 'actor_process_path', 'process_name']],
  ['file', ['file_path', 'module_path', 'service_path']],
  ['domain', ['dns_query', 'tls_sni', 'dst_hostname', 'http_host']],
];

const maxValueLength = 512;
const perKind = 2;

/**
 * Who and what an event is about, from its normalised columns.
 *
 * @param column gives a column's value by name; anything but a non-empty string counts as absent. Addresses in text
 *   form; an IPv4 mapped into IPv6 is shown as IPv4
 * @param source named when the event names nothing else
 * @returns never empty; the first is the one that alerts are grouped by: the host if there is one, else the user, the
 *   address, the resource, ..., else the source
 */
export function entitiesOf(column: (name: string) => unknown, source: string): Entity[] {
  const found: Entity[] = [];
  for (const [kind, names] of columnsOf) {
    let taken = 0;
    for (const name of names) {
      const value = shown(column(name));
      if (value === undefined || found.some((other) => other.kind === kind && sameValue(other.value, value)))
        continue;
      found.push({ kind, value });
      if (++taken === perKind) break;
    }
  }
  return found.length > 0 ? found : [{ kind: 'source', value: source }];
}

/** Host, user and domain names differ in case from one producer to the next, and mean the same. */
export const entityKey = (entity: Entity): string => `${entity.kind}:${entity.value.toLowerCase()}`;

const sameValue = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function shown(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '' || text === '-' || text === '::' || text === '0.0.0.0') return undefined;
  const plain = text.startsWith('::ffff:') && text.includes('.') ? text.slice('::ffff:'.length) : text;
  return plain.length > maxValueLength ? plain.slice(0, maxValueLength) : plain;
}
