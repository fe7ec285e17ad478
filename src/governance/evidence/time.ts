import { governanceChanged, systemsIn } from '#governance';
import { systemAccess } from '#platform/scope';
import type { EvidenceDeps } from './deps.ts';
import { acceptanceEnded } from './store-findings.ts';
import { nextRunOut } from './store-judgements.ts';

const access = systemAccess('evidence that ran out');

/** Has systems assessed anew whose evidence or acceptances ran out since. What is read is right without it. */
export function passEvidenceTime(deps: Pick<EvidenceDeps, 'records' | 'clock'>): Promise<number> {
  return deps.records.transaction(access, async (tx) => {
    const now = deps.clock.now();
    let due = 0;
    for (const { environment } of await systemsIn(tx, access)) {
      const next = await nextRunOut(tx, environment);
      if ((next === undefined || next > now) && !(await acceptanceEnded(tx, environment, now))) continue;
      await governanceChanged(tx, { environment, what: 'evidence', now });
      due++;
    }
    return due;
  });
}
