import type { Json } from './canonical.ts';

/** What a service hands over; id, time, salt and place in the log are the ledger's to give. */
export type NewEntry = {
  readonly actor: { readonly kind: 'user' | 'token' | 'system'; readonly id: string; readonly name: string };
  /** Module and verb: `user.locked`, `source.added`. Part of the leaf: say nothing personal in it. */
  readonly action: string;
  /** What was acted on: `user/0193…`, `source/acme-fw`. */
  readonly subject: string;
  /** Whose it is; left out for what concerns the community as a whole. */
  readonly tenancy?: string | undefined;
  /** What changed, without secrets. */
  readonly facts: { readonly [name: string]: Json };
};

/** What an entry is known by: the promise that it will be in the log within a second or so. */
export type Recorded = { readonly id: string };

/** An entry as it is read back. What is personal in it is null once it was erased. */
export type Entry = {
  /** The order of recording; numbers may be left out, and are no place in the log. */
  readonly sequence: number;
  readonly id: string;
  /** The place in the log; null until the sequencer gave one. */
  readonly index: number | null;
  readonly at: Date;
  readonly action: string;
  readonly tenancy: string | null;
  readonly actor: NewEntry['actor'] | null;
  readonly subject: string | null;
  readonly facts: { readonly [name: string]: Json } | null;
  readonly erased: boolean;
};
