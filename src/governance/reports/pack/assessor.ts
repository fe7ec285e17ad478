import { coverageOf, listed } from '../coverage.ts';
import { poamItems } from '../poam.ts';
import { day, moment } from '../moment.ts';
import type { SystemState } from '../state.ts';
import type { SummaryChanges } from '../summary.ts';
import { ageOf, controlBlocks } from './controls.ts';
import type { Block, PackDocument } from './document.ts';
import { systemBlocks } from './system.ts';

/** What an assessor reads first to last: the system in a page, what was not seen, what is to be done, each control. */
export function assessorDocument(state: SystemState, changes: SummaryChanges | null): PackDocument {
  const { system, framework } = state;
  return {
    title: 'Assessor pack',
    subtitle: `${system.name}. ${framework.title} ${framework.edition}, ${framework.profile}.`,
    marking: system.marking,
    author: system.provider.name,
    at: state.at,
    blocks: [
      ...systemBlocks(state),
      ...coverageBlocks(state),
      ...changeBlocks(changes),
      ...planBlocks(state),
      ...riskBlocks(state),
      ...evidenceBlocks(state),
      { kind: 'section', id: 'controls', title: 'Controls', newPage: true },
      ...controlBlocks(state),
    ],
  };
}

function coverageBlocks(state: SystemState): Block[] {
  const coverage = coverageOf(state);
  return [
    { kind: 'section', id: 'coverage', title: 'What was not seen', newPage: true },
    {
      kind: 'text',
      text: `Of ${coverage.controls} controls, ${coverage.byEvidence} rest on evidence, ${coverage.byAnswer} on somebody’s word alone, ${coverage.notApplicable} do not apply, and ${coverage.unknown} were not seen: nothing here says that those are met, and nothing says that they are not.`,
    },
    {
      kind: 'table',
      columns: [
        { title: 'Not seen', share: 45 },
        { title: 'Why, and what would settle it', share: 55 },
      ],
      rows: coverage.statements.slice(1).map(({ what, why }) => [what, why]),
      empty: 'Every control was decided, by evidence in force that covers all there is.',
    },
  ];
}

function changeBlocks(changes: SummaryChanges | null): Block[] {
  const section: Block = {
    kind: 'section',
    id: 'changes',
    title: 'What changed since the last pack',
    newPage: false,
  };
  if (changes === null) return [section, { kind: 'text', text: 'This is the first pack of this system.' }];
  const { edition, maturity, evidence } = changes;
  const rows: [string, string][] = [['Last pack', moment(new Date(changes.from))]];
  if (edition !== null) rows.push(['Edition', `${edition.from} to ${edition.to}`]);
  if (maturity !== null)
    rows.push(['Maturity level', `${maturity.from ?? 'not judged'} to ${maturity.to ?? 'not judged'}`]);
  rows.push(['Evidence', `${evidence.added} collections new, ${evidence.gone} no longer in force`]);
  for (const [name, all] of [
    ['New controls', changes.added],
    ['Controls gone', changes.removed],
    ['Reworded', changes.reworded],
    ['Newly to be done', changes.opened],
    ['Done since', changes.closed],
  ] as const)
    if (all.length > 0) rows.push([name, listed(all)]);
  return [
    section,
    { kind: 'facts', rows },
    {
      kind: 'table',
      columns: [
        { title: 'Control', share: 20 },
        { title: 'Stood', share: 40 },
        { title: 'Stands', share: 40 },
      ],
      rows: changes.status.map(({ label, from, to }) => [label, from, to]),
      empty: 'No control stands otherwise than it did.',
    },
  ];
}

