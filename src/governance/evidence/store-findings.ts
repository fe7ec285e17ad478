import { sql } from 'kysely';
import type { Tx } from '#platform/records';
import type { By } from './deps.ts';
import type { Judgement } from './evaluator.ts';
import type { Finding } from './finding.ts';
import { type FailingJson, failingList } from './judgement-json.ts';

type Row = {
  id: string;
  environment: string;
  tenancy_id: string;
  control: string;
  evaluator: string;
  origin: Finding['origin'];
  opened_at: Date;
  closed_at: Date | null;
  because: string;
  failed: number;
  failing: FailingJson;
  owner_id: string | null;
  owner_name: string | null;
  clock_from: Date;
  due_at: Date;
  accepted_id: string | null;
  accepted_until: Date | null;
  last_status: Judgement['status'];
  last_judged_at: Date;
};

const names = `id, environment, tenancy_id, control, evaluator, origin, opened_at, closed_at, because, failed, failing,
  owner_id, owner_name, clock_from, due_at, accepted_id, accepted_until, last_status, last_judged_at`;
const columns = sql.raw(names);
const shape = sql.raw(`id text, environment text, tenancy_id text, control text, evaluator text, origin text,
  opened_at timestamptz, closed_at timestamptz, because text, failed bigint, failing jsonb, owner_id text,
  owner_name text, clock_from timestamptz, due_at timestamptz, accepted_id text, accepted_until timestamptz,
  last_status text, last_judged_at timestamptz`);

/** Those that something may have happened to: judged anew, accepted, or accepted until now. */
export async function openFindings(
  tx: Tx,
  environment: string,
  touched: { readonly evaluators: readonly string[]; readonly controls: readonly string[] },
): Promise<Finding[]> {
  const { rows } = await sql<Row>`select ${columns} from governance.evidence_finding
    where environment = ${environment} and closed_at is null
      and (evaluator = any(${[...touched.evaluators]}::text[]) or accepted_until is not null
        or control = any(${[...touched.controls]}::text[]))
    order by opened_at, id for update`.execute(tx);
  return rows.map(fromRow);
}

/** Which controls evidence once found not met, and none since found met. */
export async function controlsWithOpenFindings(tx: Tx, environment: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ control: string }>`select distinct control from governance.evidence_finding
    where environment = ${environment} and closed_at is null`.execute(tx);
  return new Set(rows.map(({ control }) => control));
}

/** Newest first, at most 2,000. */
export async function findings(
  tx: Tx,
  environment: string,
  state: 'open' | 'closed' | 'all',
): Promise<Finding[]> {
  const only = { open: sql`closed_at is null`, closed: sql`closed_at is not null`, all: sql`true` }[state];
  const { rows } = await sql<Row>`select ${columns} from governance.evidence_finding
    where environment = ${environment} and ${only} order by opened_at desc, id desc limit 2000`.execute(tx);
  return rows.map(fromRow);
}

/** Locked until the transaction ends. Row-level security hides it outside the scope. */
export async function lockFinding(tx: Tx, id: string): Promise<Finding | undefined> {
  const { rows } =
    await sql<Row>`select ${columns} from governance.evidence_finding where id = ${id} for update`.execute(
      tx,
    );
  return rows.map(fromRow)[0];
}

export async function insertFindings(tx: Tx, all: readonly Finding[]): Promise<void> {
  if (all.length === 0) return;
  await sql`insert into governance.evidence_finding (${columns})
    select ${columns} from jsonb_to_recordset(${JSON.stringify(all.map(asRow))}::jsonb) as one(${shape})`.execute(
    tx,
  );
}

export async function updateFindings(tx: Tx, all: readonly Finding[]): Promise<void> {
  if (all.length === 0) return;
  await sql`
    update governance.evidence_finding as finding set closed_at = one.closed_at, because = one.because,
      failed = one.failed, failing = one.failing, owner_id = one.owner_id, owner_name = one.owner_name,
      clock_from = one.clock_from, due_at = one.due_at, accepted_id = one.accepted_id,
      accepted_until = one.accepted_until, last_status = one.last_status, last_judged_at = one.last_judged_at
    from jsonb_to_recordset(${JSON.stringify(all.map(asRow))}::jsonb) as one(${shape})
    where finding.id = one.id`.execute(tx);
}

