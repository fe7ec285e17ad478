import { dataSheet, grouped, statusColours } from './annex/write.ts';
import { coverageOf } from './coverage.ts';
import { infoSheet } from './sheet/common.ts';
import { type OutCell, type OutSheet, writeSheets } from './sheet/write.ts';
import type { ControlState, MatrixRow, Override, ServiceState, SystemState, TenancyState } from './state.ts';

const columns = [
  { title: 'Identifier', width: 11 },
  { title: 'Description', width: 45 },
  { title: 'Responsible Entity', width: 18 },
  { title: 'Implementation Status', width: 18 },
  { title: 'Provider: how it is implemented', width: 50 },
  { title: 'Customer Responsibility', width: 20 },
  { title: 'Customer: what is left to do', width: 45 },
  { title: 'Applicability', width: 14 },
  { title: 'Essential Eight', width: 14 },
  { title: 'Guideline', width: 20 },
  { title: 'Section', width: 20 },
  { title: 'Topic', width: 20 },
] as const;

/**
 * The cloud controls matrix: who answers for each control of each service, in ASD's words.
 * @param tenancy of whose services only; undefined: of all that are offered. A customer's carries no evidence of others.
 */
export function cloudControlsMatrix(state: SystemState, tenancy: TenancyState | undefined): Promise<Buffer> {
  const services =
    tenancy === undefined ? state.services : state.services.filter(({ id }) => tenancy.services.includes(id));
  const whose = tenancy === undefined ? 'every tenancy' : `${tenancy.organisation}, ${tenancy.name}`;
  const info = infoSheet(
    state,
    'Cloud controls matrix',
    [
      `For ${whose}: a sheet for each service${services.length === 0 ? '; none is taken, so there is only what holds for the system' : ''}.`,
      'Responsible Entity, Implementation Status and Customer Responsibility use the words of ASD’s cloud controls matrix.',
      '"Effective" for a shared control says that the provider’s part is: yours is for you to assess.',
    ],
    // A customer reads what was not seen, and not by what our evidence is called.
    tenancy === undefined ? coverageOf(state).statements : coverageOf(state).statements.slice(0, 1),
  );
  const sheets = services.length === 0 ? [undefined] : services;
  return writeSheets([
    info,
    ...named(sheets).map(([name, service]) => matrix(state, name, service, tenancy?.id)),
    dataSheet,
  ]);
}

/** Names of sheets: at most 31 characters, each once, none of the characters that spreadsheets refuse. */
function named(services: readonly (ServiceState | undefined)[]): [string, ServiceState | undefined][] {
  const taken = new Set(['info', 'data']);
  return services.map((service) => {
    const plain = (service?.name ?? 'System').replaceAll(/[[\]*?:/\\']/g, '-').slice(0, 27) || 'Service';
    let name = plain;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${plain} ${number}`;
    taken.add(name.toLowerCase());
    return [name, service];
  });
}

function matrix(
  state: SystemState,
  name: string,
  service: ServiceState | undefined,
  tenancy: string | undefined,
): OutSheet {
  return {
    name,
    widths: [3, ...columns.map(({ width }) => width)],
    frozenRows: 1,
    frozenColumns: 2,
    rows: [
      {
        cells: ['', ...columns.map(({ title }) => title)].map((text) =>
          text === '' ? null : { text, style: 'heading' as const },
        ),
      },
      ...grouped(state.controls, (control) => [null, ...row(control, service?.id, tenancy)]),
    ],
    colours: [{ columns: [4], firstRow: 2, words: statusColours }],
  };
}

const names = ({ service, tenancy }: Override): number =>
  (service === null ? 0 : 1) + (tenancy === null ? 0 : 2);

function row(control: ControlState, service: string | undefined, tenancy: string | undefined): OutCell[] {
  const { answer } = control;
  const fitting = (answer?.overrides ?? []).filter(
    (one) =>
      (one.service === null || one.service === service) && (one.tenancy === null || one.tenancy === tenancy),
  );
  // What names more stands above what names less.
  const [own] = fitting.sort((a, b) => names(b) - names(a));
  const shipped = matrixRow(control, service);
  return [
    { text: control.label, style: 'strong' },
    control.statement,
    own?.responsibleEntity ?? answer?.responsibleEntity ?? shipped?.responsibleEntity ?? 'Not Assessed',
    control.status,
    answer?.narrative ?? '',
    own?.customerResponsibility ??
      answer?.customerResponsibility ??
      shipped?.customerResponsibility ??
      'Not Assessed',
    own?.note ?? '',
    control.applicability.join(', '),
    control.levels.join(', '),
    control.path[0] ?? '',
    control.path[1] ?? '',
    control.path[2] ?? '',
  ];
}

/** What the matrices say of a control for a service; the system as a whole only has what holds for all of them. */
export const matrixRow = (
  { matrix = [] }: Pick<ControlState, 'matrix'>,
  service: string | undefined,
): MatrixRow | undefined =>
  matrix.find(({ services }) => service !== undefined && services.includes(service)) ??
  matrix.find(({ services }) => services.length === 0);
