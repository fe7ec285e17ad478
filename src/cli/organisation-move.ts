import { z } from 'zod';
import { lifeChange, organisationDetail, type TenancyLife } from '#contract/community/organisations';
import { NotFound } from '#platform/errors';
import { at } from './client.ts';
import type { Call, Option } from './command.ts';

export const moveOptions: Readonly<Record<string, Option>> = {
  environment: { value: 'ID', about: 'Only there; left out: wherever it is.' },
  reason: { value: 'TEXT', about: 'For the record.', required: true },
};

/** Moves an organisation's tenancies on, one after the other; stops at the first that can't be moved. */
export async function move({ args, text, server, show }: Call, to: TenancyLife): Promise<void> {
  const json = lifeChange.parse({ to, reason: text('reason') });
  const api = server();
  const environment = text('environment');
  const { tenancies } = await api.get(at`/api/organisations/${args[0] ?? ''}`, organisationDetail);
  const wanted = tenancies.filter((one) => environment === undefined || one.environment === environment);
  if (wanted.length === 0) throw new NotFound('tenancy', `${args[0] ?? ''}-${environment ?? '*'}`);
  for (const { id } of wanted) await api.send('POST', at`/api/tenancies/${id}/state`, { json }, z.null());
  const moved = wanted.map(({ id }) => id);
  show({ to, tenancies: moved }, () => `${moved.join(', ')}: ${to}.`);
}
