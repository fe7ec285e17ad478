import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { Actor } from '#identity';
import type { NewEntry } from '#ledger';
import { NotAllowed } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { Authorities } from './authority.ts';
import { access, keep, lockedSession, stepped, system, tell, withRefusalsRecorded } from './change.ts';
import type { CertificateIssued } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import { GateDenied, KeyNotTaken, MayNotApprove, SupportStep } from './errors.ts';
import { tellOfficers } from './notices.ts';
import { certificateLine, issue } from './ssh/certificate.ts';
import { blobOfLine, fingerprintOf, lineOf } from './ssh/keys.ts';
import { Malformed } from './ssh/wire.ts';
import { insertCertificate, sessionById, standingOf } from './store.ts';
import { minutesLater, type Person, type Session, type SignIn } from './support.ts';
import { workingDaysAfter } from './working-days.ts';

export type GatewayPlace = { readonly host: string; readonly port: number };

/** A review of break glass is due in so many working days. */
const reviewWorkingDays = 2;

/**
 * Gives a named engineer a certificate for the gateway; the first one starts the session, and its minutes run from then.
 * The gate is asked before anything is written, and what may have changed meanwhile is looked at again under the lock.
 *
 * @param address where the engineer will connect from: the certificate is good from there only
 * @throws {SupportStep} before both approvals, and after the end @throws {NotAllowed} for who is not named
 * @throws {GateDenied} {KeyNotTaken}
 */
export const certificateFor = (
  deps: SupportDeps,
  actor: Actor,
  id: string,
  given: CertificateAsked,
): Promise<CertificateIssued> =>
  withRefusalsRecorded(deps, actor, { id, what: 'connect' }, () => certified(deps, actor, id, given));

type CertificateAsked = {
  readonly publicKey: string;
  readonly address: string;
  readonly authorities: Authorities;
  readonly gateway: GatewayPlace;
};

async function certified(
  deps: SupportDeps,
  actor: Actor,
  id: string,
  given: CertificateAsked,
): Promise<CertificateIssued> {
  const subject = subjectKey(given.publicKey);
  const address = plainAddress(given.address);
  const signIn = actor.signIn ? { at: actor.signIn.at, passkey: actor.signIn.method === 'passkey' } : null;
  const before = await deps.records.transaction(actor.scope, async (tx) => {
    const session = await lockedSession(tx, id, actor.scope);
    await mustBeUsable(deps, tx, session);
    return { session, engineer: engineerIn(session, actor) };
  });
  const answer = await deps
    .mayConnect({
      session: id,
      kind: before.session.kind,
      tenancy: before.session.tenancy,
      engineer: before.engineer,
      address,
      signIn,
      moment: before.session.state === 'live' ? 'login' : 'start',
    })
    // An error in a decision is a denial.
    .catch(() => ({ allowed: false, reasons: ['The gate could not decide.'] }));
  if (!answer.allowed) {
    await deps.records.transaction(actor.scope, (tx) =>
      tell(deps, tx, before.session, {
        actor,
        action: 'support.connect-denied',
        facts: { engineer: before.engineer.name, reasons: answer.reasons },
      }),
    );
    throw new GateDenied(answer.reasons);
  }
  return deps.records.transaction(actor.scope, async (tx) => {
    const locked = await lockedSession(tx, id, actor.scope);
    await mustBeUsable(deps, tx, locked);
    const engineer = engineerIn(locked, actor);
    const now = deps.clock.now();
    const session = locked.state === 'live' ? locked : started(deps, locked, engineer, now);
    // A live session has its end.
    const expiresAt = session.endsAt ?? now;
    const serial = randomBytes(8).readBigUInt64BE() >> 1n;
    const certificate = issue(
      {
        serial,
        keyId: id,
        principals: [id],
        // A minute for clocks that are behind ours.
        validAfter: minutesLater(now, -1),
        validBefore: expiresAt,
        sourceAddresses: [address],
      },
      subject,
      given.authorities.engineers.key,
    );
    const fingerprint = fingerprintOf(subject);
    await insertCertificate(tx, {
      serial,
      session: id,
      tenancy: session.tenancy,
      user: engineer.user,
      fingerprint,
      sourceAddress: address,
      signIn,
      issuedAt: now,
      expiresAt,
    });
    if (locked.state !== 'live' && session.kind === 'break-glass') {
      const { provider } = await deps.directory.facts(tx);
      if (provider !== null)
        await tellOfficers(
          deps,
          tx,
          session,
          provider.id,
          `live since ${now.toISOString()}: ${session.reason}`,
        );
    }
    await keep(deps, tx, session, {
      actor,
      action: locked.state === 'live' ? 'support.certificate' : 'support.started',
      facts: {
        engineer: engineer.name,
        serial: String(serial),
        fingerprint,
        address,
        until: expiresAt.toISOString(),
      },
    });
    const { host, port } = given.gateway;
    const place = port === 22 ? host : `[${host}]:${port}`;
    return {
      certificate: certificateLine(certificate, id),
      expiresAt: expiresAt.toISOString(),
      gateway: { host, port, knownHosts: `${place} ${lineOf(given.authorities.host.blob, '').trim()}` },
      logins: session.systems.map(({ name }) => ({ system: name, login: loginOf(session, name) })),
    };
  });
}

