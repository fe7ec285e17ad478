/**
 * The event table's columns: name, ClickHouse type, where OCSF 1.8.0 has it ("(platform)": nowhere), and what it says.
 * Every column has its type's default ('', 0, ::, [], {}) for "not said".
 * Append only: `EventBlock` counts on positions, and the tables of old data on names.
 */
export type Column = {
  readonly name: string;
  readonly type: ColumnType;
  readonly ocsf: string;
  readonly doc: string;
};

export type ColumnType =
  | 'LowCardinality(String)'
  | "DateTime64(3, 'UTC')"
  | 'UUID'
  | 'UInt32'
  | 'UInt8'
  | 'UInt64'
  | 'String'
  | 'IPv6'
  | 'UInt16'
  | 'Array(String)'
  | 'Array(LowCardinality(String))'
  | 'Map(LowCardinality(String), String)'
  | 'FixedString(32)';

const rows = [
  ['tenancy_id', 'LowCardinality(String)', '(platform)', 'whose event it is: the key of isolation'],
  [
    'time',
    "DateTime64(3, 'UTC')",
    'time',
    'when it happened, by the producer; see `quality` where that was not believable',
  ],
  ['ingest_time', "DateTime64(3, 'UTC')", 'metadata.logged_time', 'when the door took it'],
  [
    'event_uid',
    'UUID',
    'metadata.uid',
    'made from source and sequence: the same event has the same id for ever',
  ],
  ['class_uid', 'UInt32', 'class_uid', 'OCSF class, e.g. 1007 process activity'],
  ['activity_id', 'UInt8', 'activity_id', 'OCSF activity within the class, e.g. 1 launch'],
  ['type_uid', 'UInt64', 'type_uid', 'class_uid * 100 + activity_id'],
  ['category_uid', 'UInt8', 'category_uid', 'OCSF category, e.g. 1 system activity'],
  ['severity_id', 'UInt8', 'severity_id', '0 unknown, 1 informational to 6 fatal, 99 other'],
  ['status_id', 'UInt8', 'status_id', '0 unknown, 1 success, 2 failure, 99 other'],
  ['action_id', 'UInt8', 'action_id', '0 unknown, 1 allowed, 2 denied, 99 other'],
  ['source_id', 'LowCardinality(String)', 'metadata.log_provider', 'the source that sent it'],
  [
    'product',
    'LowCardinality(String)',
    'metadata.product.name',
    'windows, linux, zeek, suricata, aws, kubernetes ... in the words of Sigma',
  ],
  ['vendor', 'LowCardinality(String)', 'metadata.product.vendor_name', 'who makes the producer'],
  ['logsource_category', 'LowCardinality(String)', '(platform)', "Sigma's category, e.g. process_creation"],
  ['logsource_service', 'LowCardinality(String)', 'metadata.log_name', "Sigma's service, e.g. sysmon"],
  [
    'event_code',
    'LowCardinality(String)',
    'metadata.event_code',
    "the producer's own number or name of this kind of event",
  ],
  [
    'provider_name',
    'LowCardinality(String)',
    'metadata.log_provider',
    'the component of the producer that wrote it',
  ],
  ['message', 'String', 'message', 'the text for people, where the producer gives one'],
  ['device_hostname', 'LowCardinality(String)', 'device.hostname', 'where it happened'],
  ['device_uid', 'LowCardinality(String)', 'device.uid', "the machine's stable id"],
  ['device_ip', 'IPv6', 'device.ip', "the machine's address"],
  ['device_os', 'LowCardinality(String)', 'device.os.name', "the machine's operating system"],
  ['cloud_account_uid', 'LowCardinality(String)', 'cloud.account.uid', 'cloud account'],
  ['cloud_region', 'LowCardinality(String)', 'cloud.region', 'cloud region'],
  ['actor_user_name', 'LowCardinality(String)', 'actor.user.name', 'who did it'],
  ['actor_user_uid', 'LowCardinality(String)', 'actor.user.uid', 'SID, ARN or uid of who did it'],
  ['actor_user_domain', 'LowCardinality(String)', 'actor.user.domain', 'domain of who did it'],
  ['actor_session_uid', 'String', 'actor.session.uid', 'logon id or session of who did it'],
  ['target_user_name', 'LowCardinality(String)', 'user.name', 'to whom it was done'],
  ['target_user_uid', 'LowCardinality(String)', 'user.uid', 'SID, ARN or uid of that account'],
  ['target_user_domain', 'LowCardinality(String)', 'user.domain', 'domain of that account'],
  ['logon_type_id', 'UInt8', 'logon_type_id', 'Windows logon type, e.g. 3 network'],
  ['auth_protocol', 'LowCardinality(String)', 'auth_protocol', 'how the account was proven'],
  ['process_name', 'LowCardinality(String)', 'process.name', 'last part of process_path'],
  ['process_path', 'String', 'process.file.path', 'the program that started, or that the event is about'],
  ['process_cmd_line', 'String', 'process.cmd_line', 'its command line'],
  ['process_pid', 'UInt32', 'process.pid', 'its process id'],
  ['process_uid', 'String', 'process.uid', 'its id that is never used again'],
  ['process_cwd', 'String', 'process.working_directory', 'its working directory'],
  ['process_integrity', 'LowCardinality(String)', 'process.integrity', 'its integrity level'],
  [
    'process_original_name',
    'LowCardinality(String)',
    'process.file.internal_name',
    'the name in its version resource',
  ],
  [
    'process_company',
    'LowCardinality(String)',
    'process.file.company_name',
    'the company in its version resource',
  ],
  [
    'process_product',
    'LowCardinality(String)',
    'process.file.product.name',
    'the product in its version resource',
  ],
  [
    'process_description',
    'LowCardinality(String)',
    'process.file.desc',
    'the description in its version resource',
  ],
  ['process_hash_sha256', 'String', 'process.file.hashes[SHA-256].value', 'hash of its file, lower case hex'],
  ['process_hash_md5', 'String', 'process.file.hashes[MD5].value', 'hash of its file, lower case hex'],
  [
    'process_imphash',
    'String',
    'process.file.hashes[imphash].value',
    'hash of its import table, lower case hex',
  ],
  ['parent_path', 'String', 'process.parent_process.file.path', 'the program that started it'],
  ['parent_cmd_line', 'String', 'process.parent_process.cmd_line', "that program's command line"],
  ['parent_pid', 'UInt32', 'process.parent_process.pid', "that program's process id"],
  ['parent_uid', 'String', 'process.parent_process.uid', "that program's id that is never used again"],
  ['parent_user', 'LowCardinality(String)', 'process.parent_process.user.name', "that program's account"],
  [
    'actor_process_path',
    'String',
    'actor.process.file.path',
    'the program that did this to a file, key, connection, module or process',
  ],
  ['actor_process_cmd_line', 'String', 'actor.process.cmd_line', "that program's command line"],
  ['target_process_path', 'String', 'process.file.path', 'the program it was done to'],
  [
    'granted_access',
    'LowCardinality(String)',
    'actual_permissions',
    'access rights asked for, as written by the producer',
  ],
  ['call_trace', 'String', 'unmapped.CallTrace', 'the stack of the call'],
  ['module_path', 'String', 'module.file.path', 'the library or driver that was loaded'],
  ['module_hash_sha256', 'String', 'module.file.hashes[SHA-256].value', 'hash of its file, lower case hex'],
  [
    'signed',
    'LowCardinality(String)',
    'module.file.signatures[].state',
    'whether it is signed, as written by the producer',
  ],
  [
    'signature_status',
    'LowCardinality(String)',
    'module.file.signatures[].state',
    'whether the signature holds',
  ],
  [
    'signature_subject',
    'LowCardinality(String)',
    'module.file.signatures[].certificate.subject',
    'who signed it',
  ],
  ['file_path', 'String', 'file.path', 'the file it was done to'],
  ['file_name', 'String', 'file.name', 'last part of file_path'],
  ['file_path_prev', 'String', 'file_result.path', "the file's path before, or where it came from"],
  ['file_hash_sha256', 'String', 'file.hashes[SHA-256].value', 'hash of the file, lower case hex'],
  ['reg_path', 'String', 'reg_key.path/reg_value.path', 'the registry key or value'],
  ['reg_data', 'String', 'reg_value.data', 'what was written to it'],
  ['reg_event_type', 'LowCardinality(String)', 'activity_name', 'what was done to it'],
  ['pipe_name', 'String', 'file.name(win named pipe)', 'named pipe'],
  ['service_name', 'LowCardinality(String)', 'win_service.name', 'service that was installed or changed'],
  ['service_path', 'String', 'win_service.cmd_line', 'what that service runs'],
  ['script_text', 'String', 'script.script_content', 'script, block of script, or what was passed to it'],
  ['share_name', 'LowCardinality(String)', 'share', 'network share'],
  ['share_rel_path', 'String', 'file.path(smb)', 'path within the share'],
  ['access_mask', 'LowCardinality(String)', 'access_mask', 'access rights used, as written by the producer'],
  ['object_type', 'LowCardinality(String)', 'resource.type', 'kind of the object that was used'],
  ['src_ip', 'IPv6', 'src_endpoint.ip', 'where the connection came from; IPv4 as ::ffff:a.b.c.d'],
  ['src_port', 'UInt16', 'src_endpoint.port', 'port it came from'],
  ['src_hostname', 'LowCardinality(String)', 'src_endpoint.hostname', 'name of where it came from'],
  [
    'src_country',
    'LowCardinality(String)',
    'src_endpoint.location.country',
    'country of where it came from, two letters',
  ],
  ['src_asn', 'UInt32', 'src_endpoint.autonomous_system.number', 'autonomous system of where it came from'],
  ['dst_ip', 'IPv6', 'dst_endpoint.ip', 'where the connection went'],
  ['dst_port', 'UInt16', 'dst_endpoint.port', 'port it went to'],
  ['dst_hostname', 'String', 'dst_endpoint.hostname', 'name of where it went'],
  ['net_protocol', 'LowCardinality(String)', 'connection_info.protocol_name', 'tcp, udp, icmp ...'],
  ['app_protocol', 'LowCardinality(String)', 'app_name', 'protocol spoken over it'],
  [
    'net_direction_id',
    'UInt8',
    'connection_info.direction_id',
    '0 unknown, 1 inbound, 2 outbound, 3 lateral',
  ],
  ['bytes_in', 'UInt64', 'traffic.bytes_in', 'bytes from the destination'],
  ['bytes_out', 'UInt64', 'traffic.bytes_out', 'bytes from the source'],
  ['packets', 'UInt64', 'traffic.packets', 'packets of both'],
  ['duration_ms', 'UInt64', 'duration', 'how long it lasted, milliseconds'],
  ['community_id', 'String', 'connection_info.community_uid', 'Community ID of the flow'],
  ['tls_ja3', 'String', 'tls.ja3_hash.value', 'JA3 of the client'],
  ['tls_sni', 'String', 'tls.sni', 'name the client asked for'],
  ['dns_query', 'String', 'query.hostname', 'name that was asked for'],
  ['dns_type', 'LowCardinality(String)', 'query.type', 'record type, e.g. A'],
  ['dns_answers', 'Array(String)', 'answers[].rdata', 'what was answered'],
  ['dns_rcode', 'LowCardinality(String)', 'rcode', 'response code, e.g. NXDOMAIN'],
  ['http_method', 'LowCardinality(String)', 'http_request.http_method', 'method'],
  ['http_url', 'String', 'http_request.url.url_string', 'URL as it was asked for'],
  ['http_path', 'String', 'http_request.url.path', 'its path'],
  ['http_query', 'String', 'http_request.url.query_string', 'its query string'],
  ['http_host', 'LowCardinality(String)', 'http_request.url.hostname', 'its host'],
  ['http_user_agent', 'String', 'http_request.user_agent', 'client'],
  ['http_referrer', 'String', 'http_request.referrer', 'page it came from'],
  ['http_status', 'UInt16', 'http_response.code', 'response code'],
  ['api_operation', 'LowCardinality(String)', 'api.operation', 'call, e.g. ConsoleLogin'],
  ['api_service', 'LowCardinality(String)', 'api.service.name', 'service that was called'],
  ['api_error', 'LowCardinality(String)', 'api.response.error', 'error it answered'],
  ['resource_uid', 'String', 'resources[0].uid', 'resource it was done to'],
  ['rule_name', 'LowCardinality(String)', 'finding_info.title', "producer's own detection: its name"],
  ['rule_uid', 'LowCardinality(String)', 'finding_info.analytic.uid', "producer's own detection: its id"],
  [
    'attack_techniques',
    'Array(LowCardinality(String))',
    'attacks[].technique.uid',
    'ATT&CK technique ids, e.g. T1059.001',
  ],
  [
    'observables',
    'Array(String)',
    'observables[].value',
    'every address, name, hash and account in the event: for sweeps',
  ],
  [
    'fields',
    'Map(LowCardinality(String), String)',
    'unmapped',
    "the producer's own fields, verbatim names and values as text",
  ],
  ['raw', 'String', 'raw_data', 'the bytes as received, where they can not be made again from `fields`'],
  ['raw_hash', 'FixedString(32)', 'raw_data_hash', 'SHA-256 of the bytes as received'],
  [
    'parser_id',
    'LowCardinality(String)',
    'metadata.transformation_info_list[0].uid',
    'map and version that made this row',
  ],
  ['quality', 'UInt8', 'metadata.is_truncated', 'bits: what was not as it should be, see the normaliser'],
  ['source_sequence', 'UInt64', '(platform)', 'number of the event within its source: 1, 2, 3 ...'],
  ['client_id', 'String', '(platform)', "the producer's own id of the event, '' where it gave none"],
] as const satisfies readonly (readonly [string, ColumnType, string, string])[];

export type ColumnName = (typeof rows)[number][0];

export const columns: readonly (Column & { readonly name: ColumnName })[] = rows.map(
  ([name, type, ocsf, doc]) => ({ name, type, ocsf, doc }),
);

/** Position of each column, by name: what `EventBlock.set` takes. */
// Every name of ColumnName is a row's name, so the record is complete.
export const columnIndex = Object.fromEntries(rows.map(([name], index) => [name, index])) as Readonly<
  Record<ColumnName, number>
>;
