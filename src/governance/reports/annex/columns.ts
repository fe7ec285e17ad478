/**
 * The SSP annex as ASD lays it out: 22 columns in four blocks, a narrow column between blocks, and the first column for
 * the names of guidelines and sections.
 * SOURCE: Blueprint SSP annex template, March 2025 (ASD), sheets "March 2025" and "Data".
 */
export type AnnexColumn =
  | 'identifier'
  | 'description'
  | 'organisation'
  | 'selecting'
  | 'technology'
  | 'implementing'
  | 'responsible'
  | 'status'
  | 'comments'
  | 'revision'
  | 'updated'
  | 'NC'
  | 'OS'
  | 'P'
  | 'S'
  | 'TS'
  | 'ML1'
  | 'ML2'
  | 'ML3'
  | 'guideline'
  | 'section'
  | 'topic';

type Place = {
  readonly column: AnnexColumn;
  readonly title: string;
  readonly width: number;
  readonly middle?: true;
};

/** Null is the narrow column between two blocks. */
export const places: readonly (Place | null)[] = [
  null,
  { column: 'identifier', title: 'Identifier', width: 11 },
  { column: 'description', title: 'Description', width: 45 },
  null,
  { column: 'organisation', title: 'Org Responsibility', width: 14, middle: true },
  {
    column: 'selecting',
    title: 'Considerations when selecting and assessing security controls in the context of this system',
    width: 40,
  },
  { column: 'technology', title: 'Technology addressed', width: 12, middle: true },
  {
    column: 'implementing',
    title: 'Considerations when Implementing Technical Security Controls',
    width: 37,
  },
  null,
  { column: 'responsible', title: 'Responsible Entity', width: 16, middle: true },
  { column: 'status', title: 'Implementation Status', width: 16, middle: true },
  { column: 'comments', title: 'Implementation Comments', width: 45 },
  null,
  { column: 'revision', title: 'Revision', width: 9, middle: true },
  { column: 'updated', title: 'Updated', width: 9, middle: true },
  { column: 'NC', title: 'NC', width: 5, middle: true },
  { column: 'OS', title: 'OS', width: 5, middle: true },
  { column: 'P', title: 'P', width: 5, middle: true },
  { column: 'S', title: 'S', width: 5, middle: true },
  { column: 'TS', title: 'TS', width: 5, middle: true },
  { column: 'ML1', title: 'ML1', width: 5, middle: true },
  { column: 'ML2', title: 'ML2', width: 5, middle: true },
  { column: 'ML3', title: 'ML3', width: 5, middle: true },
  { column: 'guideline', title: 'Guideline', width: 18 },
  { column: 'section', title: 'Section', width: 18 },
  { column: 'topic', title: 'Topic', width: 18 },
];

/** The titles of the blocks, by the column each begins at. */
export const blocks: ReadonlyMap<AnnexColumn, string> = new Map([
  ['identifier', 'Control'],
  ['organisation', 'Guidance'],
  ['responsible', 'Design Decisions & Self Assessment'],
  ['revision', 'Data'],
]);

/** What else spreadsheets of ASD and of others call a column: lower case, letters and digits only. */
export const aliases: Readonly<Record<AnnexColumn, readonly string[]>> = {
  identifier: ['identifier', 'control', 'controlid', 'id'],
  description: ['description', 'controldescription'],
  organisation: ['orgresponsibility', 'organisationresponsibility'],
  selecting: [
    'considerationswhenselectingandassessingsecuritycontrolsinthecontextofthissystem',
    'considerationswhenselectingandassessing',
  ],
  technology: ['technologyaddressed'],
  implementing: ['considerationswhenimplementingtechnicalsecuritycontrols', 'considerationswhenimplementing'],
  responsible: ['responsibleentity'],
  status: ['implementationstatus'],
  comments: ['implementationcomments', 'comments'],
  revision: ['revision'],
  updated: ['updated'],
  NC: ['nc'],
  OS: ['os'],
  P: ['p'],
  S: ['s'],
  TS: ['ts'],
  ML1: ['ml1'],
  ML2: ['ml2'],
  ML3: ['ml3'],
  guideline: ['guideline'],
  section: ['section'],
  topic: ['topic'],
};

export const classifications = ['NC', 'OS', 'P', 'S', 'TS'] as const;
