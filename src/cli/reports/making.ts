import { setTimeout as pause } from 'node:timers/promises';
import { report, type ReportInput, type ReportView } from '#contract/governance/reports';
import { at, type Client } from '../client.ts';
import type { Call } from '../command.ts';
import { UsageError } from '../errors.ts';

const lookEveryMilliseconds = 250;

/** Has a report made and waits for it; Ctrl-C stops the making too. @returns it, made */
export async function made(
  client: Client,
  input: ReportInput,
  { signal, remark }: Pick<Call, 'signal' | 'remark'>,
): Promise<ReportView> {
  let now = await client.send('POST', '/api/reports', { json: input }, report);
  const path = at`/api/reports/${now.id}`;
  let said = '';
  while (now.state === 'waiting' || now.state === 'making') {
    if (now.step !== said && now.step !== '') remark(now.step);
    said = now.step;
    try {
      await pause(lookEveryMilliseconds, undefined, { signal });
    } catch {
      await client.send('POST', `${path}/cancel`, undefined, report);
      throw new UsageError('Stopped: the report was cancelled.');
    }
    now = await client.get(path, report);
  }
  if (now.state !== 'made') throw new UsageError(now.error ?? `The report was ${now.state}.`);
  return now;
}

/** @throws {UsageError} where it is gone */
export async function downloaded(client: Client, id: string, what: 'file' | 'bundle'): Promise<Buffer> {
  const bytes = await client.bytes(`${at`/api/reports/${id}`}/${what}`);
  if (bytes === undefined) throw new UsageError('The report is not there any more.');
  return bytes;
}
