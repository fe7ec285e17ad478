import { storableText } from '#ledger';
import { z } from 'zod';

const word = z.string().min(1).max(512).transform(storableText);
const properties = z.record(z.string().max(128), z.unknown()).optional();

/** SOURCE: AuthZEN Authorization API 1.0, "Information Model". Members that are not named here are ignored. */
export const subject = z.object({ type: word, id: word, properties });
export const action = z.object({ name: word, properties });
export const resource = z.object({ type: word, id: word, properties });
export const context = z.record(z.string().max(128), z.unknown());
export const accessRequest = z.object({ subject, action, resource, context: context.optional() });
export type AccessRequest = z.infer<typeof accessRequest>;

/**
 * What an enforcement point that we trust tells about the moment: nobody else can know it. A member that does not fit is left
 * out, and so unknown.
 */
export type Told = {
  readonly address?: string;
  /** Instead of an address, where only the country matters: a question, a replay. Never read from a request. */
  readonly country?: string;
  readonly session?: {
    readonly beganAt: Date;
    readonly lastActiveAt: Date;
    readonly phishingResistant: boolean;
  };
  /** `id`: of the register of devices, which then says whether it is managed. */
  readonly device?: { readonly managed?: boolean | undefined; readonly id?: string | undefined };
  readonly remote?: boolean;
  readonly classification?: string;
};

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const told = {
  address: z.string().max(64),
  session: z
    .object({ began_at: instant, last_active_at: instant, phishing_resistant: z.boolean() })
    .transform((it) => ({
      beganAt: it.began_at,
      lastActiveAt: it.last_active_at,
      phishingResistant: it.phishing_resistant,
    })),
  device: z
    .object({ managed: z.boolean().optional(), id: z.string().min(1).max(128).optional() })
    .refine(({ managed, id }) => managed !== undefined || id !== undefined)
    .transform(({ managed, id }) => ({ managed, id })),
  remote: z.boolean(),
  classification: z.string().max(60).transform(storableText),
};

/** Reads `context.ironbark`; the marking of the data comes as `resource.properties.classification`. */
export function toldBy(request: AccessRequest): Told {
  const given = request.context?.['ironbark'];
  const members = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}; // read one by one
  const taken: Record<string, unknown> = {};
  for (const name of ['address', 'session', 'device', 'remote'] as const) {
    if (members[name] === undefined) continue;
    const parsed = told[name].safeParse(members[name]);
    if (parsed.success) taken[name] = parsed.data;
  }
  const marking = told.classification.safeParse(request.resource.properties?.['classification']);
  if (marking.success) taken['classification'] = marking.data;
  return taken; // each member was parsed by its own schema
}
