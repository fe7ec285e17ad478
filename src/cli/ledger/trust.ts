import { readFileSync } from 'node:fs';
import { parsePolicy, type Policy, policyOfKeys, TlogError } from '@ironbark/tlog';
import type { Call, Option } from '../command.ts';
import { UsageError } from '../errors.ts';

/** Whom to believe: options of every command that checks something offline. */
export const trustOptions: Readonly<Record<string, Option>> = {
  key: {
    value: 'VKEY',
    about: 'A verifier key of the ledger, had from somebody you trust; may be given several times.',
    many: true,
  },
  policy: {
    value: 'FILE',
    about: 'A policy (c2sp.org/tlog-policy): keys, witnesses and how many are needed.',
  },
};

/** @throws {UsageError} where nobody is named, or what is named can not be read */
export function trustOf({ text, texts }: Pick<Call, 'text' | 'texts'>, keyOption = 'key'): Policy {
  const [file, keys] = [text('policy'), texts(keyOption)];
  if ((file === undefined) === (keys.length === 0))
    throw new UsageError(
      `Say whom to believe: --${keyOption} VKEY, or --policy FILE. "ironbark ledger show" tells the keys.`,
    );
  try {
    return file === undefined ? policyOfKeys(keys) : parsePolicy(readFileSync(file));
  } catch (error) {
    const why = error instanceof TlogError ? error.message : `${file} can not be read`;
    throw new UsageError(`--${file === undefined ? keyOption : 'policy'}: ${why}.`, {}, error);
  }
}
