import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { communityRoutes } from '#community';
import { type IdentityDeps, identityRoutes } from '#identity';
import { type Ledger, ledgerRoutes } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import type { Http } from '#platform/http';
import type { Ids } from '#platform/ids';
import type { Records } from '#platform/records';
import type { Closing } from './closing.ts';

/** What every module is put together from. */
export type Core = {
  readonly config: Config;
  /** The data folder, absolute. */
  readonly data: string;
  /** The project's folder. */
  readonly root: string;
  readonly version: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly records: Records;
  readonly ledger: Ledger;
  readonly metrics: Registry;
  readonly http: Http;
  readonly identity: IdentityDeps;
  readonly opened: Closing;
};

/** Which modules make up the system, and how they find each other. Wiring only. */
export async function addModules(core: Core): Promise<void> {
  const { http, records } = core;
  await http.add(ledgerRoutes({ records }));
  await http.add(identityRoutes(core.identity));
  await http.add(communityRoutes(core));
}
