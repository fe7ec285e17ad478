import { annex } from './annex/write.ts';
import type { ArchiveFile } from './archive/zip.ts';
import { cloudControlsMatrix } from './ccm.ts';
import type { ReportKind } from './contract.ts';
import { assessorDocument } from './pack/assessor.ts';
import { htmlPack } from './pack/html.ts';
import { pdfPack } from './pack/pdf.ts';
import { securityPlan } from './pack/plan.ts';
import { planOfAction } from './poam.ts';
import { statementOfApplicability } from './soa.ts';
import type { SystemState, TenancyState } from './state.ts';
import type { SummaryChanges } from './summary.ts';

/** Told as the work goes on; what it throws ends the work. @param part 0 to 1 */
export type Progress = (part: number, step: string) => Promise<void>;

export type Making = {
  readonly state: SystemState;
  /** The customer's tenancy that it is for. */
  readonly tenancy: TenancyState | undefined;
  /** Since the last of its kind; null: it is the first. */
  readonly changes: SummaryChanges | null;
  /** Entries of the ledger whose proofs will lie beside it. */
  readonly proven: ReadonlySet<string>;
  readonly progress: Progress;
};

export type Kind = {
  readonly kind: ReportKind;
  readonly title: string;
  readonly about: string;
  readonly format: 'xlsx' | 'pdf' | 'zip';
  /** The file that is downloaded by itself; null: the whole archive is. */
  readonly main: string | null;
  /** What it will contain, beside README, manifest, signature and proofs. */
  readonly files: readonly string[];
  /** Whether a customer may have one about their own tenancy. */
  readonly forCustomers: boolean;
  /** What it lacks to say anything; undefined: nothing. */
  readonly lacks: (state: SystemState) => string | undefined;
  readonly make: (making: Making) => Promise<ArchiveFile[]>;
};

/** Where the proofs lie, seen from the documents ('' or '../'), and which entries of the ledger have one. */
export type ProofsBeside = { readonly folder: string; readonly entries: ReadonlySet<string> };
/** The OSCAL documents of a system, as files. */
export type OscalFiles = (state: SystemState, proofs: ProofsBeside) => readonly ArchiveFile[];

const nothing = (): undefined => undefined;

const workbook = (
  about: Pick<Kind, 'kind' | 'title' | 'about'>,
  make: (making: Making) => Promise<Buffer>,
  more: Partial<Pick<Kind, 'forCustomers' | 'lacks'>> = {},
): Kind => {
  const path = `${about.kind}.xlsx`;
  return {
    ...about,
    format: 'xlsx',
    main: path,
    files: [path],
    forCustomers: false,
    lacks: nothing,
    ...more,
    make: async (making) => {
      await making.progress(0.2, 'Writing the workbook');
      return [{ path, bytes: await make(making) }];
    },
  };
};

const lacksMapped = ({ mapped }: SystemState): string | undefined =>
  mapped.length > 0
    ? undefined
    : 'No framework is mapped to the controls of this system. Import ISO/IEC 27001 Annex A (its structure), activate it and map it.';

/** Every kind of export, in the order they are offered. */
export function reportKinds(oscal: OscalFiles): readonly Kind[] {
  const annexKind = workbook(
    {
      kind: 'ssp-annex',
      title: 'SSP annex',
      about:
        'Every control in the 22 columns of ASD’s annex: guidance, design decisions, self-assessment. Can be imported again.',
    },
    ({ state }) => annex(state),
  );
  const matrix = workbook(
    {
      kind: 'ccm',
      title: 'Cloud controls matrix',
      about: 'Who answers for each control of each service, provider or customer, in ASD’s words.',
    },
    ({ state, tenancy }) => cloudControlsMatrix(state, tenancy),
    { forCustomers: true },
  );
  const applicability = workbook(
    {
      kind: 'soa',
      title: 'Statement of applicability',
      about:
        'Each control of ISO/IEC 27001 Annex A: included and why, implemented or not, why not where it is left out.',
    },
    ({ state }) => statementOfApplicability(state),
    { lacks: lacksMapped },
  );
  const poam = workbook(
    {
      kind: 'poam',
      title: 'Plan of action and milestones',
      about: 'What is to be done, by whom and when: open findings, and controls that are not met.',
    },
    ({ state }) => planOfAction(state),
  );
  const plan: Kind = {
    kind: 'ssp',
    title: 'System security plan',
    about:
      'The system, its services, assets and documents, and how each guideline stands, to be read. The annex has each control.',
    format: 'pdf',
    main: 'ssp.pdf',
    files: ['ssp.pdf', 'ssp.html'],
    forCustomers: false,
    lacks: nothing,
    make: async ({ state, progress }) => {
      const document = securityPlan(state);
      await progress(0.2, 'Setting the pages');
      return [
        { path: 'ssp.html', bytes: Buffer.from(htmlPack(document)) },
        { path: 'ssp.pdf', bytes: await pdfPack(document) },
      ];
    },
  };
  const documents: Kind = {
    kind: 'oscal',
    title: 'OSCAL bundle',
    about:
      'Catalogue reference, profile, component definition, system security plan, assessment plan and results, and plan of action, in OSCAL 1.1.2 (JSON).',
    format: 'zip',
    main: null,
    files: oscalNames,
    forCustomers: false,
    lacks: nothing,
    make: async ({ state, proven, progress }) => {
      await progress(0.2, 'Writing OSCAL');
      return [...oscal(state, { folder: '', entries: proven })];
    },
  };
  const pack: Kind = {
    kind: 'pack',
    title: 'Assessor pack',
    about:
      'All of it for an assessor: readable pages with what was not seen, the workbooks, OSCAL, and the proofs of the evidence.',
    format: 'zip',
    main: null,
    files: [
      'pack.pdf',
      'pack.html',
      ...[annexKind, matrix, poam].flatMap(({ files }) => files),
      'soa.xlsx, where a framework is mapped',
      ...oscalNames.map((name) => `oscal/${name}`),
    ],
    forCustomers: false,
    lacks: nothing,
    make: async (making) => {
      const { state, changes, progress } = making;
      const document = assessorDocument(state, changes);
      const files: ArchiveFile[] = [{ path: 'pack.html', bytes: Buffer.from(htmlPack(document)) }];
      const pages = await pdfPack(document, (part) => progress(part * 0.6, 'Setting the pages'));
      files.push({ path: 'pack.pdf', bytes: pages });
      await progress(0.65, 'Writing the workbooks');
      const quiet: Making = { ...making, progress: () => progress(0.75, 'Writing the workbooks') };
      for (const part of [annexKind, matrix, poam, applicability])
        if (part.lacks(state) === undefined) files.push(...(await part.make(quiet)));
      await progress(0.85, 'Writing OSCAL');
      const documents = oscal(state, { folder: '../', entries: making.proven });
      files.push(...documents.map(({ path, bytes }) => ({ path: `oscal/${path}`, bytes })));
      return files;
    },
  };
  return [pack, plan, annexKind, matrix, applicability, poam, documents];
}

const oscalNames = [
  'catalog.json',
  'profile.json',
  'component-definition.json',
  'ssp.json',
  'assessment-plan.json',
  'assessment-results.json',
  'poam.json',
];
