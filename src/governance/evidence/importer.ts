import type { Json } from '#ledger';
import type { Confidence } from './contract.ts';
import type { Fact, Population } from './evaluator.ts';

/** A sort of evidence: how long it stands for, and what a new collection does to the ones before it. */
export type EvidenceKind = {
  /** 'entra.sign-ins': lower case, dots between words that narrow down. */
  readonly kind: string;
  readonly title: string;
  /** What it is and how to get it, in a sentence or two for whoever is asked for it. */
  readonly how: string;
  readonly validDays: number;
  /** snapshot: a new collection takes the place of the one before it from the same source. stream: they add up. */
  readonly grows: 'snapshot' | 'stream';
  readonly ceiling: Confidence;
};

export type Encoding = 'UTF-8' | 'UTF-16LE' | 'UTF-16BE' | 'Windows-1252';

/** The beginning of a file, unpacked and decoded: at most 64 KiB of it. */
export type FileHead = { readonly name: string; readonly text: string; readonly encoding: Encoding };

/** A file being read, unpacked; every way of reading is capped and can be taken once more. */
export type EvidenceFile = {
  readonly name: string;
  readonly encoding: Encoding;
  /** The whole of it, for a format that is no text. @throws {EvidenceRefused} past 32 MiB */
  bytes(): Promise<Buffer>;
  /** The whole of it. @throws {EvidenceRefused} past 32 MiB */
  text(): Promise<string>;
  /** The whole of it, parsed. @throws {EvidenceRefused} past 32 MiB, or when it is not JSON */
  json(): Promise<Json>;
  /** Line by line, from 1, in bounded memory. `ended` is false for a last line without its line end. */
  lines(): AsyncIterable<{ readonly line: number; readonly text: string; readonly ended: boolean }>;
  /**
   * The objects of NDJSON, of a JSON array, or of the first array of objects inside a JSON object (Graph's `value`), one
   * by one in bounded memory. One that can't be read says why, and whether the file just stops there.
   */
  records(): AsyncIterable<FileRecord>;
  /** What a JSON object says before its list: Graph's `@odata.context`. Empty for other files. */
  about(): Promise<{ readonly [name: string]: Json }>;
  /** The rows of a CSV file by the names of its first row; cells are text, formulas too. In bounded memory. */
  rows(): AsyncIterable<FileRow>;
};

export type FileRecord =
  | { readonly ok: true; readonly row: number; readonly value: { readonly [name: string]: Json } }
  | { readonly ok: false; readonly row: number; readonly why: string; readonly cutOff: boolean };
export type FileRow =
  | { readonly ok: true; readonly row: number; readonly cells: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly row: number; readonly why: string; readonly cutOff: boolean };

/** What became of one row (line, record) of the file. */
export type ImportStep =
  | { readonly row: number; readonly facts: readonly Fact[]; readonly note?: string }
  | { readonly row: number; readonly refused: string; readonly cutOff?: boolean }
  | { readonly row: number; readonly skipped: string };

/** What the file says about itself, known when it was read to its end. What the sender states wins. */
export type ImportEnd = {
  readonly source?: string;
  readonly population?: Population;
  readonly collectedAt?: Date;
  readonly expiresAt?: Date;
  /** Lowers the kind's. */
  readonly ceiling?: Confidence;
};

export type ImportOptions = { readonly now: Date };

/** Turns one kind of file into facts. It gathers; it does not judge. */
export type Importer = {
  /** The kind of evidence it makes. */
  readonly kind: string;
  /** 'Microsoft Entra sign-in log (Graph JSON)' */
  readonly name: string;
  /** What a bad row means: the rest is taken without it, or the file is refused whole. */
  readonly onBadRow: 'skip-row' | 'refuse-file';
  /** Is this a file for it? Asked for files sent as kind `auto`. */
  accepts(head: FileHead): boolean;
  read(file: EvidenceFile, options: ImportOptions): AsyncGenerator<ImportStep, ImportEnd>;
};
