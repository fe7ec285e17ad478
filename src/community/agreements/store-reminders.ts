import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Place } from './store.ts';
import type { By } from './store-versions.ts';

export type Reminder = Place & {
  readonly about: 'agree' | 'confirm-successor';
  readonly deadline: Date;
  readonly daysBefore: number;
  readonly at: Date;
  readonly recipients: readonly { readonly name: string; readonly office: string }[];
};

/** @returns false where it was said already */
export async function insertReminder(tx: Tx, one: Reminder): Promise<boolean> {
  const { rows } = await sql`
    insert into community.agreement_reminder (organisation_id, environment_id, about, deadline, days_before, at, recipients)
    values (${one.organisation}, ${one.environment}, ${one.about}, ${one.deadline}, ${one.daysBefore}, ${one.at},
      ${JSON.stringify(one.recipients)}::jsonb)
    on conflict do nothing returning id`.execute(tx);
  return rows.length > 0;
}

/** Newest first. @param organisation undefined: of the whole community */
export async function reminders(tx: Tx, organisation: string | undefined): Promise<Reminder[]> {
  const { rows } = await sql<Reminder>`
    select organisation_id as organisation, environment_id as environment, about, deadline, days_before as "daysBefore", at,
      recipients
    from community.agreement_reminder where ${organisation ?? null}::text is null or organisation_id = ${organisation ?? null}
    order by at desc, id desc limit 500`.execute(tx);
  return rows;
}

export type Done = Place & {
  readonly obligation: string;
  readonly at: Date;
  readonly by: By;
  readonly note: string;
};

export async function insertDone(tx: Tx, one: Done): Promise<void> {
  await sql`
    insert into community.obligation_done (organisation_id, environment_id, obligation, at, by_id, by_name, note)
    values (${one.organisation}, ${one.environment}, ${one.obligation}, ${one.at}, ${one.by.id}, ${one.by.name}, ${one.note})`.execute(
    tx,
  );
}

/** The last time each was done. @param organisation undefined: of the whole community */
export async function lastDone(tx: Tx, organisation: string | undefined): Promise<Done[]> {
  const { rows } = await sql<Done>`
    select distinct on (organisation_id, environment_id, obligation) organisation_id as organisation,
      environment_id as environment, obligation, at, jsonb_build_object('id', by_id, 'name', by_name) as by, note
    from community.obligation_done where ${organisation ?? null}::text is null or organisation_id = ${organisation ?? null}
    order by organisation_id, environment_id, obligation, at desc`.execute(tx);
  return rows;
}
