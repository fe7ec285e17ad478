import { type Draws } from './draws.ts';
import type { Cause, Elements } from './elements.ts';
import { permutation, uniformAt } from './random.ts';
import type { Worlds } from './worlds.ts';

/** Of one asset: the draws in which it is taken, and those in which C, I or A alone is struck. Undefined: in none. */
export type RootRows = { readonly taken: Int32Array; readonly struck: readonly (Int32Array | undefined)[] };
/** With each world's own controls, and with the expected ones in every world. */
export type BothRows = { readonly worlds: RootRows; readonly centre: RootRows };

/**
 * Draws every cause of an asset: 1 - prod(1 - q_v * x_n * prod(1 - e_c)), cause by cause. A cause happens in the first
 * places of its own permutation of the draws, so a more likely one happens wherever it did before, and elsewhere too.
 */
export function rowsOf(elements: Elements, worlds: Worlds, draws: Draws, asset: number): BothRows {
  const rows = { worlds: emptyRows(draws), centre: emptyRows(draws) };
  const id = elements.ids[asset] ?? '';
  if (!elements.assets.has(id)) return rows;
  for (const cause of elements.causes.get(asset)?.values() ?? [])
    draw(elements, worlds, draws, id, cause, (word, bit, inWorld, inCentre) => {
      if (inWorld) set(rows.worlds, cause.strikes, word, bit);
      if (inCentre) set(rows.centre, cause.strikes, word, bit);
    });
  return rows;
}

type Rows = { taken: Int32Array; struck: (Int32Array | undefined)[] };
const emptyRows = (draws: Draws): Rows => ({
  taken: new Int32Array(draws.worlds * draws.words),
  struck: [undefined, undefined, undefined],
});

function set(rows: Rows, strikes: number, word: number, bit: number): void {
  if (strikes === 0) {
    rows.taken[word] = (rows.taken[word] ?? 0) | bit;
    return;
  }
  for (let d = 0; d < 3; d++) {
    if (((strikes >>> d) & 1) === 0) continue;
    const row = rows.struck[d] ?? new Int32Array(rows.taken.length);
    row[word] = (row[word] ?? 0) | bit;
    rows.struck[d] = row;
  }
}

/** What a cause comes to after exposure and controls, in each world and in the centre. */
export function strengthOf(
  elements: Elements,
  worlds: Worlds,
  asset: string,
  cause: Cause,
): { readonly at: (world: number) => number; readonly most: number; readonly centre: number } {
  const exposure = elements.exposureFor(asset, cause);
  const { likelihood } = cause;
  const left = cause.kind === 'failure' ? undefined : worlds.leftBy(asset, cause.kind);
  const q = (world: number): number => (likelihood.known ? likelihood.centre : (likelihood.by[world] ?? 0));
  const centre = likelihood.centre * exposure * (left?.centre ?? 1);
  if (likelihood.known && (left === undefined || left.known))
    return { at: () => centre, most: centre, centre };
  const at = (world: number): number => q(world) * exposure * (left?.by[world] ?? 1);
  let most = 0;
  const count = likelihood.by.length;
  for (let world = 0; world < count; world++) most = Math.max(most, at(world));
  return { at, most, centre };
}

/** Calls back for every draw in which the cause happens, in its world or with the expected controls. */
export function draw(
  elements: Elements,
  worlds: Worlds,
  draws: Draws,
  asset: string,
  cause: Cause,
  happens: (word: number, bit: number, inWorld: boolean, inCentre: boolean) => void,
): void {
  const { at, most, centre } = strengthOf(elements, worlds, asset, cause);
  const limit = Math.max(most, centre) * draws.count;
  if (limit <= 0) return;
  // The last place is taken or not by chance, so that the expected count is exact.
  const offset = uniformAt(cause.key, 0);
  if (offset >= limit) return;
  const place = permutation(cause.key, draws.count);
  const fixed = most === centre;
  for (let j = 0; j + offset < limit; j++) {
    const found = place(j);
    const word = found >>> 5;
    const inWorld = fixed || j + offset < at(Math.floor(word / draws.words)) * draws.count;
    happens(word, 1 << (found & 31), inWorld, j + offset < centre * draws.count);
  }
}
