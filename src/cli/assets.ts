import { z } from 'zod';
import { assetDetail, assetKinds, type AssetKind, made } from '#contract/assets';
import { at, type Client, query } from './client.ts';
import { UsageError } from './errors.ts';

/** The one asset that an id, name or key stands for. @throws {ServerRefused} where there is none, or several */
export async function assetId(server: Client, text: string | undefined): Promise<string> {
  if (text === undefined || text === '') throw new UsageError('Name the asset: its id, name or a key of it.');
  return (await server.get(`/api/assets/find${query({ text })}`, made)).id;
}

export const assetAt = async (
  server: Client,
  text: string | undefined,
): Promise<z.output<typeof assetDetail>> =>
  server.get(at`/api/assets/${await assetId(server, text)}`, assetDetail);

export function kindOption(text: string | undefined): AssetKind | undefined {
  const found = assetKinds.find((kind) => kind === text);
  if (text !== undefined && found === undefined)
    throw new UsageError(`"${text}" is none of the kinds: ${assetKinds.join(', ')}.`);
  return found;
}

/** `0.9/0.9/1`: confidentiality, integrity, availability. */
export function degreesOption(text: string): { c: number; i: number; a: number } {
  const [c, i, a, more] = text.split('/').map(Number);
  if (
    c === undefined ||
    i === undefined ||
    a === undefined ||
    more !== undefined ||
    [c, i, a].some(Number.isNaN)
  )
    throw new UsageError(`"${text}" is not three degrees like 0.9/0.9/1 (0, 0.01, 0.1, 0.5, 0.9 or 1).`);
  return { c, i, a };
}

export const valueShown = (value: string | { low: number; high: number } | null): string =>
  value === null ? 'not said' : typeof value === 'string' ? value : `AUD ${value.low} to ${value.high}`;
