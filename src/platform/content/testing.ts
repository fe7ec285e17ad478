/** Content for tests: a kind of notes, keys, and a service on real records. Not for anything but tests. */
import { generateKeyPairSync } from 'node:crypto';
import { manualClock } from '#platform/clock';
import { Invalid } from '#platform/errors';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { createContent } from './content.ts';
import type { ContentDeps, ContentKeeper } from './deps.ts';
import { packKey, packSigner } from './keys.ts';
import type { ContentKind } from './kinds.ts';
import { type PackFile, packOf } from './pack-files.ts';
import { manifestOf, seal, sealName } from './seal.ts';

export type TestPair = {
  readonly signer: ReturnType<typeof packSigner>;
  readonly publicKey: string;
  readonly id: string;
};

export function testPair(curve: 'ed25519' | 'P-384' = 'ed25519'): TestPair {
  const { privateKey, publicKey } =
    curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    signer: packSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    publicKey: pem,
    id: packKey('x', pem).id,
  };
}

/** Each `.txt` file is a note; "bad" ones are faults; with none there is nothing to use. */
export function noteKind(heard: string[] = []): ContentKind {
  return {
    kind: 'notes',
    title: 'Notes',
    keeps: (path) => path.endsWith('.txt'),
    recognises: (files) => files.some(({ path }) => path.endsWith('.txt')),
    read(files) {
      const faults = files.filter(({ text }) => text === 'bad');
      if (faults.length === files.length) throw new Invalid('There is no note in it.');
      return {
        facts: { notes: files.length - faults.length },
        faults: faults.map(({ path }) => ({ file: path, what: 'note', why: 'it is bad' })),
        save: async (_tx, { version }) => void heard.push(`saved ${version}`),
      };
    },
    activated: async (_tx, { pack, before }) =>
      void heard.push(`activated ${pack.version} after ${before?.version ?? 'nothing'}`),
    deactivated: async (_tx, { pack }) => void heard.push(`at rest ${pack.version}`),
    removed: async (_tx, { version }) => void heard.push(`removed ${version}`),
    diff: (before, after) => [
      { change: 'changed', id: 'all', title: `${before.length} notes became ${after.length}` },
    ],
  };
}

export const notes = (texts: Readonly<Record<string, string>>): PackFile[] =>
  Object.entries(texts).map(([path, text]) => ({ path, text }));

/** A pack of notes with a seal; `alter` changes files after they were signed. */
export function sealedNotes(
  texts: Readonly<Record<string, string>>,
  about: { version: string; madeAt?: string; signer?: TestPair['signer'] | undefined; name?: string },
  alter: (files: PackFile[]) => PackFile[] = (files) => files,
) {
  const files = notes(texts);
  const manifest = manifestOf(
    { kind: 'notes', name: about.name ?? 'diary', version: about.version },
    files,
    new Date(about.madeAt ?? '2026-05-01T00:00:00Z'),
  );
  return packOf([...alter(files), { path: sealName, text: seal(manifest, about.signer) }]);
}

export const keeper: ContentKeeper = { kind: 'user', id: 'u1', name: 'Kim', permissions: new Set() };

export function testContent(records: Records, options: Partial<ContentDeps> = {}) {
  const clock = manualClock('2026-06-01T00:00:00Z');
  const ledger: string[] = [];
  const heard: string[] = [];
  const content = createContent({
    records,
    clock,
    ids: systemIds(clock),
    ledger: {
      record: async (_tx, { action, facts }) =>
        void ledger.push(`${action} ${facts['version'] ?? facts['name']}`),
    },
    kinds: [noteKind(heard)],
    trusted: [],
    plain: 'allowed',
    mirrors: [],
    ...options,
  });
  return { content, clock, ledger, heard };
}
