import type { ImplementationStatus, ResponsibleEntity } from '#contract/governance';
import type { Actor } from '#identity';
import type { Tx } from '#platform/records';
import { write } from './answering.ts';
import type { RowReport } from './contract.ts';
import type { ControlDeps } from './deps.ts';
import { inputOf, noInput } from './prepare.ts';

/** What a document from elsewhere says about a control; the rest of its answer stays. */
export type TakenIn = {
  readonly control: string;
  /** Undefined: it says nothing of it. */
  readonly status: ImplementationStatus | undefined;
  readonly responsible: ResponsibleEntity | null;
  readonly narrative: string;
};

/**
 * Answers controls from a document: all or none. What else belongs to it is done in the same transaction.
 * @throws {NotFound}
 */
export const takeIn = (
  deps: ControlDeps,
  actor: Actor,
  environment: string,
  given: readonly TakenIn[],
  { dryRun, also }: { readonly dryRun: boolean; readonly also: (tx: Tx) => Promise<void> },
): Promise<RowReport> =>
  write(
    deps,
    actor,
    environment,
    dryRun,
    () =>
      given.map(({ control, status, responsible, narrative }, at) => ({
        line: at + 1,
        control,
        input: (before) => {
          const base = before === undefined ? noInput : inputOf(before);
          const next = { ...base, responsible, narrative };
          return status === undefined || status === base.status
            ? next
            : // Another status is another claim: how the one before was shown says nothing of it.
              { ...next, status, rests: 'attested' as const, evaluators: [], reviewBy: null };
        },
        change: 'imported' as const,
      })),
    { also },
  );
