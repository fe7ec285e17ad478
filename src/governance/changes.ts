import { enqueue } from '#platform/jobs';
import type { Records, Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { bumpInput, inputRevision, markAssessed } from './store.ts';

export type InputChange = {
  readonly environment: string;
  readonly what: 'evidence' | 'controls' | 'assets' | 'findings' | 'frameworks' | 'risk';
  readonly now: Date;
};

/** The job that assesses a system again. */
export const assessment = 'governance.assess';

/**
 * Says that something a system's assessment rests on has changed: when `tx` commits, and only then, it is assessed again.
 * Many changes before that cost one assessment.
 */
export async function governanceChanged(tx: Tx, { environment, now }: InputChange): Promise<void> {
  const revision = await bumpInput(tx, environment, now);
  // A key for each change: with one key for all, a change during an assessment would find the job there and be forgotten.
  await enqueue(tx, {
    kind: assessment,
    key: `${environment} ${revision}`,
    payload: { environment, revision },
    runAt: now,
  });
}

/** A part of the assessment, in a transaction of its own making. It may run twice for one change. */
export type AssessmentStep = (environment: string) => Promise<void>;

/**
 * Does the steps, in order, for everything that had changed when it began.
 * @param revision the change that asked for it; nothing is done where a later assessment saw it already
 */
export async function assess(
  { records, now }: { readonly records: Records; readonly now: () => Date },
  steps: readonly AssessmentStep[],
  { environment, revision }: { readonly environment: string; readonly revision: number },
): Promise<void> {
  const access = systemAccess(`assess ${environment}`);
  const seen = await records.transaction(access, (tx) => inputRevision(tx, environment));
  if (seen.assessed >= revision) return;
  for (const step of steps) await step(environment);
  await records.transaction(access, (tx) => markAssessed(tx, environment, seen.revision, now()));
}
