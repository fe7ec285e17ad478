import { AppError } from '#platform/errors';

/** The query can't be understood; says where, and what would help. */
export class QuerySyntax extends AppError {
  readonly code = 'query-syntax';
  readonly status = 400;
  /** @param at offset of the first character, from 0 */
  constructor(what: string, help: string, at: number, length = 1) {
    super(`${what} at character ${at + 1}. ${help}`, { position: at, length, help });
  }
}
