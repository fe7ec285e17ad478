import {
  checkDocument,
  createReader,
  type Fault,
  type Find,
  findAmong,
  isGood,
  type NamedDocument,
} from '@ironbark/oscal';
import { type Command, exitCodes } from './command.ts';
import { readDocument } from './oscal/files.ts';
import { faultLines } from './oscal/words.ts';
import { plain } from './table.ts';

type Checked = { file: string; model?: string; version?: string; good: boolean; faults: readonly Fault[] };

export const command: Command = {
  name: 'oscal validate',
  summary: 'Check OSCAL documents (JSON, 1.0 to 1.2), without a server.',
  args: 'FILE...',
  options: {
    catalog: {
      value: 'FILE',
      about: 'A catalogue or profile that the files build upon. Can be repeated.',
      many: true,
    },
    complete: { about: 'Everything that is imported must be among the files.' },
  },
  notes: [
    'Beside the schema: ids and uuids are there once, links and references lead somewhere, imports go in no circle, and',
    'control ids are those of the resolved profile, where it is among the files. Nothing is fetched.',
    'Exits with 0 when every file is good, and with 1 when one has a fault; warnings are no faults.',
  ],
  examples: [
    'ironbark oscal validate ISM_catalog.json',
    'ironbark oscal validate ssp.json --catalog ISM_PROTECTED-baseline_profile.json --catalog ISM_catalog.json',
    'ironbark oscal validate *.json --complete --json',
  ],
  async run(call) {
    const read = createReader();
    const files = call.args.map((path) => readDocument(path, read));
    const others = call.texts('catalog').map((path) => readDocument(path, read));
    const isDocument = (file: (typeof files)[number]): file is NamedDocument => 'document' in file;
    const named = findAmong([...files, ...others].filter(isDocument), false);
    const given = findAmong(others.filter(isDocument));
    const find: Find = (reference) => named(reference) ?? given(reference);
    const results = [...files, ...others.filter((file) => 'faults' in file)].map((file) =>
      checkFile(file, find, call.on('complete')),
    );
    call.show(results, () => results.flatMap(linesOf));
    return results.every(({ good }) => good) ? exitCodes.done : exitCodes.failed;
  },
};

function checkFile(
  file: NamedDocument | { name: string; faults: readonly Fault[] },
  find: Find,
  complete: boolean,
): Checked {
  if ('faults' in file) return { file: file.name, good: false, faults: file.faults };
  const { name, document } = file;
  const faults = checkDocument(document, { name, find, complete });
  return { file: name, model: document.model, version: document.version, good: isGood(faults), faults };
}

function linesOf({ file, model, version, good, faults }: Checked): string[] {
  const said = model === undefined ? '' : ` (${model} ${version})`;
  return [
    `${plain(file)}: ${good ? 'good' : 'not good'}${said}`,
    ...faultLines(file, faults).map((line) => `  ${line}`),
  ];
}
