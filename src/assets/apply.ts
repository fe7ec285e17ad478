import type { Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { ImportReport } from './contract.ts';
import { type Key, keyText } from './keys.ts';
import { type KeyIndex, match } from './match.ts';
import { kindAfter, type Planned } from './plan.ts';
import type { AssetRow, Package } from './readers/record.ts';
import { saying } from './fields.ts';
import { numberPackages, packageText, putSoftware, softwareLists } from './store-software.ts';
import {
  type Dependency,
  dropDependencies,
  putDependencies,
  putGate,
  putReaches,
  type Reach,
} from './store-edges.ts';
import {
  assetsById,
  insertAssets,
  insertKeys,
  keysOfAssets,
  observations,
  partsOfAll,
  putObservations,
  type StoredAsset,
  type StoredObservation,
  updateAssets,
} from './store.ts';
import { lastSeen, surviving } from './survive.ts';

export type Plan = {
  readonly tenancy: string;
  readonly environment: string;
  readonly source: string;
  readonly format: string;
  readonly collectedAt: Date;
  readonly now: Date;
  readonly rows: readonly Planned[];
  readonly index: KeyIndex;
};
type Row = ImportReport['rows'][number];
type Placed = Extract<Planned, { isNew: boolean }>;

/** Writes what the plan says. @returns a line for each row, and whether anything a reader would call a change was written */
export async function applyPlan(
  tx: Tx,
  scope: Scope,
  plan: Plan,
): Promise<{ rows: Row[]; changed: boolean; packages: number }> {
  const placed = plan.rows.filter((one): one is Placed => one.to !== undefined);
  const byAsset = Map.groupBy(placed, ({ to }) => to);
  const ids = [...byAsset.keys()];
  const known = new Map((await assetsById(tx, scope, ids)).map((one) => [one.id, one]));
  const parts = await partsOfAll(tx, scope, [...known.keys()]);
  const partIds = [...parts.values()].flat();
  const said = Map.groupBy(await observations(tx, partIds), ({ asset }) => asset);
  const keys = Map.groupBy(await keysOfAssets(tx, partIds), ({ asset }) => asset);

  const inserted: StoredAsset[] = [];
  const updated: Parameters<typeof updateAssets>[1][number][] = [];
  const told: StoredObservation[] = [];
  const newKeys: (Key & { asset: string; source: string; at: Date })[] = [];
  const changed = new Set<string>();
  for (const [id, rows] of byAsset) {
    const before = known.get(id);
    const own = (parts.get(id) ?? [id]).flatMap((part) => said.get(part) ?? []);
    const old = own.find(({ asset, source }) => asset === id && source === plan.source);
    const observation = observed(plan, id, old, rows);
    const all = [...own.filter((one) => one !== old), observation];
    const fields = surviving(all);
    const had = new Set((parts.get(id) ?? []).flatMap((part) => (keys.get(part) ?? []).map(keyText)));
    const added = distinct(rows.flatMap(({ row }) => row.keys)).filter((key) => !had.has(keyText(key)));
    newKeys.push(...added.map((key) => ({ ...key, asset: id, source: plan.source, at: observation.seenAt })));
    const first = rows[0]?.row;
    if (first === undefined) continue;
    const name = fields.name ?? first.name;
    const kind = rows.reduce((now, { row }) => kindAfter(now, row.kind), before?.kind ?? first.kind);
    if (before === undefined)
      inserted.push({
        id,
        tenancy: plan.tenancy,
        environment: plan.environment,
        kind,
        name,
        fields,
        root: id,
        mergedInto: null,
        retiredAt: null,
        retiredWhy: null,
        seenAt: lastSeen(all),
        revision: 1,
        addedAt: plan.now,
        changedAt: plan.now,
      });
    const same =
      old !== undefined && sameWords(old, observation) && added.length === 0 && before?.kind === kind;
    if (!same) changed.add(id);
    if (old === undefined || !same || moved(old, observation)) told.push(observation);
    if (before !== undefined && (!same || moved(old, observation)))
      updated.push({ id, kind, name, fields, seenAt: lastSeen(all), changedAt: plan.now, quiet: same });
  }
  await insertAssets(tx, inserted);
  await updateAssets(tx, updated);
  await putObservations(tx, plan.tenancy, told);
  await insertKeys(tx, plan.tenancy, newKeys);
  const software = await applySoftware(tx, plan, byAsset);
  for (const id of software.changed) changed.add(id);
  const notes = await applyEdges(tx, plan, byAsset, changed);
  const rows = plan.rows.map((one) => line(one, known, changed, notes));
  return { rows, changed: changed.size > 0 || inserted.length > 0, packages: software.packages };
}

function line(
  one: Planned,
  known: ReadonlyMap<string, StoredAsset>,
  changed: ReadonlySet<string>,
  notes: ReadonlyMap<AssetRow, string[]>,
): Row {
  const { row } = one;
  const shown = { line: row.line, name: row.name, kind: row.kind };
  if (one.to === undefined) return { ...shown, outcome: 'ambiguous', asset: null, why: one.why };
  const before = known.get(one.to);
  const why = [...one.why, ...(notes.get(row) ?? [])];
  if (before !== undefined && before.retiredAt !== null) why.push('It is retired, and was seen again.');
  const outcome = one.isNew ? 'new' : changed.has(one.to) ? 'merged' : 'unchanged';
  return { ...shown, outcome, asset: one.to, why };
}

function observed(
  plan: Plan,
  asset: string,
  old: StoredObservation | undefined,
  rows: readonly Placed[],
): StoredObservation {
  let said = old?.said;
  const times = rows.map(({ row }) => (row.at === undefined ? plan.collectedAt : new Date(row.at)));
  for (const [at, { row }] of rows.entries())
    said = saying(said, row.fields, (times[at] ?? plan.collectedAt).toISOString());
  const all = [...times, ...(old === undefined ? [] : [old.seenAt])].map((time) => time.getTime());
  const first = [...times, ...(old === undefined ? [] : [old.firstSeenAt])].map((time) => time.getTime());
  return {
    asset,
    source: plan.source,
    format: plan.format,
    seenAt: new Date(Math.max(...all)),
    firstSeenAt: new Date(Math.min(...first)),
    said: said ?? {},
  };
}

const wordsOf = ({ said }: StoredObservation): string =>
  Object.entries(said)
    .map(([name, word]) => `${name}\0${word?.v}`)
    .sort()
    .join('\0');
const sameWords = (a: StoredObservation, b: StoredObservation): boolean => wordsOf(a) === wordsOf(b);
const moved = (old: StoredObservation | undefined, now: StoredObservation): boolean =>
  old === undefined ||
  old.seenAt.getTime() !== now.seenAt.getTime() ||
  old.firstSeenAt.getTime() !== now.firstSeenAt.getTime();

const distinct = (keys: readonly Key[]): Key[] => [
  ...new Map(keys.map((key) => [keyText(key), key])).values(),
];

/** A list replaces what the same source said of the same asset before; a source that lists nothing erases nothing. */
async function applySoftware(
  tx: Tx,
  plan: Plan,
  byAsset: ReadonlyMap<string, readonly Placed[]>,
): Promise<{ changed: string[]; packages: number }> {
  const lists = new Map<string, { at: Date; texts: Set<string> }>();
  const packages = new Map<string, Package>();
  for (const [id, rows] of byAsset)
    for (const { row } of rows) {
      if (row.software === undefined || row.software.length === 0) continue;
      const list = lists.get(id) ?? {
        at: row.at === undefined ? plan.collectedAt : new Date(row.at),
        texts: new Set(),
      };
      lists.set(id, list);
      for (const one of row.software) {
        const text = packageText(one);
        packages.set(text, one);
        list.texts.add(text);
      }
    }
  if (lists.size === 0) return { changed: [], packages: 0 };
  const numbers = await numberPackages(tx, plan.tenancy, packages);
  const before = await softwareLists(tx, [...lists.keys()], plan.source);
  const changed: string[] = [];
  const put: Parameters<typeof putSoftware>[2][number][] = [];
  for (const [asset, { at, texts }] of lists) {
    const old = before.get(asset);
    // A file older than what is known says nothing of today.
    if (old !== undefined && old.seenAt > at) continue;
    const own = [...texts].flatMap((text) => numbers.get(text) ?? []).sort((a, b) => a - b);
    const same =
      old !== undefined &&
      old.packages.length === own.length &&
      own.every((one, index) => one === old.packages[index]);
    if (!same) changed.push(asset);
    if (!same || old?.seenAt.getTime() !== at.getTime())
      put.push({ asset, source: plan.source, seenAt: at, packages: own });
  }
  await putSoftware(tx, plan.tenancy, put);
  return { changed, packages: packages.size };
}

/** Edges to what the inventory knows; what it does not is told in the row's line. */
async function applyEdges(
  tx: Tx,
  plan: Plan,
  byAsset: ReadonlyMap<string, readonly Placed[]>,
  changed: Set<string>,
): Promise<Map<AssetRow, string[]>> {
  const notes = new Map<AssetRow, string[]>();
  const edges = new Map<string, Dependency>();
  const steps = new Map<string, Reach>();
  const told: string[] = [];
  const resolve = (row: AssetRow, name: string, to: readonly Key[], self: string): string | undefined => {
    const found = match(to, plan.index);
    if (found.kind === 'same') return found.asset === self ? undefined : found.asset;
    const why = found.kind === 'new' ? 'is not in the inventory' : 'could be several assets';
    notes.set(row, [...(notes.get(row) ?? []), `"${name.slice(0, 80)}" ${why}: no edge was made to it.`]);
    return undefined;
  };
  for (const [id, rows] of byAsset)
    for (const { row } of rows) {
      if (row.links !== undefined) told.push(id);
      for (const link of row.links ?? []) {
        const to = resolve(row, link.name, link.to, id);
        if (to === undefined) continue;
        if (link.gate) await putGate(tx, plan.tenancy, { dependant: id, ...link.gate });
        const { c, i, a } = link;
        edges.set(`${id} ${to}`, {
          dependant: id,
          dependency: to,
          c,
          i,
          a,
          gate: link.gate?.name ?? null,
          source: plan.source,
          note: '',
          at: plan.now,
        });
      }
      for (const step of row.reaches ?? []) {
        const to = resolve(row, step.name, step.to, id);
        if (to !== undefined)
          steps.set(`${id} ${to} ${step.via}`, {
            from: id,
            to,
            via: step.via,
            probability: step.probability,
            note: '',
            at: plan.now,
          });
      }
    }
  const all = [...edges.values()];
  if (told.length > 0) {
    for (const id of await dropDependencies(tx, plan.source, told, all)) changed.add(id);
    for (const id of await putDependencies(tx, plan.tenancy, all, true)) changed.add(id);
  }
  if (steps.size > 0)
    for (const id of await putReaches(tx, plan.tenancy, [...steps.values()])) changed.add(id);
  return notes;
}
