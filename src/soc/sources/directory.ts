import { createHash, timingSafeEqual } from 'node:crypto';
import type { SourceId, TenancyId } from '#platform/scope';
import type { SourceAuthentication } from './contract.ts';
import { type Network, parseNetwork } from './network.ts';

/** Of a source, what the doors and the pipeline need. */
export type KnownSource = {
  readonly id: SourceId;
  readonly tenancy: TenancyId;
  readonly state: 'active' | 'paused';
  readonly format: string | null;
  readonly recorded: boolean;
};

/** What a sender shows. */
export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** SHA-256 of the certificate in lower-case hex, of a connection that proved to hold its key. */
  | { readonly kind: 'client-certificate'; readonly sha256Fingerprint: string }
  | { readonly kind: 'listener'; readonly listener: string; readonly peer: string };

export type DirectoryEntry = KnownSource & {
  readonly authentication: SourceAuthentication;
  readonly secretHash: Buffer | null;
  readonly secretExpiresAt: Date | null;
};

/** All sources by how they prove who they are; rebuilt as a whole when one of them changes. */
export type Directory = {
  /** @returns the one source this belongs to, or undefined; a secret is nobody's from the moment it expires */
  find(credential: Credential, now: Date): KnownSource | undefined;
  byId(id: SourceId): KnownSource | undefined;
  readonly all: readonly KnownSource[];
};

/** SHA-256 is enough: the secrets are ours, of 256 random bits, and not a person's choice. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export function directoryOf(entries: readonly DirectoryEntry[]): Directory {
  const ids = new Map<SourceId, DirectoryEntry>();
  const tokens = new Map<string, DirectoryEntry>();
  const usernames = new Map<string, DirectoryEntry>();
  const fingerprints = new Map<string, DirectoryEntry>();
  const listeners: { listener: string; network: Network; entry: DirectoryEntry }[] = [];
  for (const entry of entries) {
    ids.set(entry.id, entry);
    const { authentication: by } = entry;
    if (by.kind === 'token' && entry.secretHash !== null) tokens.set(entry.secretHash.toString('hex'), entry);
    if (by.kind === 'basic') usernames.set(by.username, entry);
    if (by.kind === 'client-certificate') fingerprints.set(by.sha256Fingerprint, entry);
    if (by.kind === 'listener') {
      const network = parseNetwork(by.from);
      if (network !== undefined) listeners.push({ listener: by.listener, network, entry });
    }
  }
  // The narrowest range wins.
  listeners.sort((a, b) => b.network.prefixBits - a.network.prefixBits);

  return {
    all: entries,
    byId: (id) => ids.get(id),
    find(credential, now) {
      switch (credential.kind) {
        case 'token':
          return good(tokens.get(hashSecret(credential.token).toString('hex')), now);
        case 'basic': {
          const entry = usernames.get(credential.username);
          const isRight =
            entry?.secretHash != null && timingSafeEqual(entry.secretHash, hashSecret(credential.password));
          return isRight ? good(entry, now) : undefined;
        }
        case 'client-certificate':
          return fingerprints.get(credential.sha256Fingerprint);
        case 'listener':
          return listeners.find(
            ({ listener, network }) => listener === credential.listener && network.includes(credential.peer),
          )?.entry;
      }
    },
  };
}

const good = (entry: DirectoryEntry | undefined, now: Date): DirectoryEntry | undefined =>
  entry?.secretExpiresAt != null && entry.secretExpiresAt <= now ? undefined : entry;
