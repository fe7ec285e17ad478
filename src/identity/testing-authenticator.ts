import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';

export const userPresent = 0x01;
export const userVerified = 0x04;
const hasCredential = 0x40;

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();
const bytes = (data: Buffer): Buffer => Buffer.concat([Buffer.from([0x58, data.length]), data]);

/**
 * An authenticator in software: one ES256 key, "none" attestation. @see Web Authentication Level 3, 6.1 and 6.5.4
 * @param origin where the page is that it is used on
 */
export function authenticator(origin = 'https://siem.example') {
  const rpId = new URL(origin).hostname;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const [x, y] = [jwk.x, jwk.y].map((part) => Buffer.from(part ?? '', 'base64url'));
  // CBOR: { 1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y }
  const cose = Buffer.concat([
    Buffer.from('a5010203262001', 'hex'),
    Buffer.from([0x21]),
    bytes(x ?? Buffer.alloc(0)),
    Buffer.from([0x22]),
    bytes(y ?? Buffer.alloc(0)),
  ]);
  const id = randomBytes(32);
  let counter = 0;
  const clientData = (type: string, challenge: string, from: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin: from, crossOrigin: false }));
  const data = (flags: number): Buffer => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(++counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const shell = {
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key' as const,
    clientExtensionResults: {},
  };
  return {
    /** Sets the counter back, as a copied key would have it. */
    rewind: () => {
      counter = 0;
    },
    create: (challenge: string, { from = origin, flags = userPresent | userVerified } = {}) => {
      const length = Buffer.from([0, id.length]);
      const authData = Buffer.concat([data(flags | hasCredential), Buffer.alloc(16), length, id, cose]);
      // CBOR: { fmt: "none", attStmt: {}, authData }
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a06861757468446174615900', 'hex'),
        Buffer.from([authData.length]),
        authData,
      ]);
      return {
        ...shell,
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, from).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    get: (challenge: string, { from = origin, flags = userPresent | userVerified } = {}) => {
      const authenticatorData = data(flags);
      const client = clientData('webauthn.get', challenge, from);
      const signature = createSign('sha256')
        .update(authenticatorData)
        .update(sha256(client))
        .sign(privateKey);
      return {
        ...shell,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authenticatorData.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      };
    },
  };
}
