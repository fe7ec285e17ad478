/** One line of text as OSCAL's strings want it: no line breaks, no spaces at the ends; '' when nothing is left. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim();

/** A title: one line, and something to show where it is empty. */
export const titleOf = (text: string): string => oneLine(text) || '(untitled)';

const token = /^[\p{L}_][\p{L}\p{N}.\-_]*$/u;

/** A token: the text itself where it is one, else the nearest to it (a control called `5.1` is `_5.1`). */
export function tokenOf(text: string): string {
  if (token.test(text)) return text;
  const plain = text.replaceAll(/[^\p{L}\p{N}.\-_]/gu, '_');
  return /^[\p{L}_]/u.test(plain) ? plain : `_${plain}`;
}

/** A moment as OSCAL writes it, in UTC. @throws {RangeError} for an invalid date */
export const momentOf = (when: Date): string => when.toISOString();
