import { Invalid } from '#platform/errors';
import type { Tx } from '#platform/records';
import type { ContentFault, Pack } from './pack.ts';
import type { PackFile } from './pack-files.ts';

/** One thing in a pack (a rule, a control, a listed vulnerability) that differs between two versions. */
export type ContentChange = {
  readonly change: 'added' | 'removed' | 'changed';
  readonly id: string;
  readonly title: string;
  readonly why?: string | undefined;
};

export type ReadContent = {
  /** What is in it, for people: `{ rules: 12 }`. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly faults: readonly ContentFault[];
  /** What it calls itself, where it does: used where nobody gave a name or version. */
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Writes what the module keeps of it, in the transaction that saves the pack. Not called for a version that is there. */
  readonly save?: ((tx: Tx, pack: Pack) => Promise<void>) | undefined;
};

export type Activation = {
  readonly pack: Pack;
  /** The version of the same name that was active before. */
  readonly before: Pack | undefined;
  readonly actor: { readonly kind: 'user' | 'token' | 'system'; readonly id: string; readonly name: string };
  readonly now: Date;
};

/** A kind of content, brought by the module that uses it. */
export type ContentKind = {
  /** As `rules`. */
  readonly kind: string;
  /** As "Detection rules (Sigma)". */
  readonly title: string;
  /** Who may add, activate and remove it, beyond managing content. */
  readonly permission?: string;
  /** Which files of a pack are kept; left out: all that are content. */
  readonly keeps?: (path: string) => boolean;
  /** Cheap and sure: a look at names and heads of files. */
  recognises(files: readonly PackFile[]): boolean;
  /** @throws {Invalid} with what is wrong, where nothing of it can be used */
  read(files: readonly PackFile[]): ReadContent | Promise<ReadContent>;
  /** In the transaction of the change; what is thrown stops it. */
  readonly activated?: (tx: Tx, activation: Activation) => Promise<void>;
  readonly deactivated?: (tx: Tx, activation: Omit<Activation, 'before'>) => Promise<void>;
  readonly removed?: (tx: Tx, pack: Pack) => Promise<void>;
  /** Between two versions, in the words of the kind. */
  readonly diff?: (
    before: readonly PackFile[],
    after: readonly PackFile[],
  ) => readonly ContentChange[] | Promise<readonly ContentChange[]>;
};

/** @throws {Invalid} where it is of no kind that is known, or could be of several */
export function recognise(kinds: readonly ContentKind[], files: readonly PackFile[]): ContentKind {
  const found = kinds.filter((kind) => kind.recognises(files));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = (only === undefined ? kinds : found).map(({ kind }) => kind);
  throw new Invalid(
    only === undefined
      ? `What kind of content it is can't be told from it. Say which: ${known.join(', ')}.`
      : `It could be several kinds of content. Say which: ${known.join(', ')}.`,
    { kinds: known },
  );
}

/** @throws {Invalid} */
export function kindOf(kinds: readonly ContentKind[], name: string): ContentKind {
  const kind = kinds.find((one) => one.kind === name);
  if (kind === undefined)
    throw new Invalid(
      `"${name}" is no kind of content here. There are: ${kinds.map((one) => one.kind).join(', ')}.`,
      {
        kind: name,
      },
    );
  return kind;
}
