/** Bounds on what foreign rules may ask for; beyond one of them is a fault that names it. */
export type Limits = {
  /** One file, in characters. */
  readonly fileLength: number;
  /** One YAML document, in characters. */
  readonly documentLength: number;
  /** Alias expansions in one document. */
  readonly aliases: number;
  /** Nesting of selections and of conditions. */
  readonly depth: number;
  readonly selections: number;
  /** Tests in one rule after all expansions (windash, base64offset, placeholders). */
  readonly tests: number;
  /** One value, in characters. */
  readonly valueLength: number;
  /** One regular expression, in characters. */
  readonly regexLength: number;
  readonly conditionLength: number;
};

export const defaultLimits: Limits = {
  fileLength: 16 * 1024 * 1024,
  documentLength: 1024 * 1024,
  aliases: 100,
  depth: 24,
  selections: 500,
  tests: 20_000,
  valueLength: 16_384,
  regexLength: 4096,
  conditionLength: 16_384,
};
