import { z } from 'zod';

/** GET /api/health */
export const health = z.object({
  version: z.string(),
  startedAt: z.iso.datetime(),
  overall: z.enum(['healthy', 'degraded', 'failing', 'unknown']),
  parts: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['healthy', 'degraded', 'failing', 'unknown']),
      detail: z.string(),
      measuredAt: z.iso.datetime(),
    }),
  ),
  pipeline: z.object({
    eventsPerSecond: z.number(),
    pendingEvents: z.number().int(),
    ingestToAlertMilliseconds: z.object({ p50: z.number().nullable(), p99: z.number().nullable() }),
  }),
  storage: z.object({
    spoolBytes: z.number(),
    spoolCapBytes: z.number(),
    diskFreeBytes: z.number(),
    events: z.number().int().nullable(),
    bytesPerEvent: z.number().nullable(),
  }),
});
export type Health = z.infer<typeof health>;
