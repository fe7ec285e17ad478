import { createGzip } from 'node:zlib';
import { pack as tarPack } from 'tar-stream';
import { rulePack } from '#contract/soc/detect';
import { type PackFile, packLimits, readPack } from '#platform/content';
import { query } from './client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'content add',
  summary: 'Import a pack of Sigma rules: a folder, .zip, .tar.gz, or the address of such a file.',
  args: 'PATH|URL',
  options: {
    name: {
      value: 'NAME',
      about: "What its versions are kept under; the file's or folder's name when left out.",
    },
    version: { value: 'VERSION', about: "Today's date when left out." },
  },
  examples: [
    'ironbark content add ./sigma/rules --name sigmahq --version r2026-05-01',
    'ironbark content add https://mirror.example/sigma_all_rules.zip --name sigmahq --version r2026-05-01',
  ],
  async run({ args: [path = ''], text, server, show, remark, signal }) {
    const name = text('name') ?? nameOf(path);
    const version = text('version') ?? new Date().toISOString().slice(0, 10);
    const bytes = /^https?:\/\//.test(path) ? await download(path, signal) : await archiveOf(path);
    remark(`Importing ${name} ${version} …`);
    const made = await server().send(
      'POST',
      `/api/rules/packs${query({ name, version })}`,
      { bytes, type: 'application/octet-stream' },
      rulePack,
    );
    show(made, () => [
      `${made.name} ${made.version}: ${made.rules} rules${made.active ? ', active now' : ''}; ${made.rejected} rejected.`,
      ...(made.rejected > 0 ? ['Which, and why: ironbark content faults'] : []),
      ...(made.active ? [] : [`Make it the active one: ironbark content activate ${made.id}`]),
    ]);
  },
};

/** `./Sigma Rules.tar.gz` is `sigma-rules`. */
function nameOf(path: string): string {
  const last =
    path
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  const name = last
    .toLowerCase()
    .replace(/\.(zip|tar|tgz|tar\.gz|ya?ml)$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63);
  if (name === '') throw new UsageError('Give the pack a --name.');
  return name;
}

/** What is no rule stays here; what is sent is the same whatever it was packed in. */
async function archiveOf(path: string): Promise<Buffer> {
  const { files } = await readPack(path, { ...packLimits, accepts: (file) => /\.ya?ml$/i.test(file) });
  if (files.length === 0) throw new UsageError(`There is no .yml file in ${path}.`);
  return tarGz(files);
}

async function tarGz(files: readonly PackFile[]): Promise<Buffer> {
  const tar = tarPack();
  for (const { path, text } of files) tar.entry({ name: path }, text);
  tar.finalize();
  const parts: Buffer[] = [];
  // A Buffer stream: nobody set an encoding.
  for await (const part of tar.pipe(createGzip())) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function download(url: string, signal: AbortSignal): Promise<Buffer> {
  const answer = await fetch(url, { signal }).catch((error: unknown) => {
    throw new UsageError(`${url} can't be reached.`, {}, error);
  });
  if (!answer.ok || answer.body === null) throw new UsageError(`${url} answered ${answer.status}.`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body) {
    size += part.length;
    if (size > packLimits.totalBytes) throw new UsageError(`${url} is larger than a pack may be.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
