import { Gauge, type Registry } from 'prom-client';
import type { Watch } from './watch.ts';

/** What Prometheus reads of the watch loop. Each value is looked up when it is asked for. */
export function measureWatch(registers: Registry, watch: Watch): void {
  const gauge = (name: string, help: string, value: () => number | null) =>
    new Gauge({
      name,
      help,
      registers: [registers],
      collect() {
        const now = value();
        // What was not measured has no value, rather than 0.
        if (now === null) this.reset();
        else this.set(now);
      },
    });
  const status = () => watch.pipeline.status();
  gauge('pipeline_events_per_second', 'Events stored and judged a second.', () => status().eventsPerSecond);
  gauge(
    'pipeline_committed_events',
    'Events stored and judged since the start.',
    () => status().committedEvents,
  );
  gauge('pipeline_pending_batches', 'Batches under way.', () => status().pendingBatches);
  gauge('pipeline_waiting', '1 while a store does not answer.', () => (status().waitingFor === null ? 0 : 1));
  gauge('ingest_to_alert_p50_seconds', 'From the door to the alert, median.', () =>
    seconds(status().ingestToAlertMilliseconds.p50),
  );
  gauge('ingest_to_alert_p99_seconds', 'From the door to the alert, 99th percentile.', () =>
    seconds(status().ingestToAlertMilliseconds.p99),
  );
  gauge('correlation_evicted', 'Groups and entries of correlations given up for their bounds.', () => {
    const { evictedGroups, evictedEntries } = status().correlations;
    return evictedGroups + evictedEntries;
  });
  gauge('spool_size_bytes', 'Bytes in the spool.', () => watch.spool.sizeBytes);
  gauge('spool_cap_bytes', 'Bytes the spool may hold.', () => watch.spool.capBytes);
}

const seconds = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : milliseconds / 1000;
