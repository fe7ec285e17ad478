/**
 * Working days in Australia: Monday to Friday, without the days given. Days are those of the place's own calendar.
 * SOURCE: the national public holidays; a provider's state adds its own with the setting.
 */
export const place = 'Australia/Sydney';

/** Days off by rule or by table, `MM-DD` every year. Easter and days of states are given by date. */
const fixedDaysOff: readonly string[] = ['01-01', '01-26', '04-25', '12-25', '12-26'];

export type Calendar = {
  readonly timeZone: string;
  /** `YYYY-MM-DD` in the place's calendar, beyond the fixed ones. */
  readonly daysOff: readonly string[];
};

/** National days off that have no fixed date: Good Friday and Easter Monday, and the days in lieu of weekends. */
export const national: Calendar = {
  timeZone: place,
  daysOff: [
    '2026-04-03',
    '2026-04-06',
    '2026-12-28',
    '2027-03-26',
    '2027-03-29',
    '2027-12-27',
    '2027-12-28',
    '2028-01-03',
    '2028-04-14',
    '2028-04-17',
  ],
};

const dayMilliseconds = 86_400_000;

/**
 * The same time of day, `days` working days later. From a day off it counts from the next working day's start:
 * what happens on a Saturday is due as if it had happened first thing on Monday.
 */
export function workingDaysAfter(from: Date, days: number, calendar: Calendar = national): Date {
  let at = from;
  if (!isWorkingDay(at, calendar)) {
    while (!isWorkingDay(at, calendar)) at = new Date(at.getTime() + dayMilliseconds);
    at = startOfDay(at, calendar.timeZone);
  }
  for (let left = days; left > 0; ) {
    at = new Date(at.getTime() + dayMilliseconds);
    if (isWorkingDay(at, calendar)) left--;
  }
  return at;
}

export function isWorkingDay(at: Date, { timeZone, daysOff }: Calendar): boolean {
  const day = dayOf(at, timeZone);
  // Noon, so that no shift of clocks can move it to another day.
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !fixedDaysOff.includes(day.slice(5)) && !daysOff.includes(day);
}

/** `YYYY-MM-DD` there. */
const dayOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    at,
  );

/** The first moment of the day there, to the minute. */
function startOfDay(at: Date, timeZone: string): Date {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
  const [hours = 0, minutes = 0] = clock.format(at).split(':').map(Number);
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000 - ((hours % 24) * 60 + minutes) * 60_000);
}
