import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { asName, manifestOf, packSigner, readPack, seal, sealName } from '#platform/content';
import type { Command } from './command.ts';
import { tarGz } from './content-client.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'content pack',
  summary: 'Make a pack of a folder or file: an archive that says what is in it, signed or not.',
  args: 'DIR|FILE',
  options: {
    kind: { value: 'KIND', about: 'What it is: rules, catalogue, …', required: true },
    version: {
      value: 'VERSION',
      about: 'One for each content: a signed version means one thing.',
      required: true,
    },
    name: { value: 'NAME', about: "Left out: the folder's or file's name." },
    sign: { value: 'KEY', about: 'Private key (PEM, Ed25519 or P-384). Left out: nobody vouches for it.' },
    out: { value: 'FILE', about: 'The archive; NAME-VERSION.tar.gz when left out.' },
    seal: { value: 'FILE', about: 'Write only the seal, to be given beside what is there already.' },
  },
  notes: ['Works without a server. The seal is a DSSE envelope over the SHA-256 of every file.'],
  examples: [
    'ironbark content pack ./rules --kind rules --version 2026.5 --sign wattle.pem',
    'ironbark content pack catalog.json --kind catalogue --name ism --version 2025.12.9 --sign wattle.pem --seal ism.seal.json',
  ],
  async run({ args: [path = ''], text, show }) {
    const { files: all } = await readPack(path);
    const files = all.filter((file) => file.path !== sealName);
    const name = text('name') ?? asName(basename(resolve(path)));
    if (name === undefined) throw new UsageError('Give the pack a --name.');
    const about = { kind: text('kind') ?? '', name, version: text('version') ?? '' };
    const key = text('sign');
    const signer = key === undefined ? undefined : packSigner(readFileSync(key, 'utf8'));
    const paper = seal(manifestOf(about, files, new Date()), signer);
    const apart = text('seal');
    const out = apart ?? text('out') ?? `${name}-${about.version.replaceAll(/[^\w.-]/g, '-')}.tar.gz`;
    writeFileSync(
      out,
      apart === undefined ? await tarGz([{ path: sealName, text: paper }, ...files]) : paper,
    );
    show({ ...about, file: out, files: files.length, signedBy: signer?.id ?? null }, () => [
      `${out}: ${files.length} files, ${signer === undefined ? 'not signed' : `signed with ${signer.id}`}.`,
    ]);
  },
};
