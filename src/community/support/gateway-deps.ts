import type { Logger } from 'pino';
import type { Authorities } from './authority.ts';
import type { SupportSystem } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import type { Keeper } from './keeper.ts';
import type { RecordingLimits } from './recording.ts';
import type { Person, Session, SignIn } from './support.ts';

export type GatewayDeps = SupportDeps & {
  readonly authorities: Authorities;
  readonly keeper: Keeper;
  readonly log: Pick<Logger, 'warn' | 'error' | 'info'>;
  readonly recording?: RecordingLimits;
};

/** What was let in: one person, one system, one session. */
export type Admitted = {
  readonly session: Session;
  readonly engineer: Person;
  readonly system: SupportSystem;
  readonly address: string;
  readonly signIn: SignIn;
};
