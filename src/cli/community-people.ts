import { personList } from '#contract/community/organisations';
import { Conflict, NotFound } from '#platform/errors';
import { type Client, query } from './client.ts';

/** By id or e-mail address: people know the one, programs the other. @throws {NotFound} {Conflict} */
export async function findPerson(api: Client, wanted: string, organisation?: string) {
  const { people } = await api.get(`/api/persons${query({ organisation })}`, personList);
  const same = (email: string): boolean => email.toLowerCase() === wanted.toLowerCase();
  const found = people.filter((one) => one.id === wanted || (one.endedAt === null && same(one.email)));
  const [person, another] = found;
  if (person === undefined) throw new NotFound('person', wanted);
  if (another !== undefined)
    throw new Conflict(`People of several organisations have the address ${wanted}. Give the id of one.`);
  return person;
}
