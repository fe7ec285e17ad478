import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Config, type Found, readConfig } from '#platform/config';
import type { Io } from './command.ts';

/** The settings: from the environment, and from the file IRONBARK_CONFIG or `ironbark.yaml` of the project. @throws {BadConfig} */
export function configOf({ env, root }: Io): { config: Config; found: Found[]; file: string | undefined } {
  const named = env['IRONBARK_CONFIG'];
  const path = named === undefined ? join(root, 'ironbark.yaml') : resolve(named);
  const file =
    named !== undefined || existsSync(path) ? { path, text: readFileSync(path, 'utf8') } : undefined;
  return { ...readConfig({ env, ...(file && { file }) }), file: file?.path };
}
