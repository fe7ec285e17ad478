import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '#platform/errors';

/** Keeps secrets that must be read again (TOTP secrets) out of the database's files and backups. */
export type Sealer = {
  /** @param context what it belongs to: it opens only for the same */
  seal(plain: string, context: string): Buffer;
  /** @throws {NotUnsealed} */
  open(sealed: Buffer, context: string): string;
};

export class NotUnsealed extends AppError {
  readonly code = 'not-unsealed';
  readonly status = 500;
  constructor(cause?: unknown) {
    super(
      'A stored secret does not open with the key in the data folder. Was the folder restored in part?',
      {},
      cause,
    );
  }
}

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. @param key 32 bytes, kept apart from the database */
export function createSealer(key: Buffer): Sealer {
  return {
    seal(plain, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context) {
      try {
        const nonce = sealed.subarray(0, nonceBytes);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
          .setAAD(Buffer.from(context))
          .setAuthTag(sealed.subarray(sealed.length - tagBytes));
        const plain = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes));
        return Buffer.concat([plain, decipher.final()]).toString('utf8');
      } catch (error) {
        throw new NotUnsealed(error);
      }
    },
  };
}
