import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addOrganisation, addTenancy, directory, setUpProvider } from '#community';
import { everyPermission, systemActor } from '#identity';
import type { AgreementRouteDeps } from '#community/agreements';
import { AppError } from '#platform/errors';
import { systemAccess, tenancyId } from '#platform/scope';
import { agree, createDemo, type Demo, type GateHouse, settle, tellGate, tellProve } from './demo/index.ts';
import type { Core } from './core.ts';
import type { Prove } from './prove.ts';
import { systemWith } from './system-actor.ts';
import type { Watch } from './watch.ts';

/** The demo comes in as shippers do. */
export class NoDoor extends AppError {
  readonly code = 'no-door';
  readonly status = 409;
  constructor() {
    super('The demo comes in through the _bulk door without TLS. Set IRONBARK_BULK_LISTEN and start again.');
  }
}

/** Gives the demo the services that people use, and goes on with it after a restart. */
export async function addDemo(
  core: Core,
  watch: Watch,
  agreements: AgreementRouteDeps,
  house: GateHouse,
  prove: Prove,
): Promise<Demo> {
  const { records, opened } = core;
  const actorFor = (tenancy: string) =>
    systemWith('demo', ['community.manage', 'source.manage'], tenancyId(tenancy));
  const nobody = actorFor('none');
  const secretOf = (secret: string | null): string => {
    if (secret === null) throw new Error('a source with a token has a secret');
    return secret;
  };
  const resumes = await records.transaction(
    systemAccess('is this the demo'),
    async (tx) => (await directory.facts(tx)).demo,
  );
  const demo = opened.keep(
    createDemo({
      clock: core.clock,
      read: (name) => readFile(join(core.root, 'content', 'demo', name), 'utf8'),
      setUpProvider: (provider) => setUpProvider(core, nobody, { ...provider, demo: true }),
      addOrganisation: (organisation) => addOrganisation(core, nobody, organisation),
      addTenancy: (tenancy) => addTenancy(core, nobody, tenancy),
      settle: (provider, people) =>
        settle(
          { identity: core.identity, organisations: core, clearances: core },
          systemActor('demo', everyPermission, undefined),
          provider,
          people,
        ),
      agree: async () => agree(agreements, await agreements.templates()),
      gate: (people, text) => tellGate(house, people, text),
      inHistory: prove.inHistory,
      prove: (read) =>
        tellProve(prove.house, read, (words) => core.log.info({ part: words }, 'the demo tells of Prove')),
      addSource: async ({ id, name, tenancy }) => {
        const made = await watch.sources.create(actorFor(tenancy), {
          id,
          name,
          tenancy,
          authentication: { kind: 'token' },
          silentAfterSeconds: 900,
        });
        return secretOf(made.secret);
      },
      renewToken: async (source, tenancy) =>
        secretOf((await watch.sources.renewSecret(actorFor(tenancy), source)).secret),
      door: () => doorOf(watch),
      failed: (error) => core.log.warn({ err: error }, 'the demo could not go on'),
    }),
    (part) => part.close(),
  );
  if (resumes) await demo.resume();
  return demo;
}

/** The same door that shippers use, reached over loopback. */
function doorOf({ ingest }: Watch): string {
  const door = ingest.doors.find(({ kind, tls }) => kind === 'bulk' && !tls);
  if (door === undefined) throw new NoDoor();
  const host = door.host === '0.0.0.0' || door.host === '::' ? '127.0.0.1' : door.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${door.port}`;
}
