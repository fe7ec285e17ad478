/** A line of the register. */
export type RiskRecord = {
  readonly id: string;
  readonly environment: string;
  readonly tenancy: string;
  readonly title: string;
  readonly asset: string | null;
  readonly dimension: 'C' | 'I' | 'A' | null;
  /** By hand, where no run gives it a figure. */
  readonly judged: { readonly low: number; readonly high: number; readonly band: number } | null;
  readonly treatment: 'avoid' | 'modify' | 'share' | 'retain';
  readonly plan: string;
  readonly owner: string;
  readonly dueAt: Date | null;
  readonly closedAt: Date | null;
  readonly createdAt: Date;
};
