import { evidenceSheet, infoSheet } from './sheet/common.ts';
import { type OutSheet, writeSheets } from './sheet/write.ts';
import {
  type ControlState,
  isMet,
  isUnknown,
  isUnmet,
  type MappedFramework,
  type SystemState,
} from './state.ts';

export type Included = 'Yes' | 'No' | 'Not decided';
export type Implemented = 'Yes' | 'Partly' | 'No' | 'Not known' | 'Does not apply';

/** The four facts that ISO/IEC 27001, 6.1.3 d) asks for of each control of Annex A, and what they follow from. */
export type ApplicabilityLine = {
  readonly label: string;
  readonly title: string;
  readonly theme: string;
  readonly included: Included;
  readonly justification: string;
  readonly implemented: Implemented;
  readonly exclusion: string;
  readonly from: readonly string[];
  readonly because: string;
};

/**
 * Each clause as it follows from the controls it is mapped to. What a person decided stands above that; what nobody
 * decided and nothing is mapped to says so.
 */
export function applicability(
  framework: MappedFramework,
  controls: ReadonlyMap<string, ControlState>,
): ApplicabilityLine[] {
  return framework.clauses.map(({ label, title, theme, decision, controls: mapped }) => {
    const own = mapped.flatMap(({ control }) => controls.get(control) ?? []);
    const applying = own.filter(({ status }) => status !== 'Not Applicable');
    const from = own.map((control) => control.label);
    const included: Included =
      decision !== null ? (decision.included ? 'Yes' : 'No') : applying.length > 0 ? 'Yes' : 'Not decided';
    const base = { label, title, theme, included, from };
    if (included === 'No')
      return {
        ...base,
        justification: '',
        implemented: 'Does not apply',
        exclusion: decision?.justification ?? '',
        because: '',
      };
    const missing = mapped.length - own.length;
    const justification =
      decision?.justification ||
      (applying.length > 0
        ? `The system's baseline asks for it: ${applying.map((control) => control.label).join(', ')}.`
        : 'Nobody decided whether it is included, and no control of the system is mapped to it.');
    return {
      ...base,
      justification,
      exclusion: '',
      implemented: applying.length === 0 ? 'Not known' : implementedBy(applying),
      because: `${told(applying)}${missing > 0 ? ` ${missing} mapped ${missing === 1 ? 'control is' : 'controls are'} not in the system's baseline.` : ''}`,
    };
  });
}

/** A clause with an unmet control is not implemented, or partly where another is met; with an unknown one at best not known. */
function implementedBy(controls: readonly ControlState[]): Implemented {
  const met = controls.filter(({ status }) => isMet(status)).length;
  if (met === controls.length) return 'Yes';
  if (!controls.some(({ status }) => isUnmet(status))) return 'Not known';
  return met > 0 ? 'Partly' : 'No';
}

function told(controls: readonly ControlState[]): string {
  const count = (is: (status: ControlState['status']) => boolean): string[] =>
    controls.filter(({ status }) => is(status)).map(({ label }) => label);
  const parts = [
    ['met', count(isMet)],
    ['not met', count(isUnmet)],
    ['not known', count(isUnknown)],
  ] as const;
  return parts
    .filter(([, ids]) => ids.length > 0)
    .map(([word, ids]) => `${word}: ${ids.join(', ')}`)
    .join('; ');
}

const columns = [
  { title: 'Control', width: 10 },
  { title: 'Title', width: 40 },
  { title: 'Theme', width: 18 },
  { title: 'Included?', width: 12 },
  { title: 'Justification for inclusion', width: 45 },
  { title: 'Implemented?', width: 14 },
  { title: 'Reason for exclusion', width: 35 },
  { title: 'Follows from', width: 30 },
  { title: 'How these stand', width: 45 },
] as const;

/** The statement of applicability of every framework that is answered from the system's controls. */
export function statementOfApplicability(state: SystemState): Promise<Buffer> {
  const controls = new Map(state.controls.map((control) => [control.id, control]));
  return writeSheets([
    infoSheet(state, 'Statement of applicability', [
      'Each control of the framework: whether it is included and why, whether it is implemented, and why not where it is left out.',
      'What is implemented follows from the system’s own controls by the mappings; each mapping names who made it and how sure they were.',
      '"Not decided" and "Not known" are what they say: nobody decided, or nothing shows. Neither counts as met.',
    ]),
    ...state.mapped.map((framework, at) => sheetOf(framework, controls, at)),
    evidenceSheet(state),
  ]);
}

function sheetOf(
  framework: MappedFramework,
  controls: ReadonlyMap<string, ControlState>,
  at: number,
): OutSheet {
  const name = framework.title.replaceAll(/[[\]*?:/\\']/g, ' ').slice(0, 27) || 'Framework';
  return {
    name: at === 0 ? name : `${name} ${at + 1}`,
    widths: columns.map(({ width }) => width),
    frozenRows: 1,
    frozenColumns: 1,
    rows: [
      { cells: columns.map(({ title }) => ({ text: title, style: 'heading' })) },
      ...applicability(framework, controls).map((line) => ({
        cells: [
          { text: line.label, style: 'strong' as const },
          line.title,
          line.theme,
          { text: line.included, style: 'middle' as const },
          line.justification,
          { text: line.implemented, style: 'middle' as const },
          line.exclusion,
          line.from.join(', '),
          line.because,
        ],
      })),
    ],
    colours: [
      {
        columns: [5],
        firstRow: 2,
        words: {
          Yes: '#CFE8D8',
          Partly: '#FBE9C6',
          No: '#F6CFCB',
          'Not known': '#DCD2F0',
          'Does not apply': '#E4E4E1',
        },
      },
    ],
  };
}
