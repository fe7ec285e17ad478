import { organisationRecords } from '#community/organisations';
import type { Actor } from '#identity';
import { NotFound } from '#platform/errors';
import { access, type AgreementDeps } from './deps.ts';
import {
  type AgreementFacts,
  type AgreementState,
  inForce,
  type PublishedVersion,
  stateAt,
} from './state.ts';
import { factsOf, type Place } from './store.ts';
import { policyVersion, policyVersions } from './store-versions.ts';
import { placesKnown } from './overview.ts';
import { policyOf } from './versions.ts';

export type Effect = Place & {
  readonly name: string;
  readonly now: AgreementState;
  /** On the date, if nobody does anything until then. */
  readonly later: AgreementState;
  readonly losesService: boolean;
  readonly why: string;
};
export type WhatIf = {
  readonly version: number;
  readonly mandatoryAt: Date;
  /** The terms agreed to do not allow an earlier date; null where they do not bind any more. */
  readonly earliest: Date | null;
  readonly effects: readonly Effect[];
};

/** The facts as they would be if a version had to be agreed to by a date. */
export function supposing(facts: AgreementFacts, version: PublishedVersion): AgreementFacts {
  return {
    ...facts,
    versions: [...facts.versions.filter(({ number }) => number !== version.number), version],
  };
}

/** "What happens when version N becomes mandatory on date D": who would be without service, and who in grace until then. */
export async function whatIf(
  deps: AgreementDeps,
  _actor: Actor,
  number: number,
  mandatoryAt: Date,
): Promise<WhatIf> {
  return deps.records.transaction(access, async (tx) => {
    const version = await policyVersion(tx, number);
    if (version === undefined) throw new NotFound('version of the policy', String(number));
    const now = deps.clock.now();
    const supposed: PublishedVersion = {
      number,
      changeClass: version.changeClass,
      publishedAt: version.publishedAt ?? now,
      effectiveAt: earlier(version.effectiveAt ?? now, mandatoryAt),
      mandatoryAt,
    };
    const names = new Map((await organisationRecords(tx, undefined)).map(({ id, name }) => [id, name]));
    const effects: Effect[] = [];
    for (const place of await placesKnown(tx)) {
      const facts = await factsOf(tx, place);
      const is = stateAt(facts, now);
      const later = stateAt(supposing(facts, supposed), mandatoryAt);
      effects.push({
        ...place,
        name: names.get(place.organisation) ?? place.organisation,
        now: is,
        later,
        losesService: inForce(is) && !inForce(later),
        why: why(is, later, number),
      });
    }
    const before = (await policyVersions(tx)).findLast(
      ({ state, number: other }) => state === 'published' && other < number,
    );
    const terms = before && policyOf(before.source).classes[version.changeClass];
    const earliest =
      terms === undefined || version.publishedAt !== null
        ? null
        : new Date(now.getTime() + (terms.noticeHours + terms.graceHours) * 3_600_000);
    return { version: number, mandatoryAt, earliest, effects };
  });
}

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

function why(is: AgreementState, later: AgreementState, number: number): string {
  if (inForce(later)) return `Agreed to version ${later.version}: nothing changes.`;
  if (!inForce(is)) return `Has no service now: the agreement is ${is.state}.`;
  if (later.state === 'lapsed') return `Agreed to version ${is.version}, and not to version ${number}.`;
  return `The agreement is ${later.state} by then.`;
}
