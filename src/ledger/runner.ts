import type { Policy } from '@ironbark/tlog';
import { systemAccess } from '#platform/scope';
import { createLogReader } from './log-reader.ts';
import { sequence, type SequencerDeps } from './sequencer.ts';
import { logSize, newestCheckpoint, waiting } from './store-log.ts';
import { createWitnesses, type Post, type WitnessState } from './witnesses.ts';

export type LogStatus = {
  readonly origin: string;
  readonly size: number;
  readonly waiting: number;
  readonly lagSeconds: number;
  readonly checkpointAt: Date | null;
  readonly witnesses: readonly WitnessState[];
  readonly state: 'healthy' | 'degraded' | 'failing';
  /** A sentence for people. */
  readonly detail: string;
};

/** The part that works by itself: gives entries their place, signs, asks the witnesses. */
export type LogRunner = {
  /** Does what is to be done now, and waits for it. @throws {LedgerDamaged} */
  run(): Promise<void>;
  status(): Promise<LogStatus>;
  close(): Promise<void>;
};

export type RunnerDeps = SequencerDeps & {
  readonly policy: Pick<Policy, 'witnesses'>;
  readonly post: Post;
  readonly log: { error(facts: object, message: string): void; info(facts: object, message: string): void };
};

/** How long an entry may wait at most before work on it begins. */
const pauseMilliseconds = 250;
const lateSeconds = 5;
const access = systemAccess('the state of the ledger');

export function startLog(deps: RunnerDeps): LogRunner {
  const { records, clock, log } = deps;
  const witnesses = createWitnesses({ ...deps, reader: createLogReader({ records }) });
  let failure: string | undefined;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const run = async (): Promise<void> => {
    await sequence(deps);
    await witnesses.ask();
  };
  const turn = async (): Promise<void> => {
    try {
      await run();
      if (failure !== undefined) log.info({}, 'the ledger goes on');
      failure = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // Said once, not four times a second.
      if (message !== failure && !stopped) log.error({ err: error }, 'the ledger can not go on');
      failure = message;
    }
  };
  let under = Promise.resolve();
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      under = turn().finally(next);
    }, pauseMilliseconds);
  };
  next();
  return {
    run,
    async close() {
      stopped = true;
      clearTimeout(timer);
      await under;
      // What was recorded until now gets its place before the doors are shut for good.
      await sequence(deps).catch(() => 0);
    },
    async status() {
      const facts = await records.transaction(access, async (tx) => ({
        size: await logSize(tx),
        newest: await newestCheckpoint(tx),
        waiting: await waiting(tx),
      }));
      const { since, count } = facts.waiting;
      const lagSeconds = since === null ? 0 : Math.max(0, (clock.now().getTime() - since.getTime()) / 1000);
      return {
        origin: deps.keys.origin,
        size: facts.size,
        waiting: count,
        lagSeconds,
        checkpointAt: facts.newest?.at ?? null,
        witnesses: witnesses.states(),
        ...judge(failure, lagSeconds, facts.size, witnesses.states()),
      };
    },
  };
}

function judge(
  failure: string | undefined,
  lagSeconds: number,
  size: number,
  witnesses: readonly WitnessState[],
): Pick<LogStatus, 'state' | 'detail'> {
  if (failure !== undefined) return { state: 'failing', detail: failure };
  const refusing = witnesses.find(({ state }) => state === 'refuses');
  if (refusing !== undefined)
    return { state: 'failing', detail: `The witness ${refusing.name} refuses: ${refusing.detail}.` };
  if (lagSeconds > lateSeconds)
    return { state: 'degraded', detail: `An entry has waited ${Math.round(lagSeconds)} s for its place.` };
  const silent = witnesses.filter(({ state }) => state === 'silent');
  if (silent.length > 0)
    return {
      state: 'degraded',
      detail: `No answer from ${silent.map(({ name }) => name).join(', ')}: ${silent[0]?.detail ?? ''}.`,
    };
  const seen = `${size} entries in the log`;
  return witnesses.length === 0
    ? { state: 'healthy', detail: `${seen}. No witness: integrity only against those without the key.` }
    : { state: 'healthy', detail: `${seen}, seen by ${witnesses.map(({ name }) => name).join(', ')}.` };
}
