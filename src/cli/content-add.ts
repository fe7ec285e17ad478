import { lstatSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { addedPack } from '#contract/platform/content';
import { fetchPack, readPack, sealName } from '#platform/content';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { signatureWord, tarGz } from './content-client.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'content add',
  summary: 'Import content: rules, catalogues, feeds, mappings. What it is, is told by what is in it.',
  args: 'FILE|DIR|URL',
  options: {
    kind: { value: 'KIND', about: 'Where it can not be told from the content.' },
    name: {
      value: 'NAME',
      about: "What its versions are kept under. Left out: what it calls itself, or the file's name.",
    },
    version: { value: 'VERSION', about: "Left out: what it says itself, or today's date." },
    seal: { value: 'FILE', about: 'A seal that came apart from it ("ironbark content pack --seal").' },
    activate: { about: 'Make it the active version at once.' },
    older: { about: 'Also where a newer signed version was taken before.' },
  },
  notes: [
    'A folder, .zip, .tar, .tar.gz, or one file; a URL (https, or http on this machine) is fetched from here, once.',
    'A signed pack says its kind, name and version itself. It is taken when its signature is by a trusted key',
    '(ironbark content trust list); an unsigned one when the setting contentPlain allows it.',
  ],
  examples: [
    'ironbark content add ./sigma/rules --name sigmahq --version r2026-05-01 --activate',
    'ironbark content add https://mirror.example/sigma_all_rules.zip --name sigmahq --version r2026-05-01',
    'ironbark content add ism-2025.12.9.tar.gz --activate',
  ],
  async run({ args: [path = ''], text, on, server, show, remark, signal }) {
    const { file, bytes } = await bytesOf(path, text('seal'), signal);
    remark(`Importing ${file} …`);
    const added = await server().send(
      'POST',
      `/api/content/packs${query({
        file,
        kind: text('kind'),
        name: text('name'),
        version: text('version'),
        activate: on('activate') ? 'true' : undefined,
        older: on('older') ? 'true' : undefined,
      })}`,
      { bytes, type: 'application/octet-stream' },
      addedPack,
    );
    show(added, () => [
      `${added.kind}: ${added.name} ${added.version}${added.there ? ' was here already' : ''}${added.active ? ', active now' : ''}; ${signatureWord(added)}.`,
      ...Object.entries(added.facts).map(([what, value]) => `  ${what}: ${value}`),
      ...(added.faults.length > 0
        ? [`Which are not used, and why: ironbark content faults ${added.id}`]
        : []),
      ...(added.older ? ['It was made before a version that was taken already.'] : []),
      ...(added.active ? [] : [`Make it the active one: ironbark content activate ${added.id}`]),
    ]);
  },
};

async function bytesOf(
  path: string,
  seal: string | undefined,
  signal: AbortSignal,
): Promise<{ file: string; bytes: Buffer }> {
  if (/^https?:\/\//i.test(path)) {
    if (seal !== undefined)
      throw new UsageError('A seal goes with a file or a folder: fetch the file first.');
    const { name, bytes } = await fetchPack(path, signal);
    return { file: name, bytes };
  }
  const file = basename(path.replace(/[/\\]+$/, '')) || 'pack';
  const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
  // As it came: its bytes say what it is.
  if (isFile && seal === undefined) return { file, bytes: readFileSync(path) };
  const { files } = await readPack(path);
  const sealed = seal === undefined ? [] : [{ path: sealName, text: readFileSync(seal, 'utf8') }];
  return {
    file,
    bytes: await tarGz([...files.filter((one) => seal === undefined || one.path !== sealName), ...sealed]),
  };
}
