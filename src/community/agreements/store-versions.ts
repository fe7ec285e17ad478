import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { ChangeClass } from './contract.ts';
import type { Digests } from './digest.ts';

export type By = { readonly id: string; readonly name: string };

export type StoredVersion = {
  readonly number: number;
  readonly policy: string;
  readonly title: string;
  readonly source: string;
  readonly sourceDigests: Digests;
  readonly state: 'draft' | 'approved' | 'published';
  readonly changeClass: ChangeClass;
  readonly summary: string;
  readonly madeAt: Date;
  readonly madeBy: By;
  readonly publishedAt: Date | null;
  readonly effectiveAt: Date | null;
  readonly mandatoryAt: Date | null;
  readonly approvals: readonly (By & { readonly at: string })[];
};

type Row = Omit<StoredVersion, 'sourceDigests'> & { sha256: string; sha384: string };

const columns = sql.raw(`
  v.number, v.policy, v.title, v.source, v.source_sha256 as sha256, v.source_sha384 as sha384, v.state,
  v.change_class as "changeClass", v.summary, v.made_at as "madeAt", v.made_by as "madeBy", v.published_at as "publishedAt",
  v.effective_at as "effectiveAt", v.mandatory_at as "mandatoryAt",
  coalesce((select jsonb_agg(jsonb_build_object('id', a.approver_id, 'name', a.approver_name, 'at', a.at) order by a.at)
    from community.policy_approval a where a.version = v.number), '[]'::jsonb) as approvals`);

const fromRow = ({ sha256, sha384, ...row }: Row): StoredVersion => ({
  ...row,
  sourceDigests: { sha256, sha384 },
});

/** By number. */
export async function policyVersions(tx: Tx): Promise<StoredVersion[]> {
  const { rows } =
    await sql<Row>`select ${columns} from community.policy_version v order by v.number`.execute(tx);
  return rows.map(fromRow);
}

export async function policyVersion(tx: Tx, number: number): Promise<StoredVersion | undefined> {
  const { rows } =
    await sql<Row>`select ${columns} from community.policy_version v where v.number = ${number}`.execute(tx);
  return rows.map(fromRow)[0];
}

/** Held against other writers until the transaction ends. */
export async function lockVersion(tx: Tx, number: number): Promise<StoredVersion | undefined> {
  await sql`select 1 from community.policy_version where number = ${number} for update`.execute(tx);
  return policyVersion(tx, number);
}

export type NewVersion = Pick<
  StoredVersion,
  'number' | 'policy' | 'title' | 'source' | 'sourceDigests' | 'changeClass' | 'summary' | 'madeAt' | 'madeBy'
>;

/** Puts a draft there, or in the place of one that was not approved yet. @returns false where the number is taken */
export async function putDraft(tx: Tx, version: NewVersion): Promise<boolean> {
  const { rows } = await sql`
    insert into community.policy_version (number, policy, title, source, source_sha256, source_sha384, state, change_class,
      summary, made_at, made_by)
    values (${version.number}, ${version.policy}, ${version.title}, ${version.source}, ${version.sourceDigests.sha256},
      ${version.sourceDigests.sha384}, 'draft', ${version.changeClass}, ${version.summary}, ${version.madeAt},
      ${JSON.stringify(version.madeBy)}::jsonb)
    on conflict (number) do update set policy = excluded.policy, title = excluded.title, source = excluded.source,
      source_sha256 = excluded.source_sha256, source_sha384 = excluded.source_sha384, change_class = excluded.change_class,
      summary = excluded.summary, made_at = excluded.made_at, made_by = excluded.made_by
    where policy_version.state = 'draft'
    returning number`.execute(tx);
  return rows.length > 0;
}

/** What was approved was another text. */
export async function dropApprovals(tx: Tx, number: number): Promise<void> {
  await sql`delete from community.policy_approval where version = ${number}`.execute(tx);
}

export async function insertApproval(tx: Tx, number: number, by: By, at: Date): Promise<void> {
  await sql`insert into community.policy_approval (version, approver_id, approver_name, at)
    values (${number}, ${by.id}, ${by.name}, ${at})`.execute(tx);
}

export async function setApproved(tx: Tx, number: number): Promise<void> {
  await sql`update community.policy_version set state = 'approved' where number = ${number}`.execute(tx);
}

export async function setPublished(
  tx: Tx,
  number: number,
  times: { publishedAt: Date; effectiveAt: Date; mandatoryAt: Date | null },
): Promise<void> {
  await sql`update community.policy_version set state = 'published', published_at = ${times.publishedAt},
    effective_at = ${times.effectiveAt}, mandatory_at = ${times.mandatoryAt} where number = ${number}`.execute(
    tx,
  );
}
