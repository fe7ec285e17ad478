import { AppError } from '#platform/errors';

/** Nothing of it was imported. */
export class CatalogueRefused extends AppError {
  readonly code = 'catalogue-refused';
  readonly status = 400;
  readonly subject: string;
  readonly faults: readonly string[];
  constructor(name: string, faults: readonly string[]) {
    const rest = faults.length - shown;
    super(
      `${name} can't be imported: ${faults.slice(0, shown).join(' ')}${rest > 0 ? ` And ${rest} more.` : ''} Nothing was changed.`,
      { faults: faults.slice(0, 200) },
    );
    this.subject = name;
    this.faults = faults;
  }
}
const shown = 5;
