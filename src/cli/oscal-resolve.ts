import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  createReader,
  type Fault,
  findAmong,
  isGood,
  type NamedDocument,
  resolveProfile,
} from '@ironbark/oscal';
import { type Call, type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { readDocument } from './oscal/files.ts';
import { faultLines } from './oscal/words.ts';

export const command: Command = {
  name: 'oscal resolve',
  summary: 'Resolve an OSCAL profile into its catalogue, without a server.',
  args: 'PROFILE',
  options: {
    catalog: {
      value: 'FILE',
      about: 'A catalogue or profile that is imported. Can be repeated.',
      many: true,
      required: true,
    },
    out: { value: 'FILE', about: 'Where the catalogue goes; else standard output.' },
  },
  notes: [
    'Imports are found among the files by name: those that point to the web are never fetched.',
    'Exits with 1 when it can’t be resolved, or when it names a control that is not there (the rest is written).',
    'With --json: the catalogue (unless --out) and what was noted.',
  ],
  examples: [
    'ironbark oscal resolve ISM_SECRET-baseline_profile.json --catalog ISM_catalog.json --out secret.json',
  ],
  async run(call) {
    const [path = ''] = call.args;
    const read = createReader();
    const profile = readDocument(path, read);
    const others = call.texts('catalog').map((each) => readDocument(each, read));
    for (const file of [profile, ...others])
      if ('faults' in file) return refuse(call, file.name, file.faults);
    if (!('document' in profile) || profile.document.model !== 'profile')
      throw new UsageError(`${path} is no profile; a profile is what is resolved.`);
    const files = others.filter((file): file is NamedDocument => 'document' in file);
    const resolved = resolveProfile(path, profile.document.value, {
      find: findAmong(files),
      read,
      uuid: randomUUID(),
      now: new Date(),
    });
    if (!resolved.ok) return refuse(call, path, resolved.faults);
    const { catalog, notes } = resolved;
    const out = call.text('out');
    if (out !== undefined) write(out, `${JSON.stringify({ catalog }, null, 2)}\n`);
    for (const line of faultLines(path, notes)) call.remark(line);
    if (call.json) call.show(out === undefined ? { catalog, notes } : { out, notes }, () => []);
    else
      call.show(catalog, () =>
        out === undefined ? JSON.stringify({ catalog }, null, 2) : `${out} is written.`,
      );
    return isGood(notes) ? exitCodes.done : exitCodes.failed;
  },
};

function refuse(call: Call, name: string, faults: readonly Fault[]): number {
  call.show({ file: name, faults }, () => faultLines(name, faults));
  return exitCodes.failed;
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`${path} can not be written.`, {}, error);
  }
}
