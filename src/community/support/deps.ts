import type { Directory, IdentityDeps } from '#identity';
import type { Ledger } from '#ledger';
import type { Clock } from '#platform/clock';
import type { Ids } from '#platform/ids';
import type { Records, Tx } from '#platform/records';
import type { Scope } from '#platform/scope';
import type { Kind } from './session.ts';
import type { SignIn } from './support.ts';
import type { Calendar } from './working-days.ts';

/** What support has to know about people; the registers of persons and appointments stand beside it. */
export type People = {
  /** The person in the community's register who uses this account. */
  personOf(tx: Tx, userId: string): Promise<string | null>;
  /** Offices in force now: 'ciso', 'coo', 'cio', 'approver' … */
  officesOf(tx: Tx, holder: { userId: string; organisation: string; at: Date }): Promise<readonly string[]>;
  /** The provider's people who may be named in a session. */
  engineers(tx: Tx): Promise<readonly { id: string; name: string }[]>;
};

/** What the gate is asked, at the start of a session and all through it. */
export type ConnectQuestion = {
  readonly session: string;
  readonly kind: Kind;
  readonly tenancy: string;
  readonly engineer: { readonly user: string; readonly person: string | null; readonly name: string };
  /** Where the engineer connects from; null where nobody has connected yet. */
  readonly address: string | null;
  /** How the engineer was signed in when the certificate was given. */
  readonly signIn: SignIn;
  /**
   * 'start': the session is approved, and not live yet. 'login': somebody proved who they are at the gateway.
   * 'again': what was permitted before, looked at every few seconds.
   */
  readonly moment: 'start' | 'login' | 'again';
};
export type ConnectAnswer = {
  readonly allowed: boolean;
  /** For the provider's eyes: they may tell about a clearance. */
  readonly reasons: readonly string[];
};

/** Who of another organisation read alerts or events; soc stands above. */
export type CrossRead = {
  readonly tenancy: string;
  readonly actorName: string;
  readonly organisation: string;
  readonly what: 'alert' | 'event';
  readonly at: Date;
};

export type SupportDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: Ledger;
  readonly directory: Directory;
  /** For signing with passkeys, and for its sealer. */
  readonly identity: IdentityDeps;
  readonly people: People;
  /** @throws nothing that would be a permit: whoever asks takes an error as a denial */
  readonly mayConnect: (question: ConnectQuestion) => Promise<ConnectAnswer>;
  readonly crossReads: (tx: Tx, scope: Scope, limit: number) => Promise<readonly CrossRead[]>;
  readonly calendar: Calendar;
};
