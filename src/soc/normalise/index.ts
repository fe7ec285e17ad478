/**
 * Turns an event, as the sigma package sees it, into a row of the event table, by maps that are data (content/normalise).
 * Pure: no clock, no store; what it is given decides what it writes.
 * Not the place for recognising formats (packages/sigma, views) nor for matching.
 * INVARIANT: no field of the producer is lost: it is in `fields` under its own name, or the row says it was cut and has `raw`.
 */
export { LineReader, type LineHeader, type ReadLine } from './lines.ts';
export { loadMaps } from './load.ts';
export type { FormatMap } from './map.ts';
export {
  describeEvent,
  type Item,
  mapColumns,
  Normaliser,
  nowhere,
  quality,
  type RowSink,
  type Written,
} from './normalise.ts';
export type { Column, Plan } from './plan.ts';
export { Planner } from './planner.ts';
