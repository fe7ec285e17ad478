import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { customerResponsibility, responsibleEntity } from '#contract/governance';
import { mappingInput } from '#contract/governance/frameworks';
import type { DefaultResponsibility } from '#governance/controls';
import { addShippedMappings, type FrameworkDeps, importEdition } from '#governance/frameworks';
import { systemActor } from '#identity';
import { Conflict } from '#platform/errors';
import type { Core } from './core.ts';

const responsibilities = z.array(
  z.strictObject({
    /** Row of a service's matrix in content/agreements, for the reader. */
    row: z.string(),
    /** Of these services (community.service); left out: of all. */
    services: z.array(z.string()).default([]),
    responsible: responsibleEntity,
    customer: customerResponsibility,
    controls: z.array(z.string()),
  }),
);

/** Who answers by the matrices, and in which services; none named: in all. */
export type ShippedResponsibility = DefaultResponsibility & { readonly services: readonly string[] };

const mappings = z.array(mappingInput.omit({ author: true }));

/**
 * Imports the frameworks that were written for this project, as far as they are not there yet.
 * @returns who answers for a control, by the services' matrices, where nobody said otherwise
 */
export async function shipFrameworks(
  core: Pick<Core, 'root' | 'log'> & FrameworkDeps,
): Promise<ReadonlyMap<string, ShippedResponsibility>> {
  const folder = join(core.root, 'content', 'frameworks');
  if (!existsSync(folder)) return new Map();
  const shipped = systemActor('shipped content', ['governance.manage'], undefined);
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
    const bytes = await readFile(join(folder, name));
    const framework = name.replace(/\.json$/, '');
    // New words under an old version are a fault of the content's author: what is in stays, and the log says so.
    await importEdition(core, shipped, { name, bytes, framework, own: true }).catch((error: unknown) => {
      if (!(error instanceof Conflict)) throw error;
      core.log.warn({ framework }, error.message);
    });
  }
  await shipMappings(core, join(folder, 'mappings.yaml'), shipped);
  const file = join(folder, 'responsibilities.yaml');
  if (!existsSync(file)) return new Map();
  const rows = responsibilities.parse(parse(await readFile(file, 'utf8')));
  return new Map(
    rows.flatMap(({ responsible, customer, services, controls }) =>
      controls.map((control): [string, ShippedResponsibility] => [
        control,
        { responsible, customer, services },
      ]),
    ),
  );
}

/** Those of ours that nobody was given yet; what somebody changed or ended since stays so. */
async function shipMappings(
  core: FrameworkDeps,
  file: string,
  actor: ReturnType<typeof systemActor>,
): Promise<void> {
  if (!existsSync(file)) return;
  const given = mappings.parse(parse(await readFile(file, 'utf8')));
  await addShippedMappings(
    core,
    actor,
    given.map((one) => ({ ...one, author: 'Ironbark' })),
  );
}
