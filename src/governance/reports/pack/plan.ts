import { countStatuses, isMet, isUnknown, isUnmet, type SystemState } from '../state.ts';
import { documentBlocks } from './assessor.ts';
import type { Block, PackDocument } from './document.ts';
import { systemBlocks } from './system.ts';

/** The system security plan, to be read; its annex has the controls. @see ISM-0041 */
export function securityPlan(state: SystemState): PackDocument {
  const { system, framework } = state;
  return {
    title: 'System security plan',
    subtitle: `${system.name}. ${framework.title} ${framework.edition}, ${framework.profile}.`,
    marking: system.marking,
    author: system.provider.name,
    at: state.at,
    blocks: [
      ...systemBlocks(state),
      ...peopleBlocks(state),
      ...guidelineBlocks(state),
      { kind: 'section', id: 'documents', title: 'Documents', newPage: false },
      ...documentBlocks(state).slice(1),
    ],
  };
}

function peopleBlocks({ services, tenancies }: SystemState): Block[] {
  const names = new Map(services.map(({ id, name }) => [id, name]));
  return [
    { kind: 'section', id: 'boundary', title: 'Who it serves', newPage: true },
    {
      kind: 'table',
      columns: [
        { title: 'Organisation', share: 35 },
        { title: 'Tenancy', share: 25 },
        { title: 'Services', share: 40 },
      ],
      rows: tenancies.map((one) => [
        one.organisation,
        one.name,
        one.services.map((id) => names.get(id) ?? id).join(', ') || 'none taken',
      ]),
      empty: 'No customer has a tenancy in it.',
    },
  ];
}

function guidelineBlocks(state: SystemState): Block[] {
  const groups = [...Map.groupBy(state.controls, ({ path }) => path[0] ?? 'Without a guideline')];
  return [
    { kind: 'section', id: 'guidelines', title: 'How each guideline stands', newPage: false },
    {
      kind: 'table',
      columns: [
        { title: 'Guideline', share: 44 },
        { title: 'Controls', share: 11 },
        { title: 'Met', share: 10 },
        { title: 'Not met', share: 11 },
        { title: 'Not known', share: 12 },
        { title: 'Not applicable', share: 12 },
      ],
      rows: groups.map(([title, controls]) => {
        const count = (is: (status: (typeof controls)[number]['status']) => boolean): string =>
          String(controls.filter(({ status }) => is(status)).length);
        return [
          title,
          String(controls.length),
          count(isMet),
          count(isUnmet),
          count(isUnknown),
          String(countStatuses(controls)['Not Applicable']),
        ];
      }),
      empty: 'No framework is active in this system.',
    },
  ];
}
