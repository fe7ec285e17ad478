import { createHash } from 'node:crypto';
import { z } from 'zod';
import { supportSystem } from './contract.ts';
import type { Kind, State, Times } from './session.ts';

/** A person in a session: the account, the entry in the community's register (if there is one), the name then. */
export const person = z.object({ user: z.string(), person: z.string().nullable(), name: z.string() });
export type Person = z.infer<typeof person>;

/** How somebody is signed in to the page; null for a program. */
export type SignIn = { readonly at: Date; readonly passkey: boolean } | null;

/** A signed yes. The signature can be checked with the record and the key alone. */
export const approval = z.object({
  by: person,
  organisation: z.string(),
  office: z.string(),
  at: z.coerce.date(),
  standing: z.string().nullable(),
  record: z.string(),
  digest: z.string(),
  signature: z.object({
    userId: z.string(),
    credentialId: z.string(),
    publicKey: z.string(),
    authenticatorData: z.string(),
    clientDataJSON: z.string(),
    signature: z.string(),
  }),
});
export type Approval = z.infer<typeof approval>;

/** What of a session is kept as one document. */
export const detail = z.object({
  organisation: z.string(),
  environment: z.string(),
  reason: z.string(),
  ticket: z.string().nullable(),
  systems: z.array(supportSystem),
  recordInput: z.boolean(),
  requester: person,
  engineers: z.array(person),
  customerApproval: approval.nullable(),
  providerApproval: approval.nullable(),
  /** Whose certificate started it. */
  startedBy: person.nullable(),
  end: z
    .object({ by: z.string(), code: z.string(), reason: z.string(), detail: z.string().nullable() })
    .nullable(),
  summary: z
    .object({
      by: person,
      at: z.coerce.date(),
      changed: z.string(),
      seconds: z.number(),
      commands: z.array(
        z.object({ at: z.coerce.date(), engineer: z.string(), system: z.string(), command: z.string() }),
      ),
      recordings: z.number(),
      /** Canonical JSON: what the customer countersigns. */
      record: z.string(),
    })
    .nullable(),
  countersignature: approval.nullable(),
  review: z.object({ by: person, office: z.string(), at: z.coerce.date(), finding: z.string() }).nullable(),
});
export type Detail = z.infer<typeof detail>;

export type Session = Detail & {
  readonly id: string;
  readonly tenancy: string;
  readonly kind: Kind;
  readonly state: State;
  /** Canonical JSON of the request; `digest` is its SHA-256, hex. */
  readonly record: string;
  readonly digest: string;
  readonly minutes: number;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly startedAt: Date | null;
  readonly endsAt: Date | null;
  readonly endedAt: Date | null;
  readonly reviewDueAt: Date | null;
  readonly reviewedAt: Date | null;
};

export const timesOf = (session: Session): Times => ({
  requestedAt: session.requestedAt,
  customerApprovedAt: session.customerApproval?.at ?? null,
  providerApprovedAt: session.providerApproval?.at ?? null,
  startedAt: session.startedAt,
  endedAt: session.endedAt,
  summarisedAt: session.summary?.at ?? null,
  countersignedAt: session.countersignature?.at ?? null,
});

export const sha256 = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();

export const minutesLater = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000);

/** For the ledger and for notifying: one word for a session. */
export const subjectOf = (session: string): string => `support/${session}`;
