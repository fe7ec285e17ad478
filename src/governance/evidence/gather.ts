import { setImmediate as breathe } from 'node:timers/promises';
import type { ImportReport } from './contract.ts';
import { EvidenceRefused } from './errors.ts';
import type { Fact } from './evaluator.ts';
import type { EvidenceFile, Importer, ImportEnd, ImportStep } from './importer.ts';
import { factText, packer, type Part } from './pack.ts';
import { caps, sizeText } from './reading/caps.ts';

/** What an importer made of a file: the facts, packed, and what became of each row. */
export type Gathered = {
  readonly parts: readonly Part[];
  readonly facts: number;
  readonly packedBytes: number;
  readonly subjects: number | undefined;
  readonly sample: readonly Fact[];
  readonly end: ImportEnd;
  readonly report: Omit<ImportReport, 'encoding'>;
};

export type GatherOptions = { readonly now: Date; readonly skewMilliseconds: number };

const sampleSize = 20;
/** More different subjects than this are not counted one by one. */
const mostSubjects = 1_000_000;
/** Rows between two chances for other work. */
const rowsAtOnce = 500;

/** Reads a file to its end. Memory holds the packed facts and one row. @throws {EvidenceRefused} when a cap is met */
export async function gather(
  importer: Importer,
  file: EvidenceFile,
  options: GatherOptions,
): Promise<Gathered> {
  const parts: Part[] = [];
  const counts = { rows: 0, taken: 0, skipped: 0, refused: 0, facts: 0, packedBytes: 0 };
  const lines: ImportReport['lines'] = [];
  const sample: Fact[] = [];
  const subjects = new Set<string>();
  let cutOff = false;
  const pack = packer((part) => {
    parts.push(part);
    counts.packedBytes += part.packed.length;
    if (counts.packedBytes > caps.packedBytes)
      throw new EvidenceRefused(
        `its facts, packed, are larger than ${sizeText(caps.packedBytes)}. Send it in parts.`,
      );
  });
  const tell = (row: number, outcome: 'taken' | 'skipped' | 'refused', why: string): void => {
    if (lines.length < caps.reportRows) lines.push({ row, outcome, why });
  };
  const take = (step: ImportStep): void => {
    counts.rows++;
    if ('refused' in step) {
      counts.refused++;
      cutOff ||= step.cutOff === true;
      return tell(step.row, 'refused', step.refused);
    }
    if ('skipped' in step) {
      counts.skipped++;
      return tell(step.row, 'skipped', step.skipped);
    }
    const texts = step.facts.map(factText);
    const why = step.facts
      .map((fact, at) => whyBad(fact, texts[at] ?? '', options))
      .find((one) => one !== undefined);
    if (why !== undefined) {
      counts.refused++;
      return tell(step.row, 'refused', why);
    }
    counts.taken++;
    counts.facts += texts.length;
    if (counts.facts > caps.facts)
      throw new EvidenceRefused(`it holds more than ${caps.facts} facts. Send it in parts.`);
    for (const text of texts) pack.add(text);
    for (const one of step.facts) {
      if (sample.length < sampleSize) sample.push(one);
      if (subjects.size < mostSubjects) subjects.add(one.subject);
    }
    if (step.note !== undefined) tell(step.row, 'taken', step.note);
  };
  const steps = importer.read(file, { now: options.now });
  let next = await steps.next();
  for (; next.done !== true; next = await steps.next()) {
    take(next.value);
    if (counts.rows % rowsAtOnce === 0) await breathe();
  }
  pack.end();
  return {
    parts,
    facts: counts.facts,
    packedBytes: counts.packedBytes,
    subjects: subjects.size < mostSubjects ? subjects.size : undefined,
    sample,
    end: next.value,
    report: {
      importer: importer.name,
      rows: counts.rows,
      taken: counts.taken,
      skipped: counts.skipped,
      refused: counts.refused,
      cutOff,
      remarks: [],
      lines,
    },
  };
}

function whyBad(fact: Fact, text: string, { now, skewMilliseconds }: GatherOptions): string | undefined {
  if (fact.subject.trim() === '') return 'It names no subject.';
  if (fact.subject.length > caps.subjectLength)
    return `Its subject is longer than ${caps.subjectLength} characters.`;
  if (text.length > caps.factBytes) return `It is larger than ${sizeText(caps.factBytes)}.`;
  if (fact.at === undefined) return undefined;
  if (Number.isNaN(fact.at.getTime())) return 'Its time is no time.';
  if (fact.at.getTime() > now.getTime() + skewMilliseconds)
    return `It is from the future: ${fact.at.toISOString()}.`;
  return undefined;
}
