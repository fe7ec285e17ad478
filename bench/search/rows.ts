import { columnIndex, EventBlock } from '#platform/events';

export const tenancies = Array.from({ length: 20 }, (_, at) => `t${at}-odce`);
const programs = Array.from(
  { length: 400 },
  (_, at) => `C:\\Program Files\\Vendor ${at % 40}\\bin\\program-${at}.exe`,
);
const day = 24 * 3600 * 1000;

/** A small generator with a seed, so that two runs have the same rows. */
export function randoms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export const needleOf = (sequence: number): string => `needle${sequence.toString(36)}z`;

/**
 * Events like those of Sysmon: process starts with 16 native fields, connections, look-ups.
 * @param time of an event, milliseconds
 */
export function writeRow(block: EventBlock, sequence: number, time: number, random: () => number): void {
  const pick = (below: number): number => Math.floor(random() * below);
  const hex = (digits: number): string => {
    let text = '';
    while (text.length < digits)
      text += pick(2 ** 24)
        .toString(16)
        .padStart(6, '0');
    return text.slice(0, digits);
  };
  const tenancy = tenancies[pick(tenancies.length)] ?? '';
  const host = `${tenancy.slice(0, 3)}-WS-${pick(100)}`;
  const user = `DOMAIN\\user-${pick(900)}`;
  block.row();
  block.set(columnIndex.tenancy_id, tenancy);
  block.set(columnIndex.source_id, `${tenancy}-windows`);
  block.set(columnIndex.source_sequence, sequence);
  block.set(columnIndex.event_uid, `${sequence.toString(16).padStart(8, '0')}-0000-4000-8000-${hex(12)}`);
  block.set(columnIndex.time, time);
  block.set(columnIndex.ingest_time, time + 500);
  block.set(columnIndex.product, 'windows');
  block.set(columnIndex.logsource_service, 'sysmon');
  block.set(columnIndex.device_hostname, host);
  block.set(columnIndex.actor_user_name, user);
  block.field('Computer', host);
  block.field('User', user);
  block.field('Channel', 'Microsoft-Windows-Sysmon/Operational');
  block.field('ProcessGuid', `{${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}}`);
  const program = programs[pick(programs.length)] ?? '';
  block.field('Image', program);
  const kind = random();
  if (kind < 0.6) {
    const command = `"${program}" --mode run --id ${pick(1e6)} --tag ${needleOf(sequence)}`;
    const hash = hex(64);
    block.set(columnIndex.class_uid, 1007);
    block.set(columnIndex.event_code, '1');
    block.set(columnIndex.process_path, program);
    block.set(columnIndex.process_cmd_line, command);
    block.set(columnIndex.process_pid, pick(65_000));
    block.set(columnIndex.process_hash_sha256, hash);
    block.set(columnIndex.parent_path, 'C:\\Windows\\explorer.exe');
    for (const [name, value] of [
      ['EventID', '1'],
      ['CommandLine', command],
      ['Hashes', `SHA256=${hash}`],
      ['ParentImage', 'C:\\Windows\\explorer.exe'],
      ['ParentCommandLine', 'C:\\Windows\\explorer.exe'],
      ['IntegrityLevel', 'Medium'],
      ['Company', 'Vendor Pty Ltd'],
      ['Description', 'A program of the vendor'],
    ] as const)
      block.field(name, value);
    return;
  }
  const address = `10.${pick(200)}.${pick(250)}.${pick(250)}`;
  if (kind < 0.85) {
    const port = [443, 80, 53, 445, 3389][pick(5)] ?? 443;
    block.set(columnIndex.class_uid, 4001);
    block.set(columnIndex.event_code, '3');
    block.set(columnIndex.dst_ip, address);
    block.set(columnIndex.dst_port, port);
    block.set(columnIndex.actor_process_path, program);
    block.field('EventID', '3');
    block.field('DestinationIp', address);
    block.field('DestinationPort', String(port));
    block.field('Protocol', 'tcp');
    return;
  }
  const name = `host-${pick(5000)}.service-${pick(50)}.example`;
  block.set(columnIndex.class_uid, 4003);
  block.set(columnIndex.event_code, '22');
  block.set(columnIndex.dns_query, name);
  block.field('EventID', '22');
  block.field('QueryName', name);
  block.field('QueryResults', address);
}

/** The newest events are in blocks as the pipeline makes them, one a second, at 2,000 events a second. */
const newest = { rows: 80_000, perBlock: 2000 };

/** @returns whole blocks of `rows` over the day before `end`, in the order of their time */
export function* blocksOver(
  rows: number,
  end: number,
  perBlock: number,
): Generator<{ bytes: Uint8Array<ArrayBuffer>; rows: number }> {
  const block = new EventBlock();
  const random = randoms(1);
  for (let sequence = 1; sequence <= rows; sequence++) {
    writeRow(block, sequence, end - day + Math.floor((sequence / rows) * day), random);
    const most = rows - sequence < newest.rows ? newest.perBlock : perBlock;
    if (block.rows >= most || sequence === rows) {
      const { rows: count } = block;
      yield { bytes: block.finish(), rows: count };
    }
  }
}
