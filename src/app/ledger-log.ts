import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parsePolicy, type Policy, TlogError } from '@ironbark/tlog';
import {
  BadLedgerPolicy,
  type LedgerKeys,
  type LogRunner,
  newLedgerKeys,
  type Post,
  readLedgerKeys,
  startLog,
} from '#ledger';
import type { Clock } from '#platform/clock';
import type { Config } from '#platform/config';
import type { Records } from '#platform/records';
import type { Logger } from 'pino';
import { placesIn, writePrivate } from './folder.ts';

type Deps = {
  readonly config: Config;
  readonly data: string;
  readonly records: Records;
  readonly clock: Clock;
  readonly log: Logger;
};

/** Starts the part of the ledger that works by itself. @throws {LedgerKeysUnreadable} {BadLedgerPolicy} */
export function startLedgerLog(deps: Deps): LogRunner {
  return startLog({ ...deps, keys: ledgerKeysOf(deps), policy: policyOf(deps.config), post });
}

/** Made at the first start, for its owner's eyes only. Whoever has this file can sign in the ledger's name. */
export function ledgerKeysOf({ config, data }: Pick<Deps, 'config' | 'data'>): LedgerKeys {
  const path = config.ledgerKeys ?? placesIn(data).ledgerKeys;
  if (!existsSync(path)) writePrivate(path, newLedgerKeys(originOf(config)));
  return readLedgerKeys(readFileSync(path, 'utf8'));
}

const nameBytes = 8;

/** Where it is reached, as tools expect; without an address a name that no other installation has. */
function originOf({ ledgerOrigin, origin }: Config): string {
  if (ledgerOrigin !== undefined) return ledgerOrigin;
  if (origin !== undefined) return `${new URL(origin).host}/ledger`;
  return `ironbark.internal/${randomBytes(nameBytes).toString('hex')}/ledger`;
}

function policyOf({ ledgerPolicy }: Config): Pick<Policy, 'witnesses'> {
  if (ledgerPolicy === undefined) return { witnesses: [] };
  try {
    return parsePolicy(readFileSync(ledgerPolicy));
  } catch (error) {
    const why = error instanceof TlogError ? error.message : `${ledgerPolicy} can not be read`;
    throw new BadLedgerPolicy(why, error);
  }
}

const answerMilliseconds = 5_000;
const answerBytes = 64 * 1024;

/** A witness that is slow or sends too much is one that does not answer. */
const post: Post = async (url, body) => {
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    redirect: 'error',
    signal: AbortSignal.timeout(answerMilliseconds),
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const piece of answer.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > answerBytes) throw new Error('its answer is too long');
  }
  return { status: answer.status, body: text };
};
