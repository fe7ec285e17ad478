import type { Parameters } from '#contract/community/gate';

type NumberName = {
  [Name in keyof Parameters]: Parameters[Name] extends number ? Name : never;
}[keyof Parameters];

export type NumberWord = {
  readonly name: NumberName;
  readonly label: string;
  readonly unit: string;
  readonly source: string;
  readonly least: number;
  readonly most: number;
};

/** Each number the provider sets, in the words of the page; the bounds are the contract's. */
export const numberWords: readonly NumberWord[] = [
  {
    name: 'sessionHours',
    label: 'A session lasts at most',
    unit: 'h',
    source: 'ISM-0428',
    least: 0.1,
    most: 24,
  },
  {
    name: 'idleMinutes',
    label: 'A session may be idle',
    unit: 'min',
    source: 'ISM-0428',
    least: 1,
    most: 120,
  },
  {
    name: 'accountIdleDays',
    label: 'An account may be idle',
    unit: 'days',
    source: 'ISM-1648',
    least: 1,
    most: 3650,
  },
  {
    name: 'accountReviewedDays',
    label: 'An access review holds',
    unit: 'days',
    source: 'ISM-1647',
    least: 1,
    most: 3650,
  },
  {
    name: 'clearanceConfirmedDays',
    label: 'A confirmed clearance holds',
    unit: 'days',
    source: 'CRISP 4.4',
    least: 1,
    most: 3650,
  },
  {
    name: 'contactsCheckedDays',
    label: 'Incident contacts hold',
    unit: 'days',
    source: 'CRISP 9.3',
    least: 1,
    most: 3650,
  },
  {
    name: 'monitoringConfirmedDays',
    label: 'Confirmed monitoring holds',
    unit: 'days',
    source: 'CRISP 8.1',
    least: 1,
    most: 3650,
  },
  {
    name: 'obligationGraceDays',
    label: 'An obligation may be overdue',
    unit: 'days',
    source: 'provider',
    least: 0,
    most: 365,
  },
  {
    name: 'supportMinutes',
    label: 'A support session lasts at most',
    unit: 'min',
    source: 'provider',
    least: 1,
    most: 240,
  },
  {
    name: 'breakGlassMinutes',
    label: 'An emergency session lasts at most',
    unit: 'min',
    source: 'provider',
    least: 1,
    most: 60,
  },
  {
    name: 'feedSilentSeconds',
    label: 'Everything is denied when the change feed is silent for',
    unit: 's',
    source: 'provider',
    least: 1,
    most: 60,
  },
];
