import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#platform/clock';
import { AppError } from '#platform/errors';
import { type Spool, SpoolFull } from '#platform/spool';
import type { KnownSource, Rejection, Sources } from '#soc/sources';
import type { Fault } from './item.ts';

export type SyslogDeps = {
  readonly spool: Pick<Spool, 'append'>;
  readonly sources: Pick<Sources, 'authenticate' | 'byId' | 'rejectAtDoor' | 'note' | 'heard'>;
  readonly clock: Clock;
  readonly maxLineBytes: number;
  readonly failed: (error: unknown) => void;
};

export type Refused = { readonly fault: Fault; readonly bytes: Buffer; readonly sizeBytes: number };

const retryMilliseconds = 500;

/** Puts messages into the spool. @throws {SpoolFull} with nothing of them taken */
export async function spoolMessages(
  deps: SyslogDeps,
  source: KnownSource,
  peer: string,
  messages: readonly Buffer[],
): Promise<void> {
  if (messages.length === 0) return;
  await deps.spool.append({
    source: source.id,
    wire: 'syslog',
    receivedAt: deps.clock.now(),
    peer,
    items: messages,
    clientIds: messages.map(() => ''),
  });
  deps.sources.heard(source.id);
}

/** As `spoolMessages`, but waits for room: the sender is held back meanwhile. Gives up, with an error, on abort. */
export async function spoolWithPatience(
  deps: SyslogDeps,
  source: KnownSource,
  peer: string,
  messages: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      return await spoolMessages(deps, source, peer, messages);
    } catch (error) {
      if (!(error instanceof SpoolFull)) throw error;
      await wait(retryMilliseconds, undefined, { signal });
    }
  }
}

export async function rejectMessages(
  deps: SyslogDeps,
  source: KnownSource,
  peer: string,
  refused: readonly Refused[],
): Promise<void> {
  if (refused.length === 0) return;
  const receivedAt = deps.clock.now();
  const rejections: Rejection[] = refused.map(({ fault, bytes, sizeBytes }) => ({
    source: source.id,
    receivedAt,
    ...fault,
    wire: 'syslog',
    peer,
    clientId: '',
    bytes,
    sizeBytes,
  }));
  try {
    await deps.sources.rejectAtDoor(rejections);
  } catch (error) {
    // Syslog has no way to say "keep it": what can't be kept is counted at least.
    if (!(error instanceof AppError)) throw error;
    deps.sources.note(source.id, { doorRejected: rejections.length });
    deps.failed(error);
  }
}
