import type { Importer } from '#governance/evidence';
import { type Read, recordImporter } from './records.ts';
import { holds, list, type Named, object, refused, said, string, taken, time } from './shapes.ts';

const results: Readonly<Record<string, string>> = {
  success: 'success',
  warning: 'warning',
  failed: 'failed',
  error: 'failed',
  completed: 'success',
  partiallyfailed: 'failed',
  '0': 'success',
  '1': 'warning',
  '2': 'failed',
};
const resultOf = (value: unknown): string => results[(string(value) ?? '').toLowerCase()] ?? 'unfinished';

/** REST /api/v1/sessions, or Get-VBRBackupSession with ConvertTo-Json. */
function veeamSession(value: Named): Read {
  const subject = string(value['name']) ?? string(value['JobName']) ?? string(value['Name']);
  const at = time(value['endTime']) ?? time(value['EndTime']) ?? time(value['EndTimeUTC']);
  const type = string(value['sessionType']) ?? string(value['JobType']) ?? '';
  if (subject === undefined || at === undefined)
    return { refused: 'It has no name or no end: it may still run.' };
  if (type !== '' && !/backup|replica|copy/i.test(type)) return { skipped: 'It is no backup session.' };
  const result = object(value['result']);
  return [
    {
      subject,
      at,
      values: said({
        product: 'Veeam',
        result: resultOf(result['result'] ?? value['Result'] ?? value['result']),
        startedAt: (time(value['creationTime']) ?? time(value['CreationTime']))?.toISOString(),
        repository: string(value['repositoryName']) ?? string(value['Repository']),
      }),
    },
  ];
}

const veeamTable: Importer = {
  kind: 'backup.runs',
  name: 'Veeam sessions (CSV)',
  onBadRow: 'skip-row',
  accepts: ({ text }) => {
    const first = text.split(/\r?\n/, 1)[0] ?? '';
    return /jobname/i.test(first) && /endtime/i.test(first) && /result/i.test(first);
  },
  async *read(file) {
    for await (const row of file.rows()) {
      if (!row.ok) {
        yield { row: row.row, refused: row.why, cutOff: row.cutOff };
        continue;
      }
      const read = veeamSession(row.cells);
      if ('refused' in read) yield refused(row.row, read.refused);
      else if ('skipped' in read) yield { row: row.row, skipped: read.skipped };
      else yield taken(row.row, ...read);
    }
    return { source: 'Veeam' };
  },
};

/** restic snapshots --json: every one of them was made. The data set is the first tag, or the host and what it holds. */
function resticSnapshot(value: Named): Read {
  const at = time(value['time']);
  const paths = list(value['paths']).flatMap((path) => string(path) ?? []);
  const host = string(value['hostname']);
  const subject = string(list(value['tags'])[0]) ?? (host && `${host} ${paths.join(' ')}`.trim());
  if (subject === undefined || at === undefined) return { refused: 'It has no host or no time.' };
  return [
    {
      subject: subject.slice(0, 400),
      at,
      values: said({ product: 'restic', result: 'success', host, paths: paths.slice(0, 20) }),
    },
  ];
}

/** restic backup --json: lines of progress and one summary at the end. It names no host: the file is called after it. */
function resticMessage(value: Named): Read {
  if (string(value['message_type']) !== 'summary') return { skipped: 'It is no summary.' };
  const at = time(value['backup_end']);
  const subject = string(value['hostname']) ?? string(value['snapshot_id']);
  if (at === undefined || subject === undefined || value['snapshot_id'] === undefined)
    return {
      refused:
        'The summary has no backup_end or no snapshot. restic before 0.18 writes no time: send restic snapshots --json.',
    };
  return [{ subject, at, values: said({ product: 'restic', result: 'success' }) }];
}

/** Velero's Backup and Restore objects: kubectl get backups.velero.io -o json. */
const veleroBackup = (value: Named): Read => {
  const metadata = object(value['metadata']);
  const status = object(value['status']);
  const subject = string(object(metadata['labels'])['velero.io/schedule-name']) ?? string(metadata['name']);
  if (string(value['kind']) === 'Restore') return { skipped: 'It is a restore: send it as restore tests.' };
  const at = time(status['completionTimestamp']) ?? time(status['startTimestamp']);
  if (subject === undefined || at === undefined) return { refused: 'It has no name or was not started.' };
  return [
    {
      subject,
      at,
      values: said({
        product: 'Velero',
        result: resultOf(status['phase']),
        repository: string(object(value['spec'])['storageLocation']),
        expires: time(status['expiration'])?.toISOString(),
      }),
    },
  ];
};
const veleroRestore = (value: Named): Read => {
  const status = object(value['status']);
  const spec = object(value['spec']);
  if (string(value['kind']) === 'Backup') return { skipped: 'It is a backup: send it as backup runs.' };
  const subject = string(spec['scheduleName']) ?? string(spec['backupName']);
  const at = time(status['completionTimestamp']);
  if (subject === undefined || at === undefined) return { refused: 'It has no backup or has not ended.' };
  // The name of a scheduled backup ends in the time it was made.
  const made = /-(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(string(spec['backupName']) ?? '');
  return [
    {
      subject,
      at,
      values: said({
        product: 'Velero',
        result: resultOf(status['phase']) === 'success' ? 'success' : 'failed',
        restoredTo: made
          ? time(`${made[1]}-${made[2]}-${made[3]}T${made[4]}:${made[5]}:${made[6]}Z`)?.toISOString()
          : undefined,
      }),
    },
  ];
};

const runs = { kind: 'backup.runs', onBadRow: 'skip-row' } as const;
export const backupImporters: readonly Importer[] = [
  recordImporter(
    {
      ...runs,
      name: 'Veeam sessions (JSON)',
      accepts: (head) =>
        (holds(head, '"sessionType"') && holds(head, '"endTime"')) ||
        (holds(head, '"JobName"') && holds(head, '"Result"')),
    },
    veeamSession,
    () => ({ source: 'Veeam' }),
  ),
  veeamTable,
  recordImporter(
    {
      ...runs,
      name: 'restic snapshots (JSON)',
      accepts: (head) => holds(head, '"short_id"', '"tree"', '"paths"'),
    },
    resticSnapshot,
    () => ({ source: 'restic' }),
  ),
  recordImporter(
    { ...runs, name: 'restic backup --json', accepts: (head) => holds(head, '"message_type"') },
    resticMessage,
    () => ({ source: 'restic' }),
  ),
  recordImporter(
    {
      ...runs,
      name: 'Velero backups (JSON)',
      accepts: (head) => holds(head, 'velero.io/') && /"kind"\s*:\s*"Backup"/.test(head.text),
    },
    veleroBackup,
    () => ({ source: 'Velero' }),
  ),
  recordImporter(
    {
      kind: 'backup.restore-tests',
      onBadRow: 'skip-row',
      name: 'Velero restores (JSON)',
      accepts: (head) => holds(head, 'velero.io/') && /"kind"\s*:\s*"Restore"/.test(head.text),
    },
    veleroRestore,
    () => ({ source: 'Velero' }),
  ),
];
