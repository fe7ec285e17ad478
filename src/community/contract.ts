import { z } from 'zod';

export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/, 'Use 1 to 63 characters of a-z, 0-9, "_", "." and "-".');

export const environment = z.object({ id, name: z.string(), marking: z.string() });
export type Environment = z.infer<typeof environment>;

export const organisation = z.object({
  id,
  name: z.string(),
  kind: z.enum(['provider', 'customer', 'partner']),
});
export type Organisation = z.infer<typeof organisation>;

/** POST /api/setup/provider: makes the provider, its two environments (odce, pdce) and its internal tenancy in each. */
export const providerSetup = z.object({ id, name: z.string().trim().min(1).max(120) });

export const newTenancy = z.object({ organisation: id, environment: id });

/** GET /api/community: what of the community is in the actor's scope. Tenancies are those of the session. */
export const communityView = z.object({
  environments: z.array(environment),
  organisations: z.array(organisation),
  tenancies: z.array(
    z.object({
      id: z.string(),
      organisation: z.string(),
      environment: z.string(),
      internal: z.boolean(),
      sources: z.number().int().optional(),
    }),
  ),
});
export type CommunityView = z.infer<typeof communityView>;

/** POST /api/community/organisations, POST /api/community/tenancies (newTenancy) */
export const newOrganisation = z.object({
  id,
  name: z.string().trim().min(1).max(120),
  kind: z.enum(['customer', 'partner']),
});

/** POST /api/setup/demo: builds the demo community and starts its story; answers 202. */
