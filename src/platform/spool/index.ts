/**
 * The spool: durable segment files between the doors, which acknowledge once a frame is in it, and the pipeline, which
 * reads it at its own pace. It gives each item its number within its source.
 * Not a queue for many: frames are read in the order they came, by position, as often as wanted, until released.
 * INVARIANT: when `append` resolves, the frame survives kill -9 and power loss; what can't be taken throws SpoolFull.
 */
export * from './errors.ts';
export { decodeFrame, encodeFrame, encodedSize } from './frame-codec.ts';
export { type Damage, openSpool, type SpoolOptions } from './open-spool.ts';
export type { Frame, NewFrame, Position, Spool, Wire } from './spool.ts';
