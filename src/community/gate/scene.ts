import type { Application, Translated } from './application.ts';
import type { Parameters } from './contract.ts';
import type { Ask, Facts } from './facts.ts';
import type { AccessRequest, Told } from './request.ts';
import type { Looked, Snapshot } from './snapshot.ts';
import type { ChangeEntry, SupportEntry } from './sources.ts';

/** Where a request's facts are looked up. */
export type Gathering = {
  readonly snapshot: Snapshot;
  readonly parameters: Parameters;
  readonly applications: readonly Application[];
  readonly at: Date;
  /** The country of an address, looked up before; undefined: it could not be. */
  readonly countryOf: (address: string) => string | null | undefined;
  /** Told by an enforcement point ("portal-proxy"), or assumed for a question. */
  readonly teller: string;
  /** Beside what the request's context tells. */
  readonly told?: Told;
  /** The person who asks, where it is not the request that says so. */
  readonly person?: string;
};

/** What of a request is the same whoever asks. */
export type Scene = {
  readonly from: Gathering;
  readonly at: Date;
  readonly request: AccessRequest;
  readonly translated: Translated | undefined;
  readonly told: Told;
  readonly ask: Omit<Ask, 'subject'>;
  readonly support: Looked<SupportEntry> | undefined;
  readonly change: Looked<ChangeEntry> | undefined;
  readonly organisation: string;
  /** Of the place and the moment. */
  readonly facts: Facts['facts'];
};
