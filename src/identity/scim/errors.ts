import { AppError } from '#platform/errors';

/** What the caller sent can't be done; `scimType` says which of RFC 7644's kinds that is (3.12, table 9). */
export class ScimInvalid extends AppError {
  readonly code = 'scim-invalid';
  readonly status: number;
  readonly scimType: string | undefined;
  constructor(
    scimType: 'invalidFilter' | 'invalidValue' | 'invalidPath' | 'uniqueness' | 'mutability',
    detail: string,
    cause?: unknown,
  ) {
    super(detail, {}, cause);
    this.scimType = scimType;
    this.status = scimType === 'uniqueness' ? 409 : 400;
  }
}
