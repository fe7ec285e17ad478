/**
 * The doors: `_bulk` and syslog. They find out whose source speaks, check each item just enough to answer for it, put
 * it into the spool, and only then acknowledge. What an item means is soc/normalise's to say.
 * INVARIANT: what was answered with success is in the spool; what was not taken was refused in the protocol's own way,
 * or kept as rejected with its reason.
 */
export { createDedupe, type Dedupe, rememberEvents, rememberSpool } from './dedupe.ts';
export {
  defaultLimits,
  type DoorKind,
  type DoorSettings,
  DoorTaken,
  type Ingest,
  type IngestLimits,
  type IngestStats,
  openIngest,
  type OpenDoor,
} from './doors.ts';
export { type Fault, recheckItem } from './item.ts';
export { parseSyslog, type SyslogMessage } from './syslog-message.ts';
