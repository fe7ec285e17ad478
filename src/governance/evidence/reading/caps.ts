/** What may be read of one file at most. A cap that is met is said by name, and nothing of the file is taken. */
export const caps = {
  /** As it was sent. */
  fileBytes: 512 * 1024 * 1024,
  /** Unpacked: gzip reaches 1,000 to 1. */
  unpackedBytes: 2 * 1024 * 1024 * 1024,
  /** For importers that take a file whole. */
  wholeBytes: 32 * 1024 * 1024,
  headBytes: 64 * 1024,
  lineBytes: 1024 * 1024,
  recordBytes: 4 * 1024 * 1024,
  columns: 1_000,
  facts: 2_000_000,
  packedBytes: 256 * 1024 * 1024,
  subjectLength: 500,
  factBytes: 16 * 1024,
  /** Rows that a report names; it counts all. */
  reportRows: 1_000,
} as const;

const units = ['bytes', 'KiB', 'MiB', 'GiB'] as const;
/** '512 MiB' */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Math.round(value * 10) / 10} ${units[unit]}`;
}
