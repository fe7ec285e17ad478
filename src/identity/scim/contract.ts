import { z } from 'zod';

/** @see RFC 7643, 4.1: of a User, what Ironbark keeps. Attributes it does not keep are taken and forgotten. */
const text = z.string().max(254);
/** Some providers send booleans as texts. */
export const scimBoolean = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(true|false)$/i)
    .transform((word) => word.toLowerCase() === 'true'),
]);
export const scimName = z.looseObject({
  formatted: text.nullish(),
  givenName: text.nullish(),
  familyName: text.nullish(),
});
export const scimEmails = z.array(z.looseObject({ value: text.nullish() })).max(20);

/** POST /scim/v2/{organisation}/Users, PUT …/Users/{id} */
export const scimUserIn = z.looseObject({
  userName: z.email().max(254),
  externalId: text.nullish(),
  displayName: text.nullish(),
  name: scimName.nullish(),
  emails: scimEmails.nullish(),
  active: scimBoolean.nullish(),
});
export type ScimUserIn = z.infer<typeof scimUserIn>;

/** PATCH …/Users/{id}, …/Groups/{id} @see RFC 7644, 3.5.2 */
export const scimPatch = z.looseObject({
  Operations: z
    .array(
      z.looseObject({
        op: z
          .string()
          .toLowerCase()
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(500).optional(),
        value: z.unknown(),
      }),
    )
    .min(1)
    .max(100),
});
export type ScimOperation = z.infer<typeof scimPatch>['Operations'][number];

export const scimQuery = z.looseObject({
  filter: z.string().max(1000).optional(),
  startIndex: z.coerce.number().int().default(1),
  count: z.coerce.number().int().default(100),
});
