import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { connect as connectSocket, type Socket } from 'node:net';
import { type AgentAuthMethod, type AuthMethod, Client } from 'ssh2';
import { algorithms } from './algorithms.ts';
import { issue } from './certificate.ts';
import { certificateAgent } from './certificate-agent.ts';
import { blobOf, fingerprintOf } from './keys.ts';

export type Target = {
  readonly host: string;
  readonly port: number;
  readonly account: string;
  /** The only host key that is taken: its SHA-256 fingerprint. */
  readonly hostKey: string;
};

const connectMilliseconds = 10_000;
/** sshd looks at the certificate once, when the connection begins. */
const certificateSeconds = 60;

/**
 * Connects to a target's sshd with a key and a certificate that live for this one connection: bound to the account, to
 * our own address as the target sees it, and to a minute.
 * @throws {Error} when the target can't be reached, shows another host key, or does not let us in
 */
export async function connectTarget(
  target: Target,
  options: { keyId: string; authority: KeyObject; now: Date; signal: AbortSignal },
): Promise<Client> {
  const socket = await reach(target, options.signal);
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const subject = blobOf(publicKey);
  const certificate = issue(
    {
      serial: randomBytes(8).readBigUInt64BE(),
      keyId: options.keyId,
      principals: [target.account],
      validAfter: new Date(options.now.getTime() - certificateSeconds * 1000),
      validBefore: new Date(options.now.getTime() + certificateSeconds * 1000),
      sourceAddresses: [(socket.localAddress ?? '0.0.0.0').replace(/^::ffff:/, '')],
    },
    subject,
    options.authority,
  );
  const client = new Client();
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      client.destroy();
      reject(new Error('the session ended'));
    };
    options.signal.addEventListener('abort', abort, { once: true });
    // Also the last word when it closes without an error.
    client.on('close', () => reject(new Error('the system closed the connection')));
    client.on('error', (error) => reject(error));
    client.on('ready', () => resolve(client));
    const agent = certificateAgent(client, certificate, privateKey, subject);
    // One way in, and no other is tried.
    const method: AgentAuthMethod = { type: 'agent', username: target.account, agent };
    const methods: AuthMethod[] = [method];
    client.connect({
      sock: socket,
      username: target.account,
      authHandler: methods,
      hostVerifier: (key: Buffer) => fingerprintOf(key) === target.hostKey,
      readyTimeout: connectMilliseconds,
      keepaliveInterval: 10_000,
      keepaliveCountMax: 3,
      algorithms,
    });
  });
}

function reach({ host, port }: Target, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port, signal });
    socket.setTimeout(connectMilliseconds, () => socket.destroy(new Error(`${host} does not answer`)));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
