import { AppError } from '#platform/errors';

export class ProviderExists extends AppError {
  readonly code = 'provider-exists';
  readonly status = 409;
  constructor(name: string) {
    super(`The provider is set up already: ${name}.`, { provider: name });
  }
}

export class NoProvider extends AppError {
  readonly code = 'no-provider';
  readonly status = 409;
  constructor() {
    super('The provider is not set up yet. Do that first, in the page or with "ironbark community setup".');
  }
}
