import { Invalid } from '#platform/errors';

/** One vulnerability that a scanner or a table tells of. */
export type Scanned = {
  /** Of the host, image or asset, as the file names it; undefined where it names none. */
  readonly host: string | undefined;
  /** CVE where there is one, else the scanner's own number. */
  readonly vulnerability: string;
  readonly package: string;
  readonly title: string;
  readonly cvss: number | undefined;
  readonly vector: string | undefined;
  readonly epss: number | undefined;
  readonly kev: boolean;
  readonly hours: number | undefined;
  readonly found: Date | undefined;
};
/** As a scanner tells it: without a name it is no finding. */
export type Told = Omit<Partial<Scanned>, 'vulnerability'> & { readonly vulnerability: string | undefined };
/** A place in the file that is no finding, and why. */
export type Skipped = { readonly at: string; readonly why: string };
export type ScanRead = { readonly findings: readonly Scanned[]; readonly skipped: readonly Skipped[] };

export const scanCaps = { bytes: 64 * 1024 * 1024, findings: 200_000, text: 500, skipped: 500 } as const;

/** Fields of foreign JSON, of which any may be missing or something else. */
export type Loose = Readonly<Record<string, unknown>>;
export const object = (value: unknown): Loose =>
  // An object that is no array; whatever is in it is unknown still.
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, scanCaps.text) : undefined;
export function number(value: unknown, low: number, high: number): number | undefined {
  const found =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : Number.NaN;
  return found >= low && found <= high ? found : undefined;
}
export const score = (value: unknown): number | undefined => number(value, 0, 10);

/** A scan's findings, with what was passed over. */
export class Scan {
  readonly findings: Scanned[] = [];
  readonly skipped: Skipped[] = [];

  add(finding: Told, at: string): void {
    const { vulnerability } = finding;
    if (vulnerability === undefined) return this.skip(at, 'It names no vulnerability.');
    if (this.findings.length >= scanCaps.findings)
      throw new Invalid(`The file has more than ${scanCaps.findings} findings. Split it.`);
    this.findings.push({
      host: undefined,
      package: '',
      title: vulnerability,
      cvss: undefined,
      vector: undefined,
      epss: undefined,
      kev: false,
      hours: undefined,
      found: undefined,
      ...finding,
      vulnerability: vulnerability.slice(0, 100),
    });
  }

  skip(at: string, why: string): void {
    if (this.skipped.length < scanCaps.skipped) this.skipped.push({ at, why });
  }
}
