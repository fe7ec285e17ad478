import { listed } from '../coverage.ts';
import { day, moment } from '../moment.ts';
import { countStatuses, type SystemState } from '../state.ts';
import type { Block } from './document.ts';

/** The system in a page: what it is, how its controls and strategies stand, and what certificates it holds. */
export function systemBlocks(state: SystemState): Block[] {
  const { system, framework, assets } = state;
  return [
    { kind: 'section', id: 'system', title: 'The system', newPage: false },
    {
      kind: 'facts',
      rows: [
        ['System', `${system.name} (${system.environment})`],
        ['Provider', system.provider.name],
        ['Marking', system.marking],
        ['Assessed against', `${framework.title}, ${framework.edition}, ${framework.profile}`],
        ['Catalogue, SHA-256', framework.hash ?? 'not known'],
        ['As at', moment(state.at)],
        ['Services', state.services.map(({ name }) => name).join(', ') || 'none recorded'],
        ['Tenancies', String(state.tenancies.length)],
        [
          'Assets',
          assets === null
            ? 'none recorded'
            : `${assets.information} information assets on ${assets.supporting} supporting assets (${assets.byKind.map(({ kind, count }) => `${count} ${kind}`).join(', ')})`,
        ],
      ],
    },
    { kind: 'heading', title: `${state.controls.length} controls` },
    { kind: 'counts', counts: countStatuses(state.controls), total: state.controls.length },
    ...maturityBlocks(state),
    { kind: 'heading', title: 'Certificates' },
    {
      kind: 'table',
      columns: [
        { title: 'Certificate', share: 28 },
        { title: 'Scope', share: 34 },
        { title: 'Assessor', share: 20 },
        { title: 'Holds', share: 18 },
      ],
      rows: state.certificates.map((one) => [
        one.conditions.length === 0 ? one.title : `${one.title}. On condition: ${one.conditions.join('; ')}.`,
        one.scope,
        one.assessor,
        `${day(one.from)} to ${one.until === null ? 'no end' : day(one.until)}`,
      ]),
      empty: 'None is recorded.',
    },
  ];
}

function maturityBlocks({ maturity }: SystemState): Block[] {
  if (maturity === null) return [];
  return [
    {
      kind: 'heading',
      title: `Essential Eight: maturity level ${maturity.overall}, of level ${maturity.target} aimed at`,
    },
    {
      kind: 'levels',
      strategies: maturity.strategies.map(({ strategy, level, target }) => ({
        name: strategy,
        level,
        target,
      })),
    },
    {
      kind: 'table',
      columns: [
        { title: 'Strategy', share: 28 },
        { title: 'In the way of the target', share: 36 },
        { title: 'Not known', share: 36 },
      ],
      rows: maturity.strategies
        .filter(({ blocking, unknown }) => blocking.length + unknown.length > 0)
        .map((one) => [one.strategy, listed(one.blocking), listed(one.unknown)]),
      empty: 'Nothing is in the way of the target.',
    },
  ];
}
