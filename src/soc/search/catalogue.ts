/** How a column is searched; ClickHouse types fold into these. */
export type FieldKind = 'text' | 'number' | 'address' | 'time' | 'uuid' | 'texts' | 'bytes';

export type Catalogue = {
  /** Undefined for a name that is no column: then it is a native one. */
  kindOf(column: string): FieldKind | undefined;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
};

/** @param columns of the event table; a Map column is not searched by its own name */
export function catalogueOf(columns: readonly { readonly name: string; readonly type: string }[]): Catalogue {
  const kinds = new Map<string, FieldKind>();
  for (const { name, type } of columns) {
    const kind = kindOfType(type);
    if (kind !== undefined) kinds.set(name, kind);
  }
  return { kindOf: (column) => kinds.get(column), columns: columns.filter(({ name }) => kinds.has(name)) };
}

function kindOfType(type: string): FieldKind | undefined {
  if (type.startsWith('Map(')) return undefined;
  if (type.startsWith('Array(')) return 'texts';
  if (type.startsWith('UInt')) return 'number';
  if (type.startsWith('DateTime64')) return 'time';
  if (type.startsWith('FixedString')) return 'bytes';
  if (type === 'IPv6') return 'address';
  if (type === 'UUID') return 'uuid';
  return 'text';
}

/** What people say for several columns; a producer's own field of that name counts too. */
export const aliases: ReadonlyMap<string, readonly string[]> = new Map([
  ['host', ['device_hostname']],
  ['user', ['actor_user_name', 'target_user_name']],
  ['ip', ['src_ip', 'dst_ip', 'device_ip']],
  ['process', ['process_path', 'actor_process_path', 'process_name']],
  ['command', ['process_cmd_line', 'actor_process_cmd_line']],
  [
    'hash',
    ['process_hash_sha256', 'process_hash_md5', 'module_hash_sha256', 'file_hash_sha256', 'process_imphash'],
  ],
  ['domain', ['dns_query', 'tls_sni', 'http_host', 'dst_hostname']],
  ['file', ['file_path', 'file_name']],
  ['tenancy', ['tenancy_id']],
  ['source', ['source_id']],
  ['uid', ['event_uid']],
]);
