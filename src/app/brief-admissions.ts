import { createHash } from 'node:crypto';
import type { Clock } from '#platform/clock';
import type { Admission, Gatekeeper } from '#platform/http';

/** A revoked token asks the gate no longer than this. */
const keptMilliseconds = 500;
const mostKept = 1_000;

type Kept = { readonly until: number; readonly admission: Promise<Admission | undefined> };

/**
 * Remembers for half a second who a token is that asks the gate: an enforcement point asks a thousand times a second, and the
 * database would be asked each time. Sessions and all other tokens are looked up for each request, as ever.
 */
export function briefAdmissions(gatekeeper: Gatekeeper, clock: Clock): Gatekeeper {
  const kept = new Map<string, Kept>();
  return {
    async admit(credentials, call) {
      if (credentials.kind !== 'token') return gatekeeper.admit(credentials, call);
      const now = clock.now().getTime();
      // The secret itself is nowhere kept; the address is part of who the local administrator is.
      const key = createHash('sha256').update(`${call.remoteAddress} ${credentials.secret}`).digest('base64');
      const found = kept.get(key);
      if (found !== undefined && now < found.until) return found.admission;
      const admission = gatekeeper.admit(credentials, call);
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, { until: now + keptMilliseconds, admission });
      try {
        const admitted = await admission;
        if (admitted?.actor.permissions.has('gate.evaluate') !== true || !isToken(admitted)) kept.delete(key);
        return admitted;
      } catch (error) {
        kept.delete(key);
        throw error;
      }
    },
  };
}

const isToken = ({ actor }: Admission): boolean => 'kind' in actor && actor.kind === 'token';
