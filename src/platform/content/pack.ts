/** Why a part of a pack is not used. */
export type ContentFault = {
  readonly file: string;
  readonly line?: number | undefined;
  readonly what: string;
  readonly why: string;
};

/** A version of a name, e.g. kind "rules", name "sigmahq". */
export type Pack = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly origin: string;
  readonly importedAt: Date;
  readonly importedBy: string;
  readonly files: number;
  readonly bytes: number;
  readonly active: boolean;
  /** The id of the key that signed it; null for a plain pack. */
  readonly signedBy: string | null;
  /** When a signed pack was made. */
  readonly signedAt: Date | null;
  /** It came with the program itself. */
  readonly shipped: boolean;
  /** What its kind read in it. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
};
export type NewPack = Pick<
  Pack,
  'id' | 'kind' | 'name' | 'version' | 'origin' | 'importedAt' | 'importedBy'
> &
  Partial<Pick<Pack, 'signedBy' | 'signedAt' | 'shipped' | 'facts'>> & {
    readonly faults?: readonly ContentFault[];
  };
