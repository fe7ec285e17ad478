/**
 * A complete, fast and honest Sigma engine: rules in, matches out, no rule dropped in silence.
 * Pure: no I/O, no clock, nothing of Ironbark's own.
 */
export type { LogSource, SigmaEvent } from './event.ts';
export { recognise, eventTime, type Format, type Unreadable, type View } from './views/index.ts';
