import type { PersonView } from '../../api/organisations.ts';

export type Names = (person: string) => string;

/** A person who left, or is outside what one may see, keeps their id. */
export const nameOf =
  (people: readonly PersonView[]): Names =>
  (id) => {
    const person = people.find((one) => one.id === id);
    return person === undefined ? id : `${person.name}, ${person.organisation}`;
  };

/** Whoever is still here, to choose from. */
export const choices = (people: readonly PersonView[]) =>
  people
    .filter(({ endedAt }) => endedAt === null)
    .map(({ id, name, organisation }) => ({ value: id, label: `${name}, ${organisation}` }));

/** The end of a day, as the clock on this machine has it. */
export const endOf = (day: string): string => new Date(`${day}T23:59:59`).toISOString();
