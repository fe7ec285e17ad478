/** Three figures: 12.3 %, 0.045 %. */
export const percent = (p: number): string => `${p === 0 ? '0' : (p * 100).toPrecision(3)} %`;

/** Every command on a running system asks which. */
export const environment = {
  environment: { value: 'ID', about: 'The system: odce or pdce.', required: true },
} as const;
