import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type ControlStanding,
  essentialEightEvaluators,
  essentialEightImporters,
  essentialEightKinds,
  gapsOf,
  loadTable,
  maturity,
  standingAlone,
  standingAnswered,
} from '#essential-eight';
import { judgeFiles } from '#governance/evidence';
import type { Call } from '../command.ts';
import { UsageError } from '../errors.ts';
import { type Answers, readAnswers } from './answers.ts';
import type { Told } from './told.ts';

/** Judged from these files and answers alone: no system runs, nothing is recorded. @throws {UsageError} {EvidenceRefused} */
export async function fromFiles({ args, text, io }: Call): Promise<Told> {
  const target = ([1, 2, 3] as const).find((one) => String(one) === (text('target') ?? '2'));
  if (target === undefined) throw new UsageError('--target is 1, 2 or 3.');
  const collectedAt = timeOf(text('collected-at'));
  const table = loadTable(io.root);
  for (const file of args) await mustBeFile(file);
  const given = args.map((file) => ({
    stated: { kind: 'auto', name: basename(file), source: undefined, collectedAt, population: undefined },
    // A stream without an encoding gives buffers.
    open: () => createReadStream(file) as AsyncIterable<Buffer>,
  }));
  const evaluators = essentialEightEvaluators(table);
  const judged = await judgeFiles(
    { kinds: essentialEightKinds, importers: essentialEightImporters, evaluators },
    given,
    new Date(),
  );
  const answered = await answersOf(text('answers'));
  const standings = new Map<string, ControlStanding>(
    table.controls.map(({ id }) => {
      const said = judged.judgements.get(id) ?? [];
      const answer = answered?.byControl.get(id);
      return [id, answer === undefined ? standingAlone(id, said) : standingAnswered(id, answer, said)];
    }),
  );
  const found = maturity(standings, table, target);
  return {
    ...found,
    strategies: found.strategies.map((one) => ({
      ...one,
      tallies: [...one.tallies],
      blocking: [...one.blocking],
      unknown: [...one.unknown],
      notApplicable: [...one.notApplicable],
    })),
    gaps: gapsOf(found, standings, table),
    files: judged.files.map(({ name, kind, facts, refusedRows, refused }) => ({
      name,
      kind,
      facts,
      refusedRows,
      refused: refused ?? null,
    })),
    ...(answered && { answers: { taken: answered.byControl.size, bad: answered.bad } }),
  };
}

async function answersOf(file: string | undefined): Promise<Answers | undefined> {
  if (file === undefined) return undefined;
  await mustBeFile(file);
  return readAnswers(basename(file), await readFile(file));
}

async function mustBeFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) throw new UsageError(`"${file}" can't be read.`);
}

function timeOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new UsageError('--collected-at is a time like 2026-07-01T00:00:00Z.');
  return at;
}
