import type { ControlRow } from '#contract/governance/controls';

export type ControlSearch = {
  system?: string | undefined;
  text?: string | undefined;
  status?: string | undefined;
  section?: string | undefined;
  level?: string | undefined;
  owner?: string | undefined;
  only?: string | undefined;
  at?: string | undefined;
};

/** What stands in the list, in the catalogue's order. */
export function pickControls(
  rows: readonly ControlRow[],
  groups: readonly (readonly string[])[],
  { text, status, section, level, owner, only }: ControlSearch,
): ControlRow[] {
  const words = text?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  return rows.filter((row) => {
    if (status !== undefined && row.status !== status) return false;
    if (level !== undefined && !row.e8Levels.includes(level)) return false;
    if (section !== undefined && guidelineOf(groups, row) !== section) return false;
    if (owner !== undefined && (row.owner ?? 'nobody') !== owner) return false;
    if (only === 'reaffirm' && !row.reaffirm) return false;
    if (only === 'unknown' && !row.unknown) return false;
    if (only === 'failing' && row.failing === 0) return false;
    if (only === 'exception' && row.exception === null) return false;
    if (words.length === 0) return true;
    const hay = `${row.id} ${row.title} ${row.statement} ${row.owner ?? ''}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** The outermost group: a guideline of the ISM. */
export const guidelineOf = (groups: readonly (readonly string[])[], row: ControlRow): string =>
  groups[row.group]?.[0] ?? '';
