import type { DocumentDetail, DocumentView } from './contract.ts';
import { type Document, type DocumentVersion, inForce, owed, type Owed, reviewClock } from './document.ts';
import { readersOf, type World } from './world.ts';

export type Seen = {
  readonly view: DocumentView;
  readonly owed: readonly Owed[];
  readonly versions: readonly DocumentVersion[];
};

/** How a document stands at this moment. */
export function seen(world: World, document: Document, now: Date): Seen {
  const versions = world.versions.get(document.id) ?? [];
  const held = inForce(versions, now);
  const clock = reviewClock(document, versions, world.reviews.get(document.id) ?? [], now);
  const readers = readersOf(world, document, now);
  const all = owed(document, versions, world.acknowledgements.get(document.id) ?? [], readers, now);
  const next = versions.findLast(({ number }) => number > (held?.number ?? 0));
  const many = (state: Owed['state']): number => all.filter((one) => one.state === state).length;
  const dated = 'dueAt' in clock;
  return {
    owed: all,
    versions,
    view: {
      id: document.id,
      kind: document.kind,
      title: document.title,
      owner: {
        id: document.owner,
        name: world.people.find(({ id }) => id === document.owner)?.name ?? '',
      },
      environments: [...document.environments],
      controls: [...document.controls],
      frameworks: [...document.frameworks],
      required: document.required,
      reviewMonths: document.reviewMonths,
      acknowledgeDays: document.acknowledgeDays,
      audience: {
        everybody: document.audience.everybody,
        offices: [...document.audience.offices],
        people: [...document.audience.people],
      },
      version: held?.number ?? null,
      next:
        next === undefined || document.retiredAt !== null
          ? null
          : {
              number: next.number,
              state: next.approval === null ? 'draft' : 'approved',
              effectiveAt: next.approval?.effectiveAt.toISOString() ?? null,
            },
      approvedBy: held?.approval === null ? null : (held?.approval.name ?? null),
      review: {
        state: clock.state,
        currentAsAt: dated ? clock.currentAsAt.toISOString() : null,
        dueAt: dated ? clock.dueAt.toISOString() : null,
      },
      acknowledged: {
        due: many('due'),
        overdue: many('overdue'),
        acknowledged: many('acknowledged'),
        of: all.length,
      },
      retiredAt: document.retiredAt?.toISOString() ?? null,
      retiredWhy: document.retiredWhy,
    },
  };
}

export function versionViews(versions: readonly DocumentVersion[], now: Date): DocumentDetail['versions'] {
  const held = inForce(versions, now);
  return versions
    .map((one) => ({
      number: one.number,
      sha256: one.sha256,
      summary: one.summary,
      minor: one.minor,
      author: one.author.name,
      createdAt: one.createdAt.toISOString(),
      state: stateOf(one, held),
      approvedAt: one.approval?.at.toISOString() ?? null,
      approvedBy: one.approval?.name ?? null,
      approvedOffice: one.approval?.office ?? null,
      effectiveAt: one.approval?.effectiveAt.toISOString() ?? null,
    }))
    .reverse();
}

function stateOf(
  version: DocumentVersion,
  held: DocumentVersion | undefined,
): DocumentDetail['versions'][number]['state'] {
  if (version.number === held?.number) return 'in-force';
  if (version.number < (held?.number ?? 0)) return 'superseded';
  return version.approval === null ? 'draft' : 'approved';
}
