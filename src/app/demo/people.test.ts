import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addOrganisation, addTenancy, directory, setUpProvider } from '#community';
import { latestClearances, usable } from '#community/clearances';
import { appointments, lifeOf, people, tenancyState } from '#community/organisations';
import { everyPermission, systemActor } from '#identity';
import { systemAccess } from '#platform/scope';
import { openWorld, type World } from '#identity/testing';
import { settle } from './people.ts';
import { communityContent } from './story.ts';

const content = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../content/demo/${name}`, import.meta.url)), 'utf8');

let world: World;
beforeAll(async () => {
  world = await openWorld(directory);
});
afterAll(() => world.close());

test("the demo's people are settled by the services, with what is good and what is not", async () => {
  const { deps, clock } = world;
  const actor = systemActor('demo', everyPermission, undefined);
  const community = communityContent.parse(parse(content('community.yaml')));
  await setUpProvider(deps, actor, { ...community.provider, demo: true });
  for (const { environments, ...organisation } of community.organisations) {
    await addOrganisation(deps, actor, organisation);
    for (const environment of environments)
      await addTenancy(deps, actor, { organisation: organisation.id, environment });
  }
  await settle(
    { identity: deps, organisations: deps, clearances: deps },
    actor,
    community.provider.id,
    content('people.yaml'),
  );
  await deps.records.transaction(systemAccess('test'), async (tx) => {
    const present = await people(tx, undefined);
    expect(new Set(present.map(({ organisation }) => organisation)).size).toBe(5);
    const lives = (await appointments(tx, undefined)).map((one) => lifeOf(one, clock.now()));
    expect(new Set(lives)).toEqual(new Set(['in-force', 'proposed']));
    const why = (await latestClearances(tx)).flatMap((one) =>
      usable(one, clock.now()).why.map(({ code }) => code),
    );
    expect(new Set(why)).toEqual(
      new Set(['revalidation-passed', 'confirmation-old', 'sponsor-inactive', 'never-confirmed']),
    );
    expect((await tenancyState(tx, 'agr-pdce'))?.state).toBe('commencing');
    expect((await tenancyState(tx, 'dhs-odce'))?.state).toBe('invited');
  });
});
