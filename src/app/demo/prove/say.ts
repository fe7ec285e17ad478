import { decideException, putAnswer, requestException, setResponsibility } from '#governance/controls';
import { answerInput } from '#contract/governance/controls';
import {
  activateEdition,
  decideTailoring,
  listEditions,
  proposeTailoring,
  suggestedProfile,
} from '#governance/frameworks';
import { systemOf } from '#governance';
import type { ProveContent } from './content.ts';
import type { Place } from './estate.ts';
import type { DemoPerson, ProveHouse } from './house.ts';
import { ago } from './scans.ts';

export type Told = {
  readonly content: ProveContent;
  readonly person: (email: string) => DemoPerson;
  /** The moment the demo is built. */
  readonly now: Date;
};
const asks = 'hana@wattle.example';
const proposes = 'marek@wattle.example';
const decides = 'priya@wattle.example';

/** Holds an environment to the frameworks that ship, by the profile of its marking, and tailors them. */
export async function holdTo(house: ProveHouse, { content, person }: Told, place: Place): Promise<void> {
  const { actor } = person(proposes);
  const { marking } = await house.records.transaction(actor.scope, (tx) => systemOf(tx, actor.scope, place));
  const { editions } = await listEditions(house.controls, actor);
  for (const framework of content.frameworks) {
    const edition = editions.findLast((one) => one.framework === framework);
    if (edition === undefined) throw new Error(`the demo has no framework "${framework}"`);
    const profile = framework === 'ironbark-baseline' ? suggestedProfile(marking) : 'all';
    await activateEdition(house.controls, actor, place, { edition: edition.id, profile });
  }
  for (const { environment, control, choice, reason, approved } of content.tailoring) {
    if (environment !== place) continue;
    await proposeTailoring(house.controls, actor, place, { control, choice, reason });
    if (approved)
      await decideTailoring(house.controls, person(decides).actor, place, control, {
        decision: 'approve',
        note: 'Agreed (demo).',
      });
  }
}

/** What was answered in a span of days ago, each by its owner. */
export async function answer(
  house: ProveHouse,
  { content, person }: Told,
  place: Place,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  for (const { control, owner, at, why, ...statuses } of content.answers) {
    const status = statuses[place];
    if (at >= from || at < to || status === undefined) continue;
    const { id, actor } = person(owner);
    const input = answerInput.parse({ status, narrative: why, owner: id });
    await putAnswer(house.controls, actor, place, control, input);
  }
}

/** Those of a span of days ago: asked for by one, decided on by another who holds an office. */
export async function askExceptions(
  house: (daysAgo: number) => ProveHouse,
  { content, person, now }: Told,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  for (const { environment, at, until, approved, ceiling, ...about } of content.exceptions) {
    if (at > from || at <= to) continue;
    const asked = await requestException(house(at).controls, person(asks).actor, environment, {
      ...about,
      ceiling: { level: ceiling, probability: null },
      until: ago(now, until).toISOString(),
    });
    if (approved)
      await decideException(house(at - 0.5).controls, person(decides).actor, environment, asked.id, {
        decision: 'approve',
        note: 'Until then, and no longer (demo).',
      });
  }
}

/** What is left to a customer otherwise than to all. */
export async function leaveToCustomers(house: ProveHouse, { content, person }: Told): Promise<void> {
  for (const { tenancy, control, ...part } of content.responsibilities)
    await setResponsibility(house.controls, person(proposes).actor, tenancy, control, part);
}
