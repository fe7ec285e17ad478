import type { LogSource } from '../event.ts';

/** Every word the condition names is equal; words it leaves out may be anything. */
export function matchesLogSource(wanted: LogSource, actual: LogSource): boolean {
  return (
    (wanted.product === undefined || wanted.product === actual.product) &&
    (wanted.category === undefined || wanted.category === actual.category) &&
    (wanted.service === undefined || wanted.service === actual.service)
  );
}