/** What stands before the @: the session, and where it covers several systems, which one. */
export const loginOf = (session: Session, systemName: string): string =>
  session.systems.length === 1 ? session.id : `${session.id}+${systemName}`;

function started(deps: SupportDeps, session: Session, engineer: Person, now: Date): Session {
  return {
    ...session,
    state: stepped(session, 'start'),
    startedAt: now,
    startedBy: engineer,
    endsAt: minutesLater(now, session.minutes),
    reviewDueAt:
      session.kind === 'break-glass' ? workingDaysAfter(now, reviewWorkingDays, deps.calendar) : null,
  };
}

/** Live and in its time, or approved by both and not too old. @throws {SupportStep} {MayNotApprove} */
async function mustBeUsable(deps: SupportDeps, tx: Tx, session: Session): Promise<void> {
  const now = deps.clock.now();
  if (session.state === 'live') {
    if (session.endsAt === null || now >= session.endsAt) throw new SupportStep('over', 'connecting');
    return;
  }
  if (session.state !== 'provider-approved' || now >= session.expiresAt)
    throw new SupportStep(session.state === 'provider-approved' ? 'expired' : session.state, 'connecting');
  const standing = session.customerApproval?.standing;
  if (standing === null || standing === undefined) return;
  const given = (await standingOf(tx, [session.tenancy])).find((one) => one.id === standing);
  if (given === undefined || given.withdrawnAt !== null || now >= given.expiresAt)
    throw new MayNotApprove(
      "The customer's standing approval is not in force any more. Ask for the session again.",
    );
}

function engineerIn(session: Session, actor: Actor): Person {
  const engineer = session.engineers.find(({ user }) => user === actor.userId);
  if (engineer === undefined) throw new NotAllowed('to be named as an engineer of this session');
  return engineer;
}

function subjectKey(line: string): Buffer {
  try {
    return blobOfLine(line);
  } catch (error) {
    if (error instanceof Malformed) throw new KeyNotTaken(error.message, error);
    throw error;
  }
}

/** `::ffff:127.0.0.1` is 127.0.0.1. */
export function plainAddress(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(plain) === 0 ? '0.0.0.0' : plain;
}

export type Ending = {
  readonly actor: NewEntry['actor'];
  readonly by: string;
  readonly code:
    | 'ended-by-customer'
    | 'ended-by-provider'
    | 'ended-by-engineer'
    | 'time-is-up'
    | 'gate-denied'
    | 'recording-failed';
  readonly reason: string;
  /** For the provider only. */
  readonly detail: string | null;
};

/** Ends it now. Whoever holds a connection for it hears it with the commit. @returns false when it was over before */
export function endSession(deps: SupportDeps, id: string, ending: Ending): Promise<boolean> {
  return deps.records.transaction(access, async (tx) => {
    const session = await sessionById(tx, id, { scope: undefined, lock: true });
    if (session?.state !== 'live') return false;
    const { actor, ...end } = ending;
    const now = deps.clock.now();
    const endedAt = session.endsAt !== null && session.endsAt < now ? session.endsAt : now;
    await keep(
      deps,
      tx,
      { ...session, state: stepped(session, 'end'), endedAt, end },
      { actor, action: 'support.ended', facts: { code: end.code, reason: end.reason } },
    );
    return true;
  });
}

/** By either side, without asking: whoever may approve or is in it. @throws {SupportStep} {MayNotApprove} */
export async function endByHand(
  deps: SupportDeps,
  actor: Actor,
  id: string,
  reason: string,
): Promise<Session> {
  const session = await deps.records.transaction(actor.scope, (tx) => lockedSession(tx, id, actor.scope));
  if (!mayEnd(session, actor)) throw new MayNotApprove('You are not of a side that can end this session.');
  stepped(session, 'end');
  const engineer = session.engineers.some(({ user }) => user === actor.userId);
  const code = engineer ? 'ended-by-engineer' : actor.ofProvider ? 'ended-by-provider' : 'ended-by-customer';
  if (!(await endSession(deps, id, { actor, by: actor.name, code, reason, detail: null })))
    throw new SupportStep('over', 'ending it');
  return deps.records.transaction(actor.scope, (tx) => lockedSession(tx, id, actor.scope));
}

export const mayEnd = (session: Session, actor: Actor): boolean =>
  actor.organisation === session.organisation || actor.ofProvider;

/** @returns the reasons, when the gate does not let this engineer go on; an error is one */
export async function denialOf(
  deps: SupportDeps,
  session: Session,
  who: { readonly engineer: Person; readonly address: string | null; readonly signIn: SignIn },
  moment: 'login' | 'again',
): Promise<readonly string[] | undefined> {
  try {
    const { kind, tenancy } = session;
    const answer = await deps.mayConnect({ session: session.id, kind, tenancy, ...who, moment });
    return answer.allowed ? undefined : answer.reasons;
  } catch {
    return ['The gate could not decide.'];
  }
}

export const endDenied = (
  deps: SupportDeps,
  session: Session,
  engineer: Person,
  reasons: readonly string[],
) =>
  endSession(deps, session.id, {
    actor: system,
    by: 'the gate',
    code: 'gate-denied',
    reason: 'A condition for remote support does not hold any more.',
    detail: `${engineer.name}: ${reasons.join(' ')}`,
  });
