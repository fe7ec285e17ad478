import { Invalid } from '#platform/errors';
import { isId, type TenancyId, tenancyId } from '#platform/scope';
import type { Environment } from './contract.ts';

/** What a new provider starts with. Environments are data: others can be added. */
export const firstEnvironments: readonly Environment[] = [
  { id: 'odce', name: 'OFFICIAL Data Community Environment', marking: 'OFFICIAL' },
  { id: 'pdce', name: 'PROTECTED Data Community Environment', marking: 'PROTECTED' },
];

/** @throws {Invalid} when the two together are too long for one id */
export function tenancyIdOf(organisation: string, environment: string): TenancyId {
  const id = `${organisation}-${environment}`;
  if (!isId(id))
    throw new Invalid(`"${id}" is too long for a tenancy's id. Choose a shorter id for the organisation.`);
  return tenancyId(id);
}

/** Two letters for an organisation's mark: initials of its first two words, or the first two letters of its only one. */
export function markOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = '?', second = ''] = words;
  return (second === '' ? letters(first, 2) : letters(first, 1) + letters(second, 1)).toUpperCase();
}

const letters = (word: string, count: number): string => Array.from(word).slice(0, count).join('');
