import type { Logger } from 'pino';
import { access, supportChanged, system } from './change.ts';
import type { SupportDeps } from './deps.ts';
import { denialOf, endDenied, endSession } from './live.ts';
import { expireUnused, isUnused } from './request.ts';
import { latestIssued, sessionsIn } from './store.ts';
import type { Person, Session, SignIn } from './support.ts';
import { createWatch, type Watch } from './watch.ts';

/** Somebody who is connected for a session, here. */
export type Connection = {
  readonly session: string;
  readonly engineer: Person;
  readonly address: string;
  readonly signIn: SignIn;
  /** Cuts it off, both ways, at once. */
  end(why: string): void;
};

export type Keeper = {
  add(connection: Connection): () => void;
  readonly connections: readonly Connection[];
  /** Looks now: a fact changed. */
  nudge(): void;
  close(): Promise<void>;
};

/** A denial is to end a session within five seconds: two looks fit in. */
const lookMilliseconds = 2000;
/** When it could not be looked for so long, who is connected is cut off: what can't be checked is denied. */
const blindMilliseconds = 4500;

/**
 * Holds live sessions to their conditions: time, end by either side, and the gate, asked again all the time.
 * In a cluster each process does it for all sessions, and cuts off the connections that it holds.
 */
export async function keepSessions(
  deps: SupportDeps,
  log: Pick<Logger, 'warn' | 'error' | 'info'>,
): Promise<Keeper> {
  const connections = new Set<Connection>();
  const watch = createWatch(() => performance.now());
  let lookedAt = Date.now();
  let looking: Promise<void> | undefined;
  let again = false;

  const look = (): Promise<void> => {
    if (looking !== undefined) {
      again = true;
      return looking;
    }
    looking = lookOnce(deps, connections, watch).then(
      () => {
        lookedAt = Date.now();
      },
      (error: unknown) => log.error({ err: error }, 'support sessions could not be checked'),
    );
    return looking.finally(() => {
      looking = undefined;
      if (!again) return;
      again = false;
      void look();
    });
  };
  const unlisten = await deps.records.onChange(supportChanged, () => void look());
  const timer = setInterval(() => {
    if (Date.now() - lookedAt > blindMilliseconds)
      for (const connection of connections) connection.end('it could not be checked whether you may go on');
    void look();
  }, lookMilliseconds);
  return {
    add(connection) {
      connections.add(connection);
      return () => connections.delete(connection);
    },
    get connections() {
      return [...connections];
    },
    nudge: () => void look(),
    async close() {
      clearInterval(timer);
      await unlisten();
      for (const connection of connections) connection.end('the gateway is being stopped');
      await looking;
    },
  };
}

async function lookOnce(
  deps: SupportDeps,
  connections: ReadonlySet<Connection>,
  watch: Watch,
): Promise<void> {
  const current = await deps.records.transaction(access, (tx) =>
    sessionsIn(tx, ['requested', 'customer-approved', 'provider-approved', 'live']),
  );
  const now = deps.clock.now();
  const live = new Map(
    current
      .filter((session) => session.state === 'live' && !watch.isOver(session, now))
      .map((session) => [session.id, session]),
  );
  watch.keepOnly(new Set(current.filter(({ state }) => state === 'live').map(({ id }) => id)));
  // First of all the cutting: it needs nothing more.
  for (const connection of connections)
    if (!live.has(connection.session)) connection.end('the session is over');
  await expireUnused(
    deps,
    current.filter((session) => isUnused(session, now)),
  );
  for (const session of current)
    if (session.state === 'live' && !live.has(session.id))
      await endSession(deps, session.id, {
        actor: system,
        by: 'the clock',
        code: 'time-is-up',
        reason: 'Its minutes are over.',
        detail: null,
      });
  for (const session of live.values()) await askAgain(deps, session, connections);
}

async function askAgain(
  deps: SupportDeps,
  session: Session,
  connections: ReadonlySet<Connection>,
): Promise<void> {
  const here = [...connections].filter((connection) => connection.session === session.id);
  for (const who of here.length > 0 ? here : await whoStarted(deps, session)) {
    const { engineer, address, signIn } = who;
    const reasons = await denialOf(deps, session, { engineer, address, signIn }, 'again');
    if (reasons === undefined) continue;
    for (const connection of here) connection.end('a condition for remote support does not hold any more');
    await endDenied(deps, session, engineer, reasons);
    return;
  }
}

/** Of a session in which nobody is connected here. */
async function whoStarted(deps: SupportDeps, { id, startedBy }: Session) {
  if (startedBy === null) return [];
  const issued = await deps.records.transaction(access, (tx) => latestIssued(tx, id, startedBy.user));
  return issued === undefined ? [] : [{ engineer: startedBy, ...issued }];
}
