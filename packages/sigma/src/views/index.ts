/**
 * From a parsed record to the event rules see: which format it is, its fields by the names rules use, its log sources.
 * Not the place for columns (the pipeline's) or for field maps that a rule set brings along (../pipelines).
 * INVARIANT: nothing here changes the record it is given.
 */
export { tooManyValues } from './count.ts';
export { createRecogniser, recognise, type Unreadable } from './recognise.ts';
export type { Format, View } from './view.ts';
export { eventTime } from './time.ts';
