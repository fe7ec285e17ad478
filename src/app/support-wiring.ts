import { dirname } from 'node:path';
import { directory } from '#community';
import { type Office, appointmentsInForce, personOfUser } from '#community/organisations';
import {
  type ConnectAnswer,
  type ConnectQuestion,
  national,
  openSupport,
  supportRoutes,
} from '#community/support';
import { providersPeopleWho } from '#identity';
import { readsAcross } from '#soc/triage';
import type { Core } from './core.ts';
import { placesIn } from './folder.ts';

/** Remote support: its people are the community's, its conditions the gate's. */
export async function addSupport(
  core: Core,
  mayConnect: (question: ConnectQuestion) => Promise<ConnectAnswer>,
): Promise<void> {
  const { config, records, clock, ids, ledger, identity, log, http, opened } = core;
  const support = opened.keep(
    await openSupport(
      {
        records,
        clock,
        ids,
        ledger,
        directory,
        identity,
        calendar: national,
        mayConnect,
        crossReads: readsAcross,
        people: {
          personOf: async (tx, user) => (await personOfUser(tx, user))?.id ?? null,
          officesOf: async (tx, { userId, organisation, at }): Promise<readonly Office[]> => {
            const person = await personOfUser(tx, userId);
            if (person?.organisation !== organisation) return [];
            const held = await appointmentsInForce(tx, { organisation, at, person: person.id });
            return held.map(({ office }) => office);
          },
          engineers: (tx) => providersPeopleWho(tx, directory, 'support.request'),
        },
      },
      {
        keys: dirname(placesIn(core.data).identityKey),
        listen: config.sshListen,
        publicHost: config.sshHost,
        log,
      },
    ),
    (part) => part.close(),
  );
  await http.add(supportRoutes(support));
}
