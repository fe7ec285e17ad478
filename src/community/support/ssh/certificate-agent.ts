import type { KeyObject } from 'node:crypto';
import ssh2, { BaseAgent, type Client, type ParsedKey } from 'ssh2';
import { lineOf, signWith } from './keys.ts';
import { reader, string } from './wire.ts';

/** What of ssh2's own client is needed to send one packet. */
type Insides = {
  readonly _protocol: {
    readonly _authsQueue: string[];
    readonly _cipher: { encrypt(packet: Buffer): void };
    readonly _packetRW: {
      readonly write: {
        readonly allocStart: number;
        alloc(payloadBytes: number): Buffer;
        finalize(packet: Buffer): Buffer;
      };
    };
  };
};

/**
 * Lets ssh2's client prove itself with a certificate, which it does not know of. It offers the certificate as it would a
 * key; but it would write the certificate's type into the signature, where OpenSSH wants the key's own. So the agent
 * sends the signed request itself, over the client's own packet layer (ssh2 1.17.0, held by the tests with a real sshd).
 *
 * @param certificate in SSH's own form; `key` is the private key that it certifies
 */
export function certificateAgent(
  client: Client,
  certificate: Buffer,
  key: KeyObject,
  subject: Buffer,
): BaseAgent {
  const offered = offeredAs(certificate, subject);
  class CertificateAgent extends BaseAgent {
    getIdentities(callback: (error: undefined, keys: ParsedKey[]) => void): void {
      callback(undefined, [offered]);
    }
    // The data is what RFC 4252, 7 says: the session's id, and the request without the signature.
    sign(_key: unknown, data: Buffer, _options: unknown): void {
      const read = reader(data);
      read.string();
      send(client, Buffer.concat([data.subarray(read.at), string(signWith(key, data))]));
    }
  }
  return new CertificateAgent();
}

/** The plain key as ssh2 parses it, under the certificate's type and bytes. */
function offeredAs(certificate: Buffer, subject: Buffer): ParsedKey {
  const plain = ssh2.utils.parseKey(lineOf(subject, ''));
  if (plain instanceof Error) throw plain;
  // The prototype is a parsed key, and these are its members that are asked for.
  return Object.create(plain, {
    type: { value: reader(certificate).text() },
    getPublicSSH: { value: () => certificate },
  }) as ParsedKey;
}

function send(client: Client, payload: Buffer): void {
  // Not in the library's types: see above.
  const { _protocol: protocol } = client as unknown as Insides;
  const { write } = protocol._packetRW;
  const packet = write.alloc(payload.length);
  packet.set(payload, write.allocStart);
  protocol._authsQueue.push('publickey');
  protocol._cipher.encrypt(write.finalize(packet));
}
