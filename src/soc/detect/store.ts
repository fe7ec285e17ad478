import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { RuleException, RuleFault } from './contract.ts';
import type { PackRule, ReadPack } from './packs.ts';

/** @returns by pack, how many rules it has and how many were rejected */
export async function counts(tx: Tx): Promise<Map<string, { rules: number; rejected: number }>> {
  const { rows } = await sql<{ pack: string; rules: number; rejected: number }>`
    select p.id as pack, (select count(*)::int from soc.rule r where r.pack_id = p.id) as rules,
      (select count(*)::int from soc.rule_fault f where f.pack_id = p.id) as rejected
    from platform.content_pack p where p.kind = 'rules'`.execute(tx);
  return new Map(rows.map(({ pack, ...count }) => [pack, count]));
}

/** What was read from a pack that has just been saved. */
export async function insertRules(tx: Tx, packId: string, read: ReadPack): Promise<void> {
  // In parts: one statement's parameter stays of a size that every driver takes.
  for (const part of parts(read.rules, 500)) {
    await sql`insert into soc.rule (pack_id, rule_id, title, level, status, author, logsource, attack, description, reference_list, false_positives, path)
      select ${packId}, id, title, level, status, author, logsource, attack, description, "references", "falsePositives", path
      from jsonb_to_recordset(${json(part)}::jsonb) as r(id text, title text, level text, status text, author text, logsource jsonb,
        attack text[], description text, "references" jsonb, "falsePositives" jsonb, path text)
      on conflict do nothing`.execute(tx);
  }
  const faults = read.faults.map((fault, place) => ({ ...fault, place }));
  for (const part of parts(faults, 500)) {
    await sql`insert into soc.rule_fault (pack_id, place, file, line, rule_id, what, why)
      select ${packId}, place, file, line, "ruleId", what, why
      from jsonb_to_recordset(${json(part)}::jsonb) as f(place int, file text, line int, "ruleId" text, what text, why text)`.execute(
      tx,
    );
  }
}

export type RuleRow = PackRule & {
  readonly pack: string;
  readonly packId: string;
  readonly enabled: boolean;
  readonly hits: number;
  readonly lastHitAt: Date | null;
};

/** Rules of the active packs with what they did in the scope's tenancies. @param id one rule only */
export async function rules(tx: Tx, scope: Scope | undefined, id?: string): Promise<RuleRow[]> {
  const { rows } = await sql<Omit<RuleRow, 'id'> & { id: string }>`
    select r.rule_id as id, r.title, r.level, r.status, r.author, r.logsource, r.attack, r.description,
      r.reference_list as "references", r.false_positives as "falsePositives", r.path, p.name as pack, p.id as "packId",
      not exists (select from soc.rule_disabled d where d.rule_id = r.rule_id) as enabled,
      coalesce(h.hits, 0)::bigint as hits, h.last_hit_at as "lastHitAt"
    from soc.rule r join platform.content_pack p on p.id = r.pack_id and p.active
    left join (select rule_id, sum(hits) as hits, max(last_hit_at) as last_hit_at from soc.rule_hit
      where tenancy_id = any(${scope === undefined ? [] : [...scope.tenancies]}::text[]) group by rule_id) h on h.rule_id = r.rule_id
    ${id === undefined ? sql`` : sql`where r.rule_id = ${id}`}
    order by r.title, r.rule_id`.execute(tx);
  return rows;
}

export async function faults(tx: Tx): Promise<RuleFault[]> {
  const { rows } = await sql<RuleFault>`
    select p.name || '/' || f.file as file, f.line, f.rule_id as "ruleId", f.what, f.why
    from soc.rule_fault f join platform.content_pack p on p.id = f.pack_id and p.active order by p.name, f.place`.execute(
    tx,
  );
  return rows;
}

export async function disable(tx: Tx, ruleId: string, at: Date, by: string): Promise<void> {
  await sql`insert into soc.rule_disabled (rule_id, at, by) values (${ruleId}, ${at}, ${by}) on conflict do nothing`.execute(
    tx,
  );
}

export async function enable(tx: Tx, ruleId: string): Promise<void> {
  await sql`delete from soc.rule_disabled where rule_id = ${ruleId}`.execute(tx);
}

export async function disabled(tx: Tx): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`select rule_id as id from soc.rule_disabled order by rule_id`.execute(tx);
  return rows.map((row) => row.id);
}

type ExceptionRow = Omit<RuleException, 'expiresAt'> & { expiresAt: Date };
const exceptionColumns = sql.raw(
  `id, rule_id as "ruleId", tenancy_id as tenancy, field, value, owner, reason, expires_at as "expiresAt"`,
);

/** Expired ones too: they are shown. */
export async function exceptions(tx: Tx, scope: Scope, ruleId?: string): Promise<RuleException[]> {
  const { rows } = await sql<ExceptionRow>`
    select ${exceptionColumns} from soc.rule_exception where tenancy_id = any(${[...scope.tenancies]}::text[]) and removed_at is null
      ${ruleId === undefined ? sql`` : sql`and rule_id = ${ruleId}`} order by expires_at desc, id`.execute(
    tx,
  );
  return rows.map((row) => ({ ...row, expiresAt: row.expiresAt.toISOString() }));
}

/** Of every tenancy, for the workers. */
export async function standingExceptions(
  tx: Tx,
  at: Date,
): Promise<{ ruleId: string; tenancy: string; field: string; value: string; expiresAt: Date }[]> {
  const { rows } = await sql<ExceptionRow>`
    select ${exceptionColumns} from soc.rule_exception where removed_at is null and expires_at > ${at} order by id`.execute(
    tx,
  );
  return rows;
}

export async function addException(tx: Tx, exception: RuleException, at: Date): Promise<void> {
  await sql`insert into soc.rule_exception (id, tenancy_id, rule_id, field, value, owner, reason, expires_at, created_at)
    values (${exception.id}, ${exception.tenancy}, ${exception.ruleId}, ${exception.field}, ${exception.value}, ${exception.owner},
      ${exception.reason}, ${new Date(exception.expiresAt)}, ${at})`.execute(tx);
}

export async function removeException(
  tx: Tx,
  scope: Scope,
  id: string,
  at: Date,
): Promise<RuleException | undefined> {
  const { rows } = await sql<ExceptionRow>`
    update soc.rule_exception set removed_at = ${at}
    where id = ${id} and tenancy_id = any(${[...scope.tenancies]}::text[]) and removed_at is null returning ${exceptionColumns}`.execute(
    tx,
  );
  return rows[0] && { ...rows[0], expiresAt: rows[0].expiresAt.toISOString() };
}

/** Rule texts are foreign: jsonb refuses NUL and half surrogates. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part,
  );

function* parts<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
