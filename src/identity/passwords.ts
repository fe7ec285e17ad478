import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { Busy } from '#platform/errors';

/**
 * SOURCE: OWASP Password Storage Cheat Sheet, argon2id with 46 MiB, 1 pass, 1 lane. Measured 80 ms on the 2-core
 * machine this was built on (19 MiB and 2 passes: 60 ms; RFC 9106's second choice, 64 MiB and 3 passes: 275 ms).
 */
const owaspCost: Cost = { memory: 47_104, passes: 1, parallelism: 1 };
const tagBytes = 32;
const saltBytes = 16;

/** Two at a time, 46 MiB each: a flood of sign-ins takes neither the memory nor the event loop. */
const maxAtOnce = 2;
const maxWaiting = 32;

export type Passwords = {
  /** @returns PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag` @throws {Busy} */
  hash(password: string): Promise<string>;
  /**
   * Takes as long for nobody (undefined) as for somebody.
   * @throws {Busy}
   */
  verify(password: string, stored: string | undefined): Promise<boolean>;
};

/** @param cost for tests, which sign in often; a stored password is checked at the cost it was stored with */
export function createPasswords(cost = owaspCost): Passwords {
  const nobody = { salt: Buffer.alloc(saltBytes), tag: Buffer.alloc(tagBytes), cost };
  const turn = turns(maxAtOnce, maxWaiting);
  return {
    hash: (password) =>
      turn(async () => {
        const salt = randomBytes(saltBytes);
        return phc(cost, salt, await derive(password, salt, cost));
      }),
    verify: (password, stored) =>
      turn(async () => {
        const { salt, tag, cost: storedCost } = (stored && parsePhc(stored)) || nobody;
        const derived = await derive(password, salt, storedCost);
        // Nobody's tag is zeros, never derived in practice; and nobody is refused even if it were.
        return timingSafeEqual(derived, tag) && stored !== undefined;
      }),
  };
}

type Cost = { readonly memory: number; readonly passes: number; readonly parallelism: number };

function derive(password: string, nonce: Buffer, { memory, passes, parallelism }: Cost): Promise<Buffer> {
  // One way to write each character: what is typed on one keyboard is what was typed on another (NIST SP 800-63B-4, 3.1.1.2).
  const message = password.normalize('NFKC');
  const parameters = { message, nonce, memory, passes, parallelism, tagLength: tagBytes };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const phc = ({ memory, passes, parallelism }: Cost, salt: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;

function parsePhc(text: string): { salt: Buffer; tag: Buffer; cost: Cost } | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text);
  if (!match) return undefined;
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number);
  const [salt, tag] = match.slice(4, 6).map((part) => Buffer.from(part, 'base64'));
  if (!memory || !passes || !parallelism || !salt || tag?.length !== tagBytes) return undefined;
  return { salt, tag, cost: { memory, passes, parallelism } };
}

/** Work in turns: `atOnce` run, `waiting` wait, the rest is told to come back. */
function turns(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new Busy('Too many people sign in at once.', 2);
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      // The turn is handed on, so `running` stays as it is.
      if (next) next();
      else running--;
    }
  };
}
