import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Credential } from '#soc/sources';

const tokenPrefix = 'ibs_';

/**
 * What a sender shows, in the ways shippers can: `Bearer ibs_…`, `ApiKey ibs_…`, `ApiKey base64(anything:ibs_…)` (as
 * Beats and the Elastic clients send an id and a key), `Basic` (also with a token as the password), or its client
 * certificate.
 *
 * @returns undefined when it shows nothing that could be of a source
 */
export function credentialOf(request: IncomingMessage): Credential | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return certificateOf(request.socket);
  const [, scheme = '', value = ''] = /^(\S{1,16}) +(\S{1,1024})$/.exec(authorization) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return token(value);
    case 'apikey':
      return token(value) ?? token(afterColon(decoded(value)));
    case 'basic': {
      const pair = decoded(value);
      const colon = pair.indexOf(':');
      if (colon === -1) return undefined;
      const password = pair.slice(colon + 1);
      // Shippers that know only user and password send a token as the password, with any user name.
      return token(password) ?? { kind: 'basic', username: pair.slice(0, colon), password };
    }
    default:
      return undefined;
  }
}

/** Of a connection whose peer proved to hold the key: any TLS handshake with a certificate does. */
export function certificateOf(socket: unknown): Credential | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { fingerprint256, valid_from: from, valid_to: to } = socket.getPeerCertificate();
  if (fingerprint256 === undefined) return undefined;
  const now = Date.now();
  if (now < Date.parse(from) || now > Date.parse(to)) return undefined;
  return { kind: 'client-certificate', sha256Fingerprint: fingerprint256.replaceAll(':', '').toLowerCase() };
}

const token = (text: string): Credential | undefined =>
  text.startsWith(tokenPrefix) ? { kind: 'token', token: text } : undefined;
const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
const afterColon = (pair: string): string => pair.slice(pair.indexOf(':') + 1);
