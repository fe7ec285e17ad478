/**
 * What lies between the words of a rule and the names a log source really uses: processing pipelines in the YAML form
 * of the ecosystem, applied to parsed rules. Shipped ones are data in `pipelines/*.yml`.
 * INVARIANT: a step that is not understood makes its pipeline a fault; a rule that can't be mapped makes one too.
 */
export { applyPipelines, mapField, placeholdersOf } from './apply.ts';
export { parsePipelines } from './parse.ts';
export type { Pipeline } from './pipeline.ts';
