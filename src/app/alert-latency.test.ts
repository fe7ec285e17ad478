import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { alertLatency } from './alert-latency.ts';

test('how long alerts took is a histogram in seconds', async () => {
  const registry = new Registry();
  const alerted = alertLatency(registry);
  for (const milliseconds of [80, 700, 1_900, 2_100]) alerted(milliseconds);
  const text = await registry.metrics();
  expect(text).toContain('ingest_to_alert_seconds_bucket{le="0.1"} 1');
  expect(text).toContain('ingest_to_alert_seconds_bucket{le="2"} 3');
  expect(text).toContain('ingest_to_alert_seconds_count 4');
});
