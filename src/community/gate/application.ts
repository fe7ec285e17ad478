import { z } from 'zod';
import type { AccessRequest } from './request.ts';

const word = z.string().min(1).max(128);
const scalar = z.union([z.string().max(512), z.number(), z.boolean(), z.null()]);

/** A value of the request, by path, is one of these. */
export const condition = z.object({
  path: z
    .string()
    .max(200)
    .regex(
      /^(subject|action|resource|context)(\.[A-Za-z0-9_-]{1,64}){1,6}$/,
      'Use a path such as resource.properties.status.',
    ),
  in: z.array(scalar).min(1).max(100),
});

/** One way to be allowed: all of its conditions hold. */
export const allowance = z.object({ when: z.array(condition).max(20) });

export const foreignAction = z.object({
  name: word,
  /** The gate's own action that it amounts to: all of that action's gates apply. */
  as: word,
  /** At least one has to hold; they narrow what the gates permit. Empty: no condition of its own. */
  allow: z.array(allowance).max(50).default([]),
});

const properties = z.record(z.string().max(128), z.unknown());

/**
 * Another program's words for subjects, resources and actions, and what they are here. Data: the provider adds applications
 * without code.
 */
export const application = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Use a-z, 0-9 and "-".'),
  subjects: z
    .array(
      z.object({
        type: word,
        /** How an id of this type names a person here. */
        is: z.enum(['person', 'account', 'email', 'listed']),
        /** For `listed`: their id to the person's id here, and what is known of them there. */
        known: z
          .array(z.object({ id: word, person: word, properties: properties.default({}) }))
          .max(10_000)
          .default([]),
      }),
    )
    .max(20),
  resources: z
    .array(
      z.object({
        type: word,
        /** The tenancy they are in; left out: the property `tenancy` of the resource says it. */
        tenancy: word.optional(),
        known: z
          .array(z.object({ id: word, properties: properties.default({}) }))
          .max(10_000)
          .default([]),
        /** Ids that are not listed exist too. */
        others: z.boolean().default(false),
        actions: z.array(foreignAction).max(100),
      }),
    )
    .max(100),
});
export type Application = z.infer<typeof application>;
type Resource = Application['resources'][number];

/** What a request means here. */
export type Translated = {
  readonly application: Application;
  readonly resource: Resource;
  /** Undefined: the application has no such action for this type. */
  readonly action: z.infer<typeof foreignAction> | undefined;
  /** Undefined: the subject or resource is not one of the application's. */
  readonly person: { readonly by: 'person' | 'account' | 'email'; readonly id: string } | undefined;
  readonly tenancy: string | undefined;
  /** The request with what is on record beneath what was sent. */
  readonly request: AccessRequest;
};

/** @returns undefined where no application has this type of resource */
export function translate(
  applications: readonly Application[],
  request: AccessRequest,
): Translated | undefined {
  for (const application of applications) {
    const resource = application.resources.find(({ type }) => type === request.resource.type);
    if (resource === undefined) continue;
    const recorded = resource.known.find(({ id }) => id === request.resource.id);
    const { person, properties: known } = personIn(application, request.subject);
    const full: AccessRequest = {
      ...request,
      subject: { ...request.subject, properties: { ...known, ...request.subject.properties } },
      resource: {
        ...request.resource,
        properties: { ...recorded?.properties, ...request.resource.properties },
      },
    };
    const exists = recorded !== undefined || resource.others;
    const named = full.resource.properties?.['tenancy'];
    return {
      application,
      resource,
      action: resource.actions.find(({ name }) => name === request.action.name),
      person: exists ? person : undefined,
      tenancy: resource.tenancy ?? (typeof named === 'string' ? named : undefined),
      request: full,
    };
  }
  return undefined;
}

function personIn({ subjects }: Application, { type, id }: AccessRequest['subject']) {
  const kind = subjects.find((one) => one.type === type);
  if (kind === undefined) return { person: undefined, properties: {} };
  const listed = kind.known.find((one) => one.id === id);
  const properties = listed?.properties ?? {};
  if (kind.is !== 'listed') return { person: { by: kind.is, id }, properties };
  return { person: listed && { by: 'person' as const, id: listed.person }, properties };
}

/** Whether one of the allowances holds, and which values they looked at. */
export function conditionsOf({ action, request }: Translated): { allowed: boolean; condition: string } {
  const allow = action?.allow ?? [];
  if (action === undefined) return { allowed: false, condition: 'no such action' };
  const held = allow.length === 0 || allow.some(({ when }) => when.every((one) => holds(one, request)));
  const looked = [...new Set(allow.flatMap(({ when }) => when.map(({ path }) => path)))];
  return { allowed: held, condition: held ? '' : looked.join(', ') };
}

function holds({ path, in: values }: z.infer<typeof condition>, request: AccessRequest): boolean {
  let value: unknown = request;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false;
    // Its own member, just looked for.
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return values.some((one) => one === value);
}
