import { type User, userList } from '#contract/identity';
import { NotFound } from '#platform/errors';
import type { Client } from './client.ts';

/** By id or e-mail address: people know the one, programs the other. @throws {NotFound} */
export async function findUser(api: Client, wanted: string): Promise<User> {
  const { users } = await api.get('/api/users', userList);
  const found = users.find(({ id, email }) => id === wanted || email.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) throw new NotFound('user', wanted);
  return found;
}
