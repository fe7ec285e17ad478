import { populationOf } from '../coverage.ts';
import { day, moment } from '../moment.ts';
import type { CollectionState, ControlState, SystemState } from '../state.ts';
import type { Block, ControlBlock } from './document.ts';

const shownFailing = 8;

/** Each control with how it stands, why, and the evidence with its age, population and hash. */
export function controlBlocks(state: SystemState): Block[] {
  const collections = new Map(state.collections.map((one) => [one.id, one]));
  const findings = Map.groupBy(
    state.findings.filter(({ state: stands }) => stands !== 'closed'),
    ({ control }) => control,
  );
  const exceptions = Map.groupBy(
    state.exceptions.filter(({ until }) => until > state.at),
    ({ control }) => control,
  );
  const blocks: Block[] = [];
  let guideline = '';
  let section = '';
  for (const control of state.controls) {
    const [first = '', second = ''] = control.path;
    if (first !== guideline || second !== section)
      blocks.push({ kind: 'heading', title: second === '' ? first : `${first}: ${second}` });
    guideline = first;
    section = second;
    const late = (due: Date): string => `${day(due)}${due < state.at ? ' (late)' : ''}`;
    blocks.push({
      kind: 'control',
      id: control.id,
      label: control.label,
      status: control.status,
      statement: control.statement,
      basis: basisOf(control, state.at),
      because: control.because,
      notes: [
        ...notesOf(control),
        ...(exceptions.get(control.id) ?? []).map((one) => ({
          name: one.kind === 'exception' ? 'Exception' : 'Risk accepted',
          text: `${one.reason} Approved by ${one.approvedBy}, until ${day(one.until)}.`,
        })),
        ...(findings.get(control.id) ?? []).map((one) => ({
          name: 'Finding',
          text: `${one.title}. Open since ${day(one.openedAt)}${one.due === null ? '' : `, due ${late(one.due)}`}. ${one.owner === null ? 'Nobody owes it yet.' : `${one.owner} owes it.`}`,
        })),
      ],
      evidence: evidenceOf(control, collections, state.at),
    });
  }
  return blocks;
}

const words = { evidence: 'evidence', answer: 'an answer', both: 'evidence and an answer', none: 'nothing' };

function basisOf(control: ControlState, at: Date): string {
  const parts = [`Rests on ${words[control.basis]}`];
  if (control.confidence !== null) parts.push(control.confidence);
  if (control.asOf !== null) parts.push(`as of ${ageOf(control.asOf, at)}`);
  if (control.expires !== null) parts.push(`holds until ${day(control.expires)}`);
  return `${parts.join(', ')}.`;
}

function notesOf(control: ControlState): { name: string; text: string }[] {
  const { answer } = control;
  const failing = control.failing
    .slice(0, shownFailing)
    .map(({ subject, why, due }) => `${subject}: ${why}${due === null ? '' : ` (due ${day(due)})`}`);
  if (control.failing.length > shownFailing)
    failing.push(`and ${control.failing.length - shownFailing} more`);
  const who = [answer?.responsibleEntity ?? '', answer?.owner ? `owned by ${answer.owner}` : ''];
  return [
    { name: 'Answer', text: answer?.narrative ?? '' },
    { name: 'Who', text: who.filter((part) => part !== '').join(', ') },
    { name: 'Not known', text: (control.unknownWhy !== control.because && control.unknownWhy) || '' },
    { name: 'Would settle it', text: control.wouldSettle.join('; ') },
    {
      name: 'To affirm',
      text: control.reaffirm ? 'The control was reworded since it was answered.' : '',
    },
    { name: 'Fails', text: failing.join('; ') },
  ].filter(({ text }) => text !== '');
}

function evidenceOf(
  control: ControlState,
  collections: ReadonlyMap<string, CollectionState>,
  at: Date,
): ControlBlock['evidence'] {
  const used = new Set(control.judgements.flatMap(({ collections: ids }) => ids));
  return [...used].map((id) => {
    const one = collections.get(id);
    return one === undefined
      ? { what: id, age: 'no longer kept', population: '', hash: '' }
      : {
          what: `${one.kind}, ${one.source}`,
          age: `${ageOf(one.collectedAt, at)} (${moment(one.collectedAt)})${one.expiresAt <= at ? ', expired' : ''}`,
          population: populationOf(one),
          hash: one.hash,
        };
  });
}

/** '3 days ago': of two moments, in words. */
export function ageOf(then: Date, now: Date): string {
  const hours = Math.max(0, Math.round((now.getTime() - then.getTime()) / 3_600_000));
  if (hours < 48) return `${hours} ${hours === 1 ? 'hour' : 'hours'} ago`;
  return `${Math.round(hours / 24)} days ago`;
}
