import type { AssetKind, GateKind, ReachVia } from '../contract.ts';
import type { Fields } from '../fields.ts';
import type { Key } from '../keys.ts';

export type Package = {
  /** deb, rpm, apk, a purl's type, or program. */
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package it was built from, "name version"; '' where nobody said. */
  readonly origin: string;
  readonly purl: string;
};

/** Upon what it depends, by keys; degrees in percent. */
export type Link = {
  readonly name: string;
  readonly to: readonly Key[];
  readonly c: number;
  readonly i: number;
  readonly a: number;
  readonly gate?: { readonly name: string; readonly kind: GateKind; readonly k: number | null } | undefined;
};
/** What is reached from it in one step, by keys. */
export type ReachLink = {
  readonly name: string;
  readonly to: readonly Key[];
  readonly via: ReachVia;
  readonly probability: number;
};

/** One asset as a file tells of it. */
export type AssetRow = {
  /** Line, row or element of the file, from 1. */
  readonly line: number;
  readonly name: string;
  readonly kind: AssetKind;
  readonly fields: Fields;
  readonly keys: readonly Key[];
  /** When it was so, where the file says it. */
  readonly at?: string | undefined;
  /** Everything this source knows to be installed; left out where it says nothing of it. */
  readonly software?: readonly Package[] | undefined;
  readonly links?: readonly Link[] | undefined;
  readonly reaches?: readonly ReachLink[] | undefined;
};
export type RefusedRow = { readonly line: number; readonly name: string; readonly why: readonly string[] };

export type FileRead = {
  readonly rows: readonly AssetRow[];
  readonly refused: readonly RefusedRow[];
  readonly remarks: readonly string[];
};
export type ReadOptions = {
  readonly source: string;
  /** The host that a list of packages is of. */
  readonly host?: string | undefined;
};
/** @throws {Unreadable} when nothing of the file can be taken */
export type Reader = (bytes: Uint8Array, options: ReadOptions) => FileRead | Promise<FileRead>;

/** The file as a whole can't be read; crosses from the thread as its message. */
export class Unreadable extends Error {}

export const caps = {
  /** Of a file; more is refused before it is read. */
  bytes: 64 * 1024 * 1024,
  rows: 100_000,
  packages: 1_000_000,
  packagesOfOne: 20_000,
  cell: 10_000,
  depth: 64,
} as const;

const most = 300;
/** @returns undefined for what has no name */
export function packageOf(
  type: string,
  given: { name: unknown; version: unknown; architecture?: unknown; origin?: unknown; purl?: unknown },
): Package | undefined {
  const text = (value: unknown): string =>
    (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
      .slice(0, most)
      .replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
      .trim();
  const name = text(given.name);
  if (name === '') return undefined;
  return {
    type,
    name,
    version: text(given.version),
    architecture: text(given.architecture),
    origin: text(given.origin),
    purl: text(given.purl),
  };
}

/** An object's member, when it is one's own. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? // An own member of an object can be read by its name.
      (value as Record<string, unknown>)[name]
    : undefined;
export const textOf = (value: unknown, name: string): string | undefined => {
  const found = member(value, name);
  return typeof found === 'string' && found.trim() !== ''
    ? found.trim().slice(0, caps.cell)
    : typeof found === 'number'
      ? String(found)
      : undefined;
};
export const listOf = (value: unknown, name: string): readonly unknown[] => {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
};
