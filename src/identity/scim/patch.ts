import type { z } from 'zod';
import { scimBoolean, scimEmails, scimName, type ScimOperation } from './contract.ts';
import { ScimInvalid } from './errors.ts';

/** What a caller can change of a person. */
export type ScimPerson = {
  userName: string;
  externalId: string | null;
  displayName: string;
  active: boolean;
};

const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:user:';

/**
 * Applies operations to a person, all or none. Only the attributes below are ever written, by name: a path or a member
 * that is not among them is for an attribute that Ironbark does not keep, and is passed over.
 *
 * @throws {ScimInvalid} for a value that the attribute can't have
 * @see RFC 7644, 3.5.2
 */
export function patched(person: ScimPerson, operations: readonly ScimOperation[]): ScimPerson {
  const next = { ...person };
  for (const { op, path, value } of operations) {
    if (path !== undefined) set(next, path, op === 'remove' ? null : value);
    else if (op === 'remove') throw new ScimInvalid('invalidPath', 'A "remove" needs a path.');
    else for (const [name, member] of members(value)) set(next, name, member);
  }
  return next;
}

function set(person: ScimPerson, path: string, value: unknown): void {
  const name = plainName(path);
  if (name === 'active') person.active = parsed(scimBoolean, value, path);
  else if (name === 'username') person.userName = textOf(value, path);
  else if (name === 'externalid') person.externalId = value === null ? null : textOf(value, path);
  else if (name === 'displayname' || name === 'name.formatted') {
    if (value !== null) person.displayName = textOf(value, path);
  } else if (name === 'name' && value !== null) {
    const spoken = nameOf(parsed(scimName, value, path));
    if (spoken !== undefined) person.displayName = spoken;
  } else if (name === 'emails.value') person.userName = textOf(value, path);
  else if (name === 'emails' && value !== null) {
    const first = parsed(scimEmails, value, path)[0]?.value;
    if (first) person.userName = first;
  }
}

/** Without the schema's prefix and a value filter, in lower case: attribute names know no case (RFC 7643, 2.1). */
function plainName(path: string): string {
  const lower = path.trim().toLowerCase();
  const local = lower.startsWith(userUrn) ? lower.slice(userUrn.length) : lower;
  return local.replace(/\[[^\]]*\]/, '');
}

export function nameOf(name: z.infer<typeof scimName> | null | undefined): string | undefined {
  const spoken = name?.formatted ?? [name?.givenName, name?.familyName].filter(Boolean).join(' ');
  return spoken === '' ? undefined : spoken;
}

function members(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ScimInvalid('invalidValue', 'Without a path, the value is an object of attributes.');
  return Object.entries(value);
}

const textOf = (value: unknown, path: string): string => {
  if (typeof value !== 'string' || value.trim() === '' || value.length > 254)
    throw new ScimInvalid('invalidValue', `"${path}" takes a text of 1 to 254 characters.`);
  return value.trim();
};

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, path: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) throw new ScimInvalid('invalidValue', `"${path}" can't have this value.`);
  return result.data;
}
