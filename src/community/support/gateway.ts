import type { AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection as SshConnection } from 'ssh2';
import { access, tell } from './change.ts';
import type { Admitted, GatewayDeps } from './gateway-deps.ts';
import { denialOf, plainAddress } from './live.ts';
import { openSession } from './proxy.ts';
import { recordingLimits } from './recording.ts';
import { algorithms } from './ssh/algorithms.ts';
import { type Proof, proofOf } from './ssh/authentication.ts';
import { fingerprintOf } from './ssh/keys.ts';
import { certificateBySerial, sessionById } from './store.ts';
import type { Session } from './support.ts';

export type Gateway = { readonly host: string; readonly port: number; close(): Promise<void> };

const maxAttempts = 6;
const maxConnections = 100;
const farewellMilliseconds = 500;
const loginMilliseconds = 20_000;
const maxIdleMilliseconds = 15 * 60_000;

/**
 * Where engineers connect. Nobody gets in without a certificate of ours, for a live session, from its address, with the
 * gate's yes; nothing passes but a terminal or a command, to a system of the session's scope, recorded.
 * @throws {Error} when the address is taken
 */
export async function openGateway(
  deps: GatewayDeps,
  listen: { host: string; port: number },
): Promise<Gateway> {
  const open = new Set<SshConnection>();
  const server = new ssh2.Server(
    {
      hostKeys: [String(deps.authorities.host.key.export({ type: 'sec1', format: 'pem' }))],
      ident: 'ironbark',
      algorithms,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      highWaterMark: 64 * 1024,
    },
    (connection, { ip }) => {
      open.add(connection);
      connection.once('close', () => open.delete(connection));
      // Errors of one connection: it is closed, nothing else.
      connection.on('error', (error: Error) => deps.log.info({ err: error }, 'an SSH connection failed'));
      receive(deps, connection, plainAddress(ip));
    },
  );
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error: Error) => deps.log.warn({ err: error }, 'the SSH gateway had an error'));
  const { address, port } = server.address() as AddressInfo; // it listens on TCP
  return {
    host: address,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of open) connection.end();
      }),
  };
}

function receive(deps: GatewayDeps, connection: SshConnection, address: string): void {
  let attempts = 0;
  let admitted: Admitted | undefined;
  const late = setTimeout(() => connection.end(), loginMilliseconds);
  connection.once('close', () => clearTimeout(late));
  connection.on('authentication', (context) => {
    if (++attempts > maxAttempts) return connection.end();
    void decide(deps, context, address).then(
      (answer) => {
        if (typeof answer === 'object') admitted = answer;
        if (answer === 'no') context.reject(['publickey']);
        else context.accept();
      },
      (error: unknown) => {
        // Who can't be checked is not let in.
        deps.log.error({ err: error }, 'an SSH login could not be decided');
        context.reject(['publickey']);
      },
    );
  });
  connection.on('ready', () => {
    clearTimeout(late);
    if (admitted === undefined) return connection.end();
    serve(deps, connection, admitted);
  });
}

async function decide(
  deps: GatewayDeps,
  context: AuthContext,
  address: string,
): Promise<Admitted | 'probe' | 'no'> {
  const proof = proofOf(context, { authority: deps.authorities.engineers.blob, address, clock: deps.clock });
  if (proof === 'probe') return 'probe';
  if ('why' in proof) {
    if (context.method === 'publickey')
      deps.log.info({ address, why: proof.why }, 'an SSH login was refused');
    if (proof.certificate !== undefined) await noteUnfit(deps, proof.certificate, address, proof.why);
    return 'no';
  }
  const found = await admit(deps, proof, address);
  if (!('why' in found)) return found;
  deps.log.warn({ address, session: proof.login.session, why: found.why }, 'an SSH login was refused');
  if (found.session !== undefined) await noteRefusal(deps, found.session, found.who, address, found.why);
  return 'no';
}

type Refused = { readonly why: string; readonly who: string; readonly session: Session | undefined };

