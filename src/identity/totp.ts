import { Secret, TOTP } from 'otpauth';

/** SOURCE: RFC 6238 with the values that every authenticator application takes. */
const periodSeconds = 30;
const shape = { issuer: 'Ironbark', algorithm: 'SHA1', digits: 6, period: periodSeconds } as const;
const secretBytes = 20;

export const newTotpSecret = (): string => new Secret({ size: secretBytes }).base32;

export const otpauthUrl = (secret: string, email: string): string =>
  new TOTP({ ...shape, label: email, secret: Secret.fromBase32(secret) }).toString();

/** For those who enrol or sign in by program, and for tests. */
export const totpCode = (secret: string, at: Date): string =>
  new TOTP({ ...shape, secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });

/**
 * @returns the time step that the code belongs to: a later code must be of a later step (RFC 6238, 5.2: a code is good
 * once). Undefined when it is wrong; a clock may be off by one step.
 */
export function totpStep(secret: string, code: string, at: Date): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const totp = new TOTP({ ...shape, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, timestamp: at.getTime(), window: 1 });
  return delta === null ? undefined : Math.floor(at.getTime() / 1000 / periodSeconds) + delta;
}
