import {
  type CatalogControl,
  type CatalogDiff,
  createReader,
  diffControls,
  type Fault,
  readControls,
  type WordChange,
} from '@ironbark/oscal';
import { type Call, type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { readDocument } from './oscal/files.ts';
import { faultLines } from './oscal/words.ts';
import { plain, table } from './table.ts';

export const command: Command = {
  name: 'oscal diff',
  summary: 'Compare two editions of a catalogue control by control, without a server.',
  args: 'OLD NEW',
  notes: [
    'A control is reworded when the SHA-256 of its statement differs: the publisher’s revision number can’t be trusted.',
    'In the wording, [-this-] went and {+this+} came. Exits with 0 whether or not there are differences.',
  ],
  examples: ['ironbark oscal diff v2025.10.8/ISM_catalog.json v2025.12.9/ISM_catalog.json'],
  async run(call) {
    const [before = '', after = ''] = call.args;
    const read = createReader();
    const controls: (readonly CatalogControl[])[] = [];
    for (const path of [before, after]) {
      const file = readDocument(path, read);
      if ('faults' in file) return refuse(call, path, file.faults);
      if (file.document.model !== 'catalog')
        throw new UsageError(`${path} is a ${file.document.model}; two catalogues are compared.`);
      controls.push(readControls(file.document.value));
    }
    const [old = [], current = []] = controls;
    const diff = diffControls(old, current);
    call.show(diff, () => linesOf(diff));
    return exitCodes.done;
  },
};

function refuse(call: Call, name: string, faults: readonly Fault[]): number {
  call.show({ file: name, faults }, () => faultLines(name, faults));
  return exitCodes.failed;
}

function linesOf(diff: CatalogDiff): string[] {
  const { added, removed, reworded, rewordedWithoutRevision, applicability, e8, unchanged } = diff;
  const withoutRevision = new Set(rewordedWithoutRevision);
  return [
    ...table(
      ['change', 'controls'],
      [
        ['added', added.length],
        ['removed', removed.length],
        ['reworded', reworded.length],
        ['  of these with the same revision, or none', rewordedWithoutRevision.length],
        ['applicability changed', applicability.length],
        ['Essential Eight levels changed', e8.length],
        ['unchanged', unchanged],
      ],
    ),
    ...section(
      'Added',
      added.map(({ id, statement }) => `${id}: ${statement}`),
    ),
    ...section(
      'Removed',
      removed.map(({ id, statement }) => `${id}: ${statement}`),
    ),
    ...section(
      'Reworded',
      reworded.map(
        ({ id, words }) => `${id}${withoutRevision.has(id) ? ' (same revision)' : ''}: ${marked(words)}`,
      ),
    ),
    ...section('Applicability', applicability.map(listLine)),
    ...section('Essential Eight levels', e8.map(listLine)),
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${plain(line.replaceAll(/\s+/g, ' '))}`)];

const marked = (words: readonly WordChange[]): string =>
  words
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'removed' ? `[-${text}-]` : `{+${text}+}`))
    .join('');

const listLine = ({
  id,
  before,
  after,
}: {
  id: string;
  before: readonly string[];
  after: readonly string[];
}): string => `${id}: ${before.join(' ') || 'none'} -> ${after.join(' ') || 'none'}`;
