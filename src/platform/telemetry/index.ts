/**
 * The log's form, and secrets that can't get into it by accident.
 * Not here: metrics (each module makes its own on the registry that app hands it).
 * INVARIANT: a Secret prints as [secret], in a log line, in JSON and in a template.
 */
export { createLogger, type LogOptions } from './logger.ts';
export { Secret } from './secret.ts';
