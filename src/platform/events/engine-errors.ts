import {
  BlockRefused,
  EventStoreFull,
  EventsUnavailable,
  QueryFailed,
  QueryTooLarge,
  QueryTooLong,
} from './errors.ts';

/** What of an engine's error travels between processes: its number and text. Number 0: not from the engine. */
export type EngineFault = { readonly code: number; readonly message: string };

export function faultOf(error: unknown): EngineFault {
  const message = error instanceof Error ? error.message : String(error);
  // ClickHouseError, of which there are two: the client's own and the one in chDB's copy of it.
  const code = error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN;
  return { code: Number.isInteger(code) ? code : 0, message: message.slice(0, 2000) };
}

// SOURCE: ClickHouse, src/Common/ErrorCodes.cpp
const tooLong = new Set([159, 160, 209]);
const tooLarge = new Map([
  [158, 'too many rows to read'],
  [161, 'too many columns'],
  [191, 'a set that is too large'],
  [241, 'more memory than one search may use'],
  [307, 'too many bytes to read'],
  [396, 'too many rows or bytes in the answer'],
]);
/** NOT_ENOUGH_SPACE, CANNOT_WRITE_TO_FILE_DESCRIPTOR, CANNOT_RESERVE... and their kin. */
const full = new Set([243, 75, 502]);

export function queryError(fault: EngineFault, maxSeconds: number): Error {
  if (fault.code === 0) return new EventsUnavailable('the connection failed', fault.message);
  if (tooLong.has(fault.code)) return new QueryTooLong(maxSeconds, fault.message);
  const large = tooLarge.get(fault.code);
  return large === undefined
    ? new QueryFailed(fault.code, fault.message)
    : new QueryTooLarge(large, fault.message);
}

export function insertError(fault: EngineFault): Error {
  if (full.has(fault.code)) return new EventStoreFull(fault.message);
  if (fault.code === 0 || fault.code === 241 || fault.code === 252)
    return new EventsUnavailable('it could not take the events now', fault.message);
  return new BlockRefused(fault.code, fault.message);
}
