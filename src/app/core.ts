import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { IdentityDeps } from '#identity';
import type { Ledger, LogRunner } from '#ledger';
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
  /** Gives entries their place in the log, and signs it. */
  readonly runner: LogRunner;
  readonly metrics: Registry;
  readonly http: Http;
  readonly identity: IdentityDeps;
  /** PEM texts, where a certificate is set. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
  readonly opened: Closing;
  /** Ends the program in order, because it can't do its work any more. */
  readonly fatal: (error: unknown) => void;
};
