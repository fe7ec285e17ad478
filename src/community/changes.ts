import { randomUUID } from 'node:crypto';
import type { Clock } from '#platform/clock';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { say } from './store-changes.ts';

/**
 * What a decision may depend on, and what `id` is for each kind. Where one thing is kept under another's id, the id is
 * the one that decisions look it up by.
 */
export type ChangeKind =
  /** environment id */
  | 'environment'
  /** organisation id: state, eligibility, name */
  | 'organisation'
  /** tenancy id: state, services, commencement conditions, monitoring */
  | 'tenancy'
  /** person id: state, organisation, citizenship, screening, remote-work */
  | 'person'
  /** user id: roles, locked, last use, review. Said by the database itself (migration 0045), whoever changes the account. */
  | 'account'
  /** organisation id: its appointments */
  | 'appointment'
  /** person id: the clearance */
  | 'clearance'
  /** organisation id: the security incident contacts */
  | 'contacts'
  /** `organisation/environment` */
  | 'agreement'
  /** `organisation/environment`: what the organisation owes there, and by when */
  | 'obligation'
  /** support session or break-glass id */
  | 'support'
  /** id of a planned change: approved, scheduled, emergency */
  | 'change'
  /** device id: who has it, whether it is managed, its posture */
  | 'device'
  /** person id: agreed exceptions to the place rule */
  | 'exception'
  /** '' : the lists of networks by country */
  | 'place'
  /** '' : the gate's parameters and applications */
  | 'parameters';

export type Change = { readonly kind: ChangeKind; readonly id: string };

const channel = 'community_change';

/**
 * Says that a fact of the community changed: every instance hears it when `tx` commits, and only then.
 * To be called by every store that changes what a decision depends on; twice does no harm, forgetting does.
 */
export const changed = (tx: Tx, change: Change): Promise<void> =>
  say(tx, channel, `change ${change.kind} ${change.id}`);

export type ChangeFeed = {
  /**
   * Until when every committed change has been heard. It moves on with our own heartbeat, which takes the same way as
   * changes do, in the order of commits; undefined before the first.
   */
  heardUntil(): Date | undefined;
  close(): Promise<void>;
};

export type FeedDeps = {
  readonly records: Records;
  readonly clock: Clock;
  /** A change was heard. */
  readonly heard: (change: Change) => void;
  /** Notifications may have been lost (the connection broke): look at everything again before `heardUntil` moves on. */
  readonly lost: () => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly beatMilliseconds?: number;
};

const defaultBeatMilliseconds = 5_000;
const access = systemAccess('the heartbeat of changes');

/** Listens to the community's changes. When nothing is heard any more, `heardUntil` stands still: that is the point of it. */
export async function listenToChanges(deps: FeedDeps): Promise<ChangeFeed> {
  const { records, clock, beatMilliseconds = defaultBeatMilliseconds } = deps;
  const instance = randomUUID();
  const sent = new Map<string, Date>();
  let heardUntil: Date | undefined;
  let beats = 0;
  let recovering = 0;
  let closed = false;

  const recover = (): void => {
    recovering++;
    // Beats sent before the loss say nothing about what was lost.
    sent.clear();
    deps.lost().then(
      () => {
        recovering--;
        beat();
      },
      (error: unknown) => {
        deps.failed(error);
        if (!closed) setTimeout(() => (recovering--, recover()), beatMilliseconds).unref();
      },
    );
  };
  const stop = await records.onChange(channel, (payload) => {
    if (payload === '') return recover();
    const [word, first = '', ...rest] = payload.split(' ');
    if (word === 'change')
      // Only `changed` writes here; a kind that this version does not know concerns no fact that it knows.
      deps.heard({ kind: first as ChangeKind, id: rest.join(' ') });
    const at = word === 'beat' && first === instance ? sent.get(rest.join(' ')) : undefined;
    if (at === undefined) return;
    sent.delete(rest.join(' '));
    if (recovering === 0 && (heardUntil === undefined || at > heardUntil)) heardUntil = at;
  });
  const beat = (): void => {
    if (closed) return;
    const number = String(++beats);
    sent.set(number, clock.now());
    records
      .transaction(access, (tx) => say(tx, channel, `beat ${instance} ${number}`))
      .catch((error: unknown) => {
        sent.delete(number);
        if (!closed) deps.failed(error);
      });
  };
  const timer = setInterval(beat, beatMilliseconds);
  beat();
  return {
    heardUntil: () => heardUntil,
    close: async () => {
      closed = true;
      clearInterval(timer);
      await stop();
    },
  };
}