function planBlocks(state: SystemState): Block[] {
  const labels = new Map(state.controls.map(({ id, label }) => [id, label]));
  return [
    { kind: 'section', id: 'plan', title: 'What is to be done', newPage: false },
    {
      kind: 'table',
      columns: [
        { title: 'Control', share: 12 },
        { title: 'Weakness', share: 40 },
        { title: 'State', share: 18 },
        { title: 'Due', share: 14 },
        { title: 'Owner', share: 16 },
      ],
      rows: poamItems(state).map((item) => [
        item.label,
        item.plan === '' ? item.title : `${item.title}. ${item.plan}`,
        item.acceptedUntil === null ? item.state : `accepted until ${day(item.acceptedUntil)}`,
        item.due === null ? 'no date' : `${day(item.due)}${item.late ? ' (late)' : ''}`,
        item.owner ?? 'nobody yet',
      ]),
      empty: 'Nothing is open.',
    },
    { kind: 'heading', title: 'Exceptions and accepted risks' },
    {
      kind: 'table',
      columns: [
        { title: 'Control', share: 14 },
        { title: 'What and why', share: 46 },
        { title: 'Approved by', share: 22 },
        { title: 'Until', share: 18 },
      ],
      rows: state.exceptions.map((one) => [
        labels.get(one.control) ?? one.control,
        `${one.kind === 'exception' ? 'Exception' : 'Risk accepted'}: ${one.reason}`,
        one.approvedBy,
        `${day(one.until)}${one.until <= state.at ? ' (lapsed)' : ''}`,
      ]),
      empty: 'There are none.',
    },
  ];
}

const percent = (part: number): string => `${(part * 100).toFixed(part < 0.1 ? 1 : 0)} %`;

function riskBlocks(state: SystemState): Block[] {
  return [
    { kind: 'section', id: 'risk', title: 'Risks', newPage: false },
    {
      kind: 'table',
      columns: [
        { title: 'Risk', share: 40 },
        { title: 'Likelihood (5 to 95 %)', share: 26 },
        { title: 'Treatment', share: 16 },
        { title: 'Owner', share: 18 },
      ],
      rows: state.risks.map(({ title, asset, dimension, likelihood, treatment, owner }) => [
        asset === null ? title : `${title} (${asset}${dimension === null ? '' : `, ${dimension}`})`,
        likelihood === null
          ? 'not known'
          : `${percent(likelihood.middle)} (${percent(likelihood.low)} to ${percent(likelihood.high)})`,
        treatment,
        owner ?? 'nobody yet',
      ]),
      empty: 'No risk is recorded.',
    },
  ];
}

function evidenceBlocks(state: SystemState): Block[] {
  return [
    { kind: 'section', id: 'evidence', title: 'Evidence', newPage: false },
    {
      kind: 'text',
      text: 'What everything here rests on. The hash is that of what was received; where the ledger recorded it, its proof is in the folder "proofs" of the pack.',
      quiet: true,
    },
    {
      kind: 'table',
      columns: [
        { title: 'Evidence', share: 25 },
        { title: 'Collected', share: 20 },
        { title: 'Population', share: 20 },
        { title: 'SHA-256', share: 35, data: true },
      ],
      rows: state.collections.map((one) => [
        `${one.kind}, ${one.source} (${one.origin})`,
        `${ageOf(one.collectedAt, state.at)}, ${day(one.collectedAt)}; ${one.expiresAt <= state.at ? 'expired' : 'holds until'} ${day(one.expiresAt)}`,
        `${one.population.covered} of ${one.population.of ?? 'an unknown number'} (${one.population.basis})`,
        one.hash,
      ]),
      empty: 'No evidence was collected.',
    },
    ...documentBlocks(state),
  ];
}

/** Policies, standards and plans with their clocks. */
export function documentBlocks(state: SystemState): Block[] {
  return [
    { kind: 'heading', title: 'Documents' },
    {
      kind: 'table',
      columns: [
        { title: 'Document', share: 50 },
        { title: 'Version', share: 14 },
        { title: 'Approved', share: 18 },
        { title: 'Review due', share: 18 },
      ],
      rows: state.documents.map((one) => [
        one.title,
        one.version,
        one.approvedAt === null ? 'not yet' : day(one.approvedAt),
        one.reviewDue === null
          ? 'no date'
          : `${day(one.reviewDue)}${one.reviewDue < state.at ? ' (late)' : ''}`,
      ]),
      empty: 'None is recorded.',
    },
  ];
}
