/** '2026-11-20T02:00:00Z': a moment in an export is UTC. */
export const moment = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, 'Z');
/** '2026-11-20' */
export const day = (at: Date): string => at.toISOString().slice(0, 10);
