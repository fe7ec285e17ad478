import { isIP } from 'node:net';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';

/** Which country an address is of; null: in no list. Part of the wiring: the lists are kept elsewhere. */
export type CountryOf = (tx: Tx, address: string) => Promise<string | null>;

/** Countries of addresses, looked up once and kept for a while. */
export type Places = {
  /** Undefined: not looked up (call `find` first), or it could not be. */
  countryOf(address: string): string | null | undefined;
  find(address: string): Promise<void>;
  /** The lists changed. */
  forget(): void;
};

const access = systemAccess('know where an address is');
const keptMilliseconds = 60_000;
const mostKept = 10_000;

export function openPlaces(
  deps: { records: Records; now: () => Date; failed: (error: unknown) => void },
  look: CountryOf | undefined,
): Places {
  const kept = new Map<string, { country: string | null; until: number }>();
  const fresh = (address: string) => {
    const found = kept.get(address);
    return found !== undefined && deps.now().getTime() < found.until ? found : undefined;
  };
  return {
    countryOf: (address) => fresh(address)?.country,
    async find(address) {
      if (look === undefined || fresh(address) !== undefined) return;
      try {
        const country =
          isIP(address) === 0 ? null : await deps.records.transaction(access, (tx) => look(tx, address));
        if (kept.size >= mostKept) kept.clear();
        kept.set(address, { country, until: deps.now().getTime() + keptMilliseconds });
      } catch (error) {
        deps.failed(error);
      }
    },
    forget: () => kept.clear(),
  };
}
