import { Histogram, type Registry } from 'prom-client';

/** @returns to be told, of each detection, how long it took from the door to the alert */
export function alertLatency(registers: Registry): (milliseconds: number) => void {
  const histogram = new Histogram({
    name: 'ingest_to_alert_seconds',
    help: 'From the door to the alert.',
    buckets: [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 60, 300],
    registers: [registers],
  });
  return (milliseconds) => histogram.observe(milliseconds / 1000);
}
