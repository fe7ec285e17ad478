import { createHash } from 'node:crypto';
import { canonicalSource } from './parse.ts';
import { type Policy, renderText } from './policy.ts';

/** SHA-256 for WebAuthn and the ledger; SHA-384 because ISM-0475 prefers it for PROTECTED. Hex. */
export type Digests = { readonly sha256: string; readonly sha384: string };

export const digestsOf = (text: string): Digests => ({
  sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
  sha384: createHash('sha384').update(text, 'utf8').digest('hex'),
});

export const sourceDigests = (source: string): Digests => digestsOf(canonicalSource(source));

/** Of the text as it is read in an environment of this marking. */
export const renderedDigests = (policy: Policy, marking: string): Digests =>
  digestsOf(renderText(policy, marking));