export type FindingEvent = {
  readonly finding: Pick<Finding, 'id' | 'tenancy'>;
  readonly at: Date;
  readonly by: By;
  readonly what: string;
  readonly note: string;
};

export async function insertEvents(tx: Tx, all: readonly FindingEvent[]): Promise<void> {
  if (all.length === 0) return;
  const rows = all.map(({ finding, at, by, what, note }) => ({
    finding_id: finding.id,
    tenancy_id: finding.tenancy,
    at: at.toISOString(),
    what,
    by_id: by.id,
    by_name: by.name,
    note,
  }));
  await sql`insert into governance.evidence_finding_event (finding_id, tenancy_id, at, what, by_id, by_name, note)
    select finding_id, tenancy_id, at, what, by_id, by_name, note
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as one(finding_id text, tenancy_id text, at timestamptz,
      what text, by_id text, by_name text, note text)`.execute(tx);
}

/** What a person last noted of each open finding: what is going to be done about it. */
export async function newestNotes(tx: Tx, environment: string): Promise<Map<string, string>> {
  const { rows } = await sql<{ finding: string; note: string }>`
    select distinct on (e.finding_id) e.finding_id as finding, e.note
    from governance.evidence_finding_event e join governance.evidence_finding f on f.id = e.finding_id
    where f.environment = ${environment} and f.closed_at is null and e.what = 'note'
    order by e.finding_id, e.id desc`.execute(tx);
  return new Map(rows.map(({ finding, note }) => [finding, note]));
}

/** Newest first. */
export async function eventsOf(
  tx: Tx,
  finding: string,
): Promise<{ at: Date; what: string; by: string; note: string }[]> {
  const { rows } = await sql<{ at: Date; what: string; by: string; note: string }>`
    select at, what, by_name as by, note from governance.evidence_finding_event
    where finding_id = ${finding} order by id desc limit 500`.execute(tx);
  return rows;
}

const asRow = (one: Finding) => ({
  id: one.id,
  environment: one.environment,
  tenancy_id: one.tenancy,
  control: one.control,
  evaluator: one.evaluator,
  origin: one.origin,
  opened_at: one.openedAt.toISOString(),
  closed_at: one.closedAt?.toISOString() ?? null,
  because: one.because,
  failed: one.failed,
  failing: one.failing,
  owner_id: one.owner?.id ?? null,
  owner_name: one.owner?.name ?? null,
  clock_from: one.clockFrom.toISOString(),
  due_at: one.dueAt.toISOString(),
  accepted_id: one.accepted?.id ?? null,
  accepted_until: one.accepted?.until.toISOString() ?? null,
  last_status: one.lastStatus,
  last_judged_at: one.lastJudgedAt.toISOString(),
});

const fromRow = (row: Row): Finding => ({
  id: row.id,
  environment: row.environment,
  tenancy: row.tenancy_id,
  control: row.control,
  evaluator: row.evaluator,
  origin: row.origin,
  openedAt: row.opened_at,
  closedAt: row.closed_at ?? undefined,
  because: row.because,
  failed: row.failed,
  failing: failingList.parse(row.failing),
  owner: row.owner_id === null ? undefined : { id: row.owner_id, name: row.owner_name ?? row.owner_id },
  clockFrom: row.clock_from,
  dueAt: row.due_at,
  accepted:
    row.accepted_id === null || row.accepted_until === null
      ? undefined
      : { id: row.accepted_id, until: row.accepted_until },
  lastStatus: row.last_status,
  lastJudgedAt: row.last_judged_at,
});

/** An acceptance that was seen in force has ended since. */
export async function acceptanceEnded(tx: Tx, environment: string, now: Date): Promise<boolean> {
  const { rows } = await sql`select 1 from governance.evidence_finding
    where environment = ${environment} and closed_at is null and accepted_until <= ${now} limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}
