import type { AssetKind } from './contract.ts';
import { type Key, keyText, keyWords, strongKinds } from './keys.ts';
import { type Alike, type KeyIndex, match } from './match.ts';
import type { AssetRow } from './readers/record.ts';

export type Planned = {
  readonly row: AssetRow;
  readonly why: string[];
} & (
  | { readonly to: string; readonly isNew: boolean }
  | { readonly to: undefined; readonly among: readonly string[] }
);

/**
 * Which asset each row is about: known, new, or not to be told. The rows are taken in an order that their content gives, the
 * best known first, so that the order of the file decides nothing.
 * @param index what the inventory knows; what the rows add is added
 * @returns reasons in which an asset of the inventory is called by its id, twice: `id (id)`
 */
export function plan(rows: readonly AssetRow[], index: KeyIndex, newId: () => string): Planned[] {
  const made = new Set<string>();
  const names = new Map<string, string>();
  const called = (asset: string): string => names.get(asset) ?? asset;
  return inOwnOrder(rows).map((row): Planned => {
    const found = match(row.keys, index);
    if (found.kind === 'ambiguous') {
      const among = found.assets.slice(0, 5).map((asset) => `${called(asset)} (${asset})`);
      return { row, to: undefined, among: found.assets, why: [`${found.why} Among: ${among.join(', ')}.`] };
    }
    const to = found.kind === 'same' ? found.asset : newId();
    if (found.kind === 'new') {
      made.add(to);
      names.set(to, row.name);
    }
    const why = found.alike.map((one) => alikeWords(one, called));
    if (found.kind === 'same' && made.has(to))
      why.unshift(`The same as another row, by ${keyText(found.by)}.`);
    index.add(to, row.keys);
    return { row, to, isNew: made.has(to), why };
  });
}

const alikeWords = ({ asset, by, apart }: Alike, named: (asset: string) => string): string =>
  apart === undefined
    ? `${named(asset)} (${asset}) also has ${keyText(by)}: merge the two if they are one.`
    : `Kept apart from ${named(asset)} (${asset}), which also has ${keyText(by)}: ${keyWords([apart[0]])} is not ${keyWords([apart[1]])}.`;

const strong = (keys: readonly Key[]): number => keys.filter(({ kind }) => strongKinds.has(kind)).length;
function inOwnOrder(rows: readonly AssetRow[]): AssetRow[] {
  return rows
    .map((row) => ({
      row,
      strong: strong(row.keys),
      text: `${keyWords(row.keys)} ${JSON.stringify(row.fields)}`,
    }))
    .sort(
      (a, b) =>
        b.strong - a.strong ||
        b.row.keys.length - a.row.keys.length ||
        (a.text < b.text ? -1 : a.text > b.text ? 1 : a.row.line - b.row.line),
    )
    .map(({ row }) => row);
}

/** A hypervisor is a host that was looked at more closely. */
export const kindAfter = (known: AssetKind, told: AssetKind): AssetKind =>
  known === 'host' && told === 'hypervisor' ? 'hypervisor' : known;
