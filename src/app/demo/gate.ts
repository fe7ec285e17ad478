import { parse } from 'yaml';
import { z } from 'zod';
import type { Gate } from '#community/gate';
import {
  agreeToException,
  grantRemoteWork,
  importNetworks,
  type PlacesDeps,
  proposeException,
  registerDevice,
} from '#community/places';
import { closeChange, decideOnChange, requestChange } from '#community/planned-changes';
import { device, networkImport, newPlaceException, newRemoteWork } from '#contract/community/places';
import { changeOutcome, newChange } from '#contract/community/planned-changes';
import type { Settled } from './people.ts';

const days = z.number().int().positive();
/** Who did something, so many hours ago. */
const did = z.object({ by: z.string(), hoursAgo: z.number() });

const changeContent = newChange.omit({ from: true, until: true }).extend({
  asked: did,
  /** From now: before it where negative. */
  window: z.object({ fromHours: z.number(), hours: z.number().positive() }),
  decision: did.extend({ approve: z.boolean(), note: z.string() }).optional(),
  outcome: did.extend({ outcome: changeOutcome, note: z.string() }).optional(),
});
type ChangeContent = z.infer<typeof changeContent>;

/** content/demo/gate.yaml: people by their email addresses. */
const gateContent = z.strictObject({
  networks: z.array(networkImport.extend({ ranges: z.array(z.string()) })),
  devices: z.array(device.omit({ postureCheckedAt: true })),
  remoteWork: z.array(newRemoteWork.omit({ expiresAt: true }).extend({ by: z.string(), days })),
  exceptions: z.array(
    newPlaceException.omit({ expiresAt: true }).extend({
      by: z.string(),
      agreedBy: z.string().optional(),
      days,
    }),
  ),
  changes: z.array(changeContent),
  questions: z.array(
    z.object({
      who: z.string(),
      action: z.string(),
      resource: z.object({ type: z.string(), id: z.string() }),
      country: z.string(),
      device: z.string().optional(),
    }),
  ),
});
type GateContent = z.infer<typeof gateContent>;

export type GateHouse = {
  readonly gate: Gate;
  readonly places: PlacesDeps;
};

const hourMs = 3_600_000;

/**
 * Fills what the gate decides by, and asks it. Remote support is not told: it takes engineers who have signed in and
 * approvals with passkeys, and the demo has no hands.
 * @param text content/demo/gate.yaml
 */
export async function tellGate(house: GateHouse, people: Settled, text: string): Promise<void> {
  const content = gateContent.parse(parse(text));
  await tellPlaces(house.places, people, content);
  for (const change of content.changes) await tellChange(house.places, people, change);
  await ask(house, content.questions);
}

async function tellPlaces(
  deps: PlacesDeps,
  people: Settled,
  { networks, devices, remoteWork, exceptions }: GateContent,
): Promise<void> {
  const inDays = (count: number): string =>
    new Date(deps.clock.now().getTime() + count * 24 * hourMs).toISOString();
  for (const { ranges, ...about } of networks)
    await importNetworks(deps, people.all, about, ranges.join('\n'));
  for (const { id, person, ...given } of devices)
    await registerDevice(deps, people.all, id, { ...given, person: people.person(person) });
  for (const { by, person, policy, days: count } of remoteWork)
    await grantRemoteWork(deps, people.actor(by), {
      person: people.person(person),
      policy,
      expiresAt: inDays(count),
    });
  for (const { by, agreedBy, person, days: count, ...given } of exceptions) {
    const { id } = await proposeException(deps, people.actor(by), {
      ...given,
      person: people.person(person),
      expiresAt: inDays(count),
    });
    if (agreedBy !== undefined) await agreeToException(deps, people.actor(agreedBy), id);
  }
}

async function tellChange(deps: PlacesDeps, people: Settled, change: ChangeContent): Promise<void> {
  const { asked, window, decision, outcome, ...given } = change;
  const now = deps.clock.now().getTime();
  const at = (hoursAgo: number): PlacesDeps => ({
    ...deps,
    clock: { now: () => new Date(now - hoursAgo * hourMs) },
  });
  const from = new Date(now + window.fromHours * hourMs);
  const until = new Date(from.getTime() + window.hours * hourMs);
  const { id } = await requestChange(at(asked.hoursAgo), people.actor(asked.by), {
    ...given,
    from: from.toISOString(),
    until: until.toISOString(),
  });
  if (decision !== undefined)
    await decideOnChange(at(decision.hoursAgo), people.actor(decision.by), id, {
      decision: decision.approve ? 'approve' : 'reject',
      note: decision.note,
    });
  if (outcome !== undefined)
    await closeChange(at(outcome.hoursAgo), people.actor(outcome.by), id, {
      outcome: outcome.outcome,
      note: outcome.note,
    });
}

/** As a portal of the provider's would, for people who have just signed in with a passkey. */
async function ask({ gate, places }: GateHouse, questions: GateContent['questions']): Promise<void> {
  const actor = { id: 'demo-portal', name: 'portal (demo)', ofProvider: true, organisation: '' };
  await gate.ready();
  const now = places.clock.now();
  for (const { who, action, resource, country, device: id } of questions)
    await gate.evaluate(
      {
        actor: { ...actor, scopeOrNone: undefined },
        face: 'authzen',
        requestId: '',
        told: {
          country,
          session: { beganAt: now, lastActiveAt: now, phishingResistant: true },
          ...(id !== undefined && { device: { id } }),
          remote: false,
        },
      },
      { subject: { type: 'email', id: who }, action: { name: action }, resource },
    );
}
