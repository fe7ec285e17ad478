import type { Link } from '#governance/frameworks';
import type { ImplementationStatus } from '#contract/governance';
import { earliest, isMet, type Standing } from './standing.ts';

/**
 * Answered once, for all frameworks: a control that nobody answered and no evidence speaks of stands as the controls do
 * that it is mapped to. One that asks as much or more speaks for it whole, and so do parts that say they cover it
 * together. One that asks the same or a part shows by not being met that this is not met either; the rest shows nothing.
 * Only what stands by itself is taken, so that mappings in a circle prove nothing.
 */
export function through(
  own: Standing,
  links: readonly Link[],
  standings: ReadonlyMap<string, Standing>,
): Standing {
  if (own.status !== 'Not Assessed' || own.basis !== 'none' || own.reaffirm) return own;
  const at = (pick: (link: Link) => boolean): Standing[] =>
    links.filter(pick).flatMap((link) => {
      const found = standings.get(link.source);
      // What does not apply there says nothing here.
      return found === undefined || found.status === 'Not Applicable' ? [] : [found];
    });
  const failing = at(({ relation }) => relation === 'equal' || relation === 'subset').filter(
    ({ status }) => status === 'Ineffective' || status === 'Not Implemented',
  );
  if (failing.length > 0) return standAs(own, failing, 'Ineffective', 'does not meet it');
  const whole = at(({ relation }) => relation === 'equal' || relation === 'superset');
  const met = whole.find(({ status }) => isMet(status));
  if (met !== undefined) return standAs(own, [met], met.status, 'meets it');
  const parts = links.filter(({ together }) => together);
  const standing = at(({ together }) => together);
  if (parts.length > 0 && standing.length === parts.length && standing.every(({ status }) => isMet(status)))
    return standAs(own, standing, worst(standing), 'together meet it');
  const from = whole.length > 0 ? whole : standing.length > 0 ? standing : at(() => true);
  if (from.length === 0) return own;
  const open = from.filter(({ status }) => !isMet(status));
  const why =
    open.length > 0
      ? `Nobody answered it itself, and ${named(open)}, which it is mapped to, is open.`
      : `Nobody answered it itself. ${named(from)} covers a part of it.`;
  return {
    ...own,
    because: why,
    unknownWhy: why,
    wouldSettle: [...new Set(from.flatMap((one) => one.wouldSettle))],
    through: from.map(({ control }) => control),
  };
}

function standAs(
  own: Standing,
  from: readonly Standing[],
  status: ImplementationStatus,
  does: string,
): Standing {
  const asOf = earliest(...from.map((one) => one.asOf));
  const expires = earliest(own.expires, ...from.map((one) => one.expires));
  const order = ['attested', 'partial', 'proxy', 'direct'] as const;
  const confidence = order.find((one) => from.some((standing) => standing.confidence === one));
  const { unknownWhy: _, ...rest } = own;
  return {
    ...rest,
    status,
    basis: from.every(({ basis }) => basis === 'evidence')
      ? 'evidence'
      : from.some(({ basis }) => basis !== 'answer')
        ? 'both'
        : 'answer',
    because: `${named(from)} ${does}. ${from[0]?.because ?? ''}`.trim(),
    ...(confidence !== undefined && { confidence }),
    ...(asOf !== undefined && { asOf }),
    ...(expires !== undefined && { expires }),
    failing: from.flatMap(({ failing }) => failing),
    through: from.map(({ control }) => control),
  };
}

const worst = (all: readonly Standing[]): ImplementationStatus =>
  all.some(({ status }) => status === 'Alternate Control') ? 'Alternate Control' : 'Effective';

const named = (all: readonly Standing[]): string => {
  const names = all.slice(0, 3).map(({ control }) => control.toUpperCase());
  return names.join(', ') + (all.length > 3 ? ` and ${all.length - 3} more` : '');
};
