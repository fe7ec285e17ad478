import type { FactTable, SupportEntry } from '#community/gate';
import { unusedHours } from './session.ts';
import { sessionsById, sessionsIn } from './store.ts';
import { type Approval, minutesLater, type Person, type Session } from './support.ts';
import { noticesOf, type StoredNotice } from './store.ts';

/**
 * What the gate knows about sessions. People are those of the community's register: an engineer or approver who is not in
 * it is nobody there, and what depends on them is denied.
 */
export const supportFacts: FactTable<SupportEntry> = {
  name: 'support sessions',
  kinds: ['support'],
  all: async (tx) =>
    entries(await sessionsIn(tx, ['requested', 'customer-approved', 'provider-approved', 'live']), (ids) =>
      noticesOf(tx, ids),
    ),
  some: async (tx, ids) => entries(await sessionsById(tx, ids), (found) => noticesOf(tx, found)),
};

async function entries(
  sessions: readonly Session[],
  notices: (ids: readonly string[]) => Promise<readonly StoredNotice[]>,
): Promise<ReadonlyMap<string, SupportEntry>> {
  const told = await notices(sessions.filter(({ kind }) => kind === 'break-glass').map(({ id }) => id));
  return new Map(
    sessions.map((session) => [
      session.id,
      entryOf(
        session,
        told.filter((one) => one.session === session.id),
      ),
    ]),
  );
}

const states = {
  requested: 'requested',
  'customer-approved': 'requested',
  'provider-approved': 'approved',
  live: 'live',
} as const;

function entryOf(session: Session, told: readonly StoredNotice[]): SupportEntry {
  const { customerApproval, providerApproval } = session;
  const until = session.endsAt ?? session.expiresAt;
  const state = session.state in states ? states[session.state as keyof typeof states] : 'ended'; // `in` says it is one
  return {
    tenancy: session.tenancy,
    support: {
      state,
      engineers: session.engineers.map(idOf),
      tenancy: session.tenancy,
      startedAt: session.startedAt,
      minutes: session.minutes,
    },
    breakGlass:
      session.kind === 'planned'
        ? null
        : {
            declaredBy: [session.requester, ...(providerApproval ? [providerApproval.by] : [])].map(idOf),
            startedAt: session.startedAt ?? providerApproval?.at ?? session.requestedAt,
            minutes: session.minutes,
            reason: session.reason,
            told: told.map(({ office, organisation }) =>
              organisation === session.organisation ? `customer-${office}` : `provider-${office}`,
            ),
          },
    customerApproval: approvalOf(customerApproval, until),
    providerApproval: approvalOf(providerApproval, until),
    duties: {
      requester: idOf(session.requester),
      approvers: [customerApproval, providerApproval].flatMap((given) =>
        given === null ? [] : [idOf(given.by)],
      ),
    },
  };
}

/** Of the register of people; else of the account, which nobody in the register has. */
const idOf = ({ person, user }: Person): string => person ?? user;

const approvalOf = (given: Approval | null, until: Date) =>
  given && {
    by: [idOf(given.by)],
    offices: [given.office],
    until: until > given.at ? until : minutesLater(given.at, unusedHours * 60),
  };
