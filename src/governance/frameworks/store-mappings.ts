import { sql } from 'kysely';
import type { Tx } from '#platform/records';

/** As a mapping says it: what is said of the source says something about the target. */
export type Link = {
  readonly source: string;
  readonly target: string;
  /** What the source asks, beside what the target asks. */
  readonly relation: 'equal' | 'superset' | 'subset' | 'intersects';
  /** With the other parts that say so, the target is covered whole. */
  readonly together: boolean;
};

/** One version of a mapping: who says so, why, and how sure they are. */
export type Mapping = Link & {
  readonly id: string;
  readonly version: number;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly rationale: string;
  readonly author: string;
  readonly ended: boolean;
  readonly by: { readonly id: string; readonly name: string };
  readonly at: Date;
};

type Row = {
  id: string;
  version: number;
  source_control: string;
  target_control: string;
  relation: Link['relation'];
  together: boolean;
  confidence: Mapping['confidence'];
  rationale: string;
  author: string;
  ended: boolean;
  by_id: string;
  by_name: string;
  at: Date;
};

/** Each as it is now, without those that were ended. */
export async function mappings(tx: Tx, control?: string): Promise<Mapping[]> {
  const about =
    control === undefined ? sql`true` : sql`(source_control = ${control} or target_control = ${control})`;
  const { rows } = await sql<Row>`
    select * from (select distinct on (id) * from governance.mapping order by id, version desc) newest
    where not ended and ${about} order by target_control, source_control, id`.execute(tx);
  return rows.map(fromRow);
}

/** As far as how a control stands depends on it. Low confidence is shown, and proves nothing. */
export async function linksOf(tx: Tx): Promise<Link[]> {
  const { rows } = await sql<Link>`
    select source_control as source, target_control as target, relation, together
    from (select distinct on (id) * from governance.mapping order by id, version desc) newest
    where not ended and confidence <> 'low' order by target_control, source_control, id`.execute(tx);
  return rows;
}

export async function mappingOf(tx: Tx, id: string): Promise<Mapping | undefined> {
  const { rows } = await sql<Row>`
    select * from governance.mapping where id = ${id} order by version desc limit 1`.execute(tx);
  return rows.map(fromRow)[0];
}

export async function insertMapping(tx: Tx, one: Mapping): Promise<void> {
  await sql`
    insert into governance.mapping (id, version, source_control, target_control, relation, together, confidence, rationale,
      author, ended, by_id, by_name, at)
    values (${one.id}, ${one.version}, ${one.source}, ${one.target}, ${one.relation}, ${one.together}, ${one.confidence},
      ${one.rationale}, ${one.author}, ${one.ended}, ${one.by.id}, ${one.by.name}, ${one.at})`.execute(tx);
}

const fromRow = (row: Row): Mapping => ({
  id: row.id,
  version: row.version,
  source: row.source_control,
  target: row.target_control,
  relation: row.relation,
  together: row.together,
  confidence: row.confidence,
  rationale: row.rationale,
  author: row.author,
  ended: row.ended,
  by: { id: row.by_id, name: row.by_name },
  at: row.at,
});
