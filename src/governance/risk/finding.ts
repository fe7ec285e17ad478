import type { Scanned } from './scanners/scanned.ts';

/** A vulnerability on an asset, open until the scanner that told of it finds it no more. */
export type FindingRecord = {
  readonly id: string;
  readonly environment: string;
  readonly tenancy: string;
  readonly asset: string;
  readonly vulnerability: string;
  readonly package: string;
  readonly title: string;
  readonly source: string;
  readonly cvss: number | undefined;
  readonly vector: string | undefined;
  readonly epss: number | undefined;
  readonly kev: boolean;
  readonly hours: number | undefined;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
};

export type Named = { readonly id: string; readonly name: string; readonly hostname: string | undefined };

/** Finds assets by the names that scanners use: id, name, host name, and a host name without its domain. */
export function matcherOf(assets: readonly Named[]): (host: string) => Named | 'several' | undefined {
  const exact = new Map<string, Named | 'several'>();
  const put = (name: string | undefined, asset: Named): void => {
    if (name === undefined || name === '') return;
    const key = name.toLowerCase();
    const before = exact.get(key);
    exact.set(key, before === undefined || before === asset ? asset : 'several');
  };
  for (const asset of assets) {
    put(asset.id, asset);
    put(asset.name, asset);
    put(asset.hostname, asset);
  }
  const short = new Map<string, Named | 'several'>();
  for (const asset of assets)
    for (const name of new Set([asset.name, asset.hostname ?? asset.name].map((one) => shortOf(one)))) {
      const before = short.get(name);
      short.set(name, before === undefined || before === asset ? asset : 'several');
    }
  return (host) =>
    exact.get(host.toLowerCase()) ?? (looksLikeAddress(host) ? undefined : short.get(shortOf(host)));
}
const shortOf = (name: string): string => name.toLowerCase().split('.')[0] ?? '';
const looksLikeAddress = (name: string): boolean => /^[\d.]+$|:/.test(name);

/** The same vulnerability of the same package told twice is one. */
export const findingKey = (one: Pick<Scanned, 'vulnerability' | 'package'>, asset: string): string =>
  JSON.stringify([asset, one.vulnerability, one.package]);