/** What a proven certificate is worth now. */
async function admit(
  deps: GatewayDeps,
  { login, certificate }: Proof,
  address: string,
): Promise<Admitted | Refused> {
  const { session, issued } = await deps.records.transaction(access, async (tx) => ({
    session: await sessionById(tx, login.session, { scope: undefined }),
    issued: await certificateBySerial(tx, certificate.serial),
  }));
  const engineer = session?.engineers.find(({ user }) => user === issued?.user);
  const refused = (why: string): Refused => ({ why, who: engineer?.name ?? 'unknown', session });
  if (session === undefined || issued?.session !== session.id || engineer === undefined)
    return refused('the certificate is not in the register');
  if (issued.fingerprint !== fingerprintOf(certificate.subject))
    return refused('the certificate has another key');
  // INVARIANT: a certificate is worth nothing after its session's end, whatever its own time says.
  if (session.state !== 'live') return refused(`the session is ${session.state}`);
  if (session.endsAt === null || deps.clock.now() >= session.endsAt)
    return refused('the time of the session is up');
  const system = session.systems.find(({ name }) => login.system === null || name === login.system);
  if (system === undefined || (login.system === null && session.systems.length > 1))
    return refused('the login names no system of the session');
  const { signIn } = issued;
  const reasons = await denialOf(deps, session, { engineer, address, signIn }, 'login');
  return reasons === undefined
    ? { session, engineer, system, address, signIn }
    : refused(`the gate: ${reasons.join(' ')}`);
}

/** A certificate of ours, in the hands of who holds its key, out of its time or its place. */
async function noteUnfit(
  deps: GatewayDeps,
  { keyId, serial }: Proof['certificate'],
  address: string,
  why: string,
): Promise<void> {
  const { session, issued } = await deps.records.transaction(access, async (tx) => ({
    session: await sessionById(tx, keyId, { scope: undefined }),
    issued: await certificateBySerial(tx, serial),
  }));
  if (session === undefined || issued?.session !== session.id) return;
  const engineer = session.engineers.find(({ user }) => user === issued.user);
  await noteRefusal(deps, session, engineer?.name ?? 'unknown', address, why);
}

const noteRefusal = (
  deps: GatewayDeps,
  session: Session,
  who: string,
  address: string,
  why: string,
): Promise<void> =>
  deps.records.transaction(access, (tx) =>
    tell(deps, tx, session, {
      actor: { kind: 'system', id: 'system', name: 'SSH gateway' },
      action: 'support.login-refused',
      facts: { engineer: who, address, why },
    }),
  );

function serve(deps: GatewayDeps, connection: SshConnection, admitted: Admitted): void {
  const ended = new AbortController();
  const end = (why: string): void => {
    if (ended.signal.aborted) return;
    deps.log.info({ session: admitted.session.id, why }, 'an SSH connection was ended');
    // With this the target is cut off; what is left is to tell the engineer.
    ended.abort(new Error(why));
    setTimeout(() => connection.end(), farewellMilliseconds);
  };
  const remove = deps.keeper.add({
    session: admitted.session.id,
    engineer: admitted.engineer,
    address: admitted.address,
    signIn: admitted.signIn,
    end,
  });
  connection.once('close', () => {
    remove();
    if (!ended.signal.aborted) ended.abort(new Error('the engineer left'));
  });
  let idle = setTimeout(() => end('nothing was typed for a quarter of an hour'), maxIdleMilliseconds);
  connection.once('close', () => clearTimeout(idle));
  const active = (): void => {
    clearTimeout(idle);
    if (!ended.signal.aborted)
      idle = setTimeout(() => end('nothing was typed for a quarter of an hour'), maxIdleMilliseconds);
  };
  connection.on('session', (accept, reject) =>
    openSession(
      { ...deps, recording: deps.recording ?? recordingLimits },
      { connection, accept, reject, admitted, ended: ended.signal, end, active },
    ),
  );
  // Between being let in and now, the session may have ended.
  deps.keeper.nudge();
}
