/**
 * From the spool to the stores: batches of frames through the workers, then event store, triage, counts and checkpoint.
 * What an event means is soc/normalise's, what fires is soc/detect's, what an alert is soc/triage's.
 * INVARIANT: every item the spool acknowledged is stored or rejected exactly once, whatever ends the process and when.
 */
export type { SourceFacts } from './batch.ts';
export { spareCollections } from './collector.ts';
export {
  defaultLimits,
  type Pipeline,
  type PipelineDeps,
  type PipelineOptions,
  type PipelineStatus,
  startPipeline,
} from './pipeline.ts';
