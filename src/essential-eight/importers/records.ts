import type { EvidenceFile, Fact, Importer, ImportEnd } from '#governance/evidence';
import type { Kind } from '../kinds.ts';
import { type Named, refused, skipped, taken } from './shapes.ts';

/** What a record became: facts, or the reason why it is refused or of no use here. */
export type Read = readonly Fact[] | { readonly refused: string } | { readonly skipped: string };

/** An importer of JSON records that each stand alone. */
export const recordImporter = (
  about: Pick<Importer, 'name' | 'onBadRow' | 'accepts'> & { readonly kind: Kind },
  read: (value: Named) => Read,
  end: (file: EvidenceFile) => ImportEnd | Promise<ImportEnd>,
): Importer => ({
  ...about,
  async *read(file) {
    for await (const record of file.records()) {
      if (!record.ok) {
        yield { row: record.row, refused: record.why, cutOff: record.cutOff };
        continue;
      }
      const is = read(record.value);
      if ('refused' in is) yield refused(record.row, is.refused);
      else if ('skipped' in is) yield skipped(record.row, is.skipped);
      else yield taken(record.row, ...is);
    }
    return end(file);
  },
});
