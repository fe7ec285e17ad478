import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { RuleText } from './protocol.ts';

const enabled = z.strictObject({ pipelines: z.array(z.string().regex(/^[a-z0-9-]{1,64}$/)) });

/**
 * The field maps the stream applies, in the order of `content/pipelines.yaml`.
 * @throws where the list or one of its maps is not there or not readable: a start without them would miss alerts quietly
 */
export function streamPipelines(root: string): readonly RuleText[] {
  const list = enabled.parse(parse(readFileSync(join(root, 'content', 'pipelines.yaml'), 'utf8')));
  return list.pipelines.map((name) => {
    const path = join(root, 'packages', 'sigma', 'pipelines', `${name}.yml`);
    return { path: `${name}.yml`, text: readFileSync(path, 'utf8') };
  });
}
