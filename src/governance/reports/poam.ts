import { day, moment } from './moment.ts';
import { evidenceSheet, infoSheet } from './sheet/common.ts';
import { writeSheets } from './sheet/write.ts';
import { type ControlState, type ExceptionState, isUnmet, type SystemState } from './state.ts';

/** One thing to be done: an open finding, or a control that is not met and has no finding. */
export type PoamItem = {
  /** The finding's id, or the control's. */
  readonly id: string;
  readonly control: string;
  readonly label: string;
  readonly title: string;
  readonly detail: string;
  readonly severity: string;
  readonly openedAt: Date | null;
  readonly due: Date | null;
  readonly late: boolean;
  readonly owner: string | null;
  readonly plan: string;
  readonly state: 'open' | 'accepted';
  /** Until when somebody accepted it. */
  readonly acceptedUntil: Date | null;
  readonly subjects: readonly { readonly subject: string; readonly why: string; readonly due: Date | null }[];
  readonly collections: readonly string[];
};

/** What is to be done, the soonest due first, what has no date last. */
export function poamItems(state: SystemState): PoamItem[] {
  const controls = new Map(state.controls.map((control) => [control.id, control]));
  const accepted = new Map<string, ExceptionState>();
  for (const one of state.exceptions)
    if (one.from <= state.at && one.until > state.at) accepted.set(one.control, one);
  const open = state.findings.filter((finding) => finding.state !== 'closed');
  const found = new Set(open.map(({ control }) => control));
  const items = [
    ...open.map((finding): PoamItem => {
      const control = controls.get(finding.control);
      const exception = accepted.get(finding.control);
      const until = exception?.until ?? null;
      return {
        id: finding.id,
        control: finding.control,
        label: control?.label ?? finding.control,
        title: finding.title,
        detail: finding.detail,
        severity: finding.severity ?? '',
        openedAt: finding.openedAt,
        due: finding.due,
        late: isLate(finding.due, until, state.at),
        owner: finding.owner ?? control?.answer?.owner ?? exception?.askedBy ?? null,
        plan: finding.plan === '' ? planOf(exception) : finding.plan,
        state: finding.state === 'accepted' || until !== null ? 'accepted' : 'open',
        acceptedUntil: until,
        subjects: control?.failing ?? [],
        collections: finding.collections,
      };
    }),
    ...state.controls
      .filter(({ id, status }) => isUnmet(status) && !found.has(id))
      .map((control) => unmet(control, accepted.get(control.id), state.at)),
  ];
  const time = ({ due }: PoamItem): number => due?.getTime() ?? Number.POSITIVE_INFINITY;
  return items.sort((a, b) => (time(a) === time(b) ? (a.label < b.label ? -1 : 1) : time(a) - time(b)));
}

/** What an exception or acceptance says is done meanwhile. */
const planOf = (exception: ExceptionState | undefined): string =>
  exception?.compensating || exception?.reason || '';

function unmet(control: ControlState, exception: ExceptionState | undefined, now: Date): PoamItem {
  const until = exception?.until ?? null;
  const dates = control.failing.flatMap(({ due }) => due ?? []);
  const due = dates.length === 0 ? null : new Date(Math.min(...dates.map((one) => one.getTime())));
  return {
    id: control.id,
    control: control.id,
    label: control.label,
    title: `${control.label} is ${control.status === 'Ineffective' ? 'not effective' : 'not implemented'}`,
    detail: control.because,
    severity: '',
    openedAt: control.asOf,
    due,
    late: isLate(due, until, now),
    owner: control.answer?.owner ?? exception?.askedBy ?? null,
    plan: planOf(exception),
    state: until === null ? 'open' : 'accepted',
    acceptedUntil: until,
    subjects: control.failing,
    collections: [...new Set(control.judgements.flatMap(({ collections }) => collections))],
  };
}

const isLate = (due: Date | null, accepted: Date | null, now: Date): boolean =>
  due !== null && due < now && accepted === null;

const columns = [
  { title: 'Item', width: 16 },
  { title: 'Control', width: 11 },
  { title: 'Weakness', width: 40 },
  { title: 'Detail', width: 50 },
  { title: 'Severity', width: 11 },
  { title: 'State', width: 11 },
  { title: 'Owner', width: 22 },
  { title: 'Found', width: 12 },
  { title: 'Due', width: 12 },
  { title: 'Late?', width: 8 },
  { title: 'Planned action', width: 45 },
  { title: 'Accepted until', width: 14 },
  { title: 'What fails', width: 50 },
  { title: 'Evidence (SHA-256)', width: 40 },
] as const;

const shownSubjects = 25;

/** The plan of action and milestones. @see ISM-1564 */
export function planOfAction(state: SystemState): Promise<Buffer> {
  const items = poamItems(state);
  const hashes = new Map(state.collections.map(({ id, hash }) => [id, hash]));
  return writeSheets([
    infoSheet(state, 'Plan of action and milestones', [
      `${items.length} items: open findings, and controls that are not met, the soonest due first.`,
      'An accepted item stays in the list until its acceptance lapses or a passing evaluation closes it.',
      'What is not known is not in this list: see "What was not seen" below.',
    ]),
    {
      name: 'POA&M',
      widths: columns.map(({ width }) => width),
      frozenRows: 1,
      frozenColumns: 2,
      rows: [
        { cells: columns.map(({ title }) => ({ text: title, style: 'heading' })) },
        ...items.map((item) => ({
          cells: [
            item.id,
            { text: item.label, style: 'strong' as const },
            item.title,
            item.detail,
            item.severity,
            item.state,
            item.owner ?? 'nobody yet',
            item.openedAt === null ? '' : day(item.openedAt),
            item.due === null ? '' : day(item.due),
            item.late ? 'late' : '',
            item.plan,
            item.acceptedUntil === null ? '' : day(item.acceptedUntil),
            subjectsOf(item),
            item.collections.map((id) => hashes.get(id) ?? id).join('\n'),
          ],
        })),
      ],
      colours: [{ columns: [9], firstRow: 2, words: { late: '#F6CFCB' } }],
    },
    evidenceSheet(state),
  ]);
}

function subjectsOf({ subjects }: PoamItem): string {
  const lines = subjects
    .slice(0, shownSubjects)
    .map(({ subject, why, due }) => `${subject}: ${why}${due === null ? '' : ` (due ${moment(due)})`}`);
  if (subjects.length > shownSubjects) lines.push(`and ${subjects.length - shownSubjects} more`);
  return lines.join('\n');
}
