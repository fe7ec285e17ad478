import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Outside data that tests may use and the project never ships: `../shared/data/<name>` beside the checkout, or under
 * IRONBARK_SHARED. Undefined where it is not there: such tests are skipped, and the run says so.
 */
export function sharedData(name: string): string | undefined {
  const root = process.env['IRONBARK_SHARED'] ?? fileURLToPath(new URL('../../shared', import.meta.url));
  const path = `${root}/data/${name}`;
  return existsSync(path) ? path : undefined;
}
