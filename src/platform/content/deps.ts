import type { Clock } from '#platform/clock';
import { NotAllowed } from '#platform/errors';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { PackKey } from './keys.ts';
import type { ContentKind } from './kinds.ts';

/** Of identity's Actor, what content needs. */
export type ContentKeeper = {
  readonly kind: 'user' | 'token' | 'system';
  readonly id: string;
  readonly name: string;
  readonly permissions: ReadonlySet<string>;
};

export type ContentDeps = {
  readonly records: Pick<Records, 'transaction'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: {
    record(
      tx: Tx,
      entry: {
        readonly actor: Pick<ContentKeeper, 'kind' | 'id' | 'name'>;
        readonly action: string;
        readonly subject: string;
        readonly facts: Readonly<Record<string, string | number | boolean>>;
      },
    ): Promise<unknown>;
  };
  readonly kinds: readonly ContentKind[];
  /** Keys of the configuration; nobody can remove them but who writes that. */
  readonly trusted: readonly PackKey[];
  /** Whether packs that nobody signed are taken. What ships with the program needs no signature. */
  readonly plain: 'allowed' | 'refused';
  /** Origins the server may fetch from when a person asks it to. */
  readonly mirrors: readonly string[];
};

/** @throws {NotAllowed} */
export function mustKeep(actor: ContentKeeper, kind: ContentKind | undefined): void {
  if (kind?.permission !== undefined && !actor.permissions.has(kind.permission))
    throw new NotAllowed(kind.permission);
}
