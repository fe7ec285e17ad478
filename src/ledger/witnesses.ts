import {
  parseCheckpoint,
  type Policy,
  type PolicyWitness,
  readCosignature,
  type Verifier,
  writeAddCheckpoint,
} from '@ironbark/tlog';
import type { Clock } from '#platform/clock';
import type { Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import type { LogReader } from './log-reader.ts';
import { insertCosignature, newestCheckpoint } from './store-log.ts';

export type WitnessState = {
  readonly name: string;
  readonly state: 'never-asked' | 'cosigns' | 'silent' | 'refuses';
  readonly detail: string;
  /** Of the newest checkpoint that it cosigned. */
  readonly size: number | null;
  readonly at: Date | null;
};

/** Sends one request; the world outside, and a fake in tests. */
export type Post = (url: string, body: string) => Promise<{ status: number; body: string }>;

export type WitnessesDeps = {
  readonly records: Records;
  readonly clock: Clock;
  readonly reader: Pick<LogReader, 'consistency'>;
  /** Those with a URL are asked. */
  readonly policy: Pick<Policy, 'witnesses'>;
  readonly post: Post;
};

export type Witnesses = {
  /** Shows the newest checkpoint to every witness that has not cosigned it. Never rejects. */
  ask(): Promise<void>;
  states(): readonly WitnessState[];
};

const access = systemAccess('ask the witnesses');
/** A witness that did not answer is left alone for as long. */
const pauseMilliseconds = 5_000;

type Known = { state: WitnessState; knows: number; notBefore: number };

export function createWitnesses(deps: WitnessesDeps): Witnesses {
  const asked = deps.policy.witnesses.flatMap((witness) =>
    witness.url === undefined ? [] : [{ witness, url: witness.url }],
  );
  const known = new Map<Verifier, Known>(
    asked.map(({ witness }) => [
      witness.verifier,
      {
        state: { name: witness.name, state: 'never-asked', detail: 'not asked yet', size: null, at: null },
        knows: 0,
        notBefore: 0,
      },
    ]),
  );
  return {
    states: () => [...known.values()].map(({ state }) => state),
    async ask() {
      const newest = await deps.records.transaction(access, newestCheckpoint).catch(() => undefined);
      if (newest === undefined || newest.size === 0) return;
      await Promise.all(
        asked.map(async ({ witness, url }) => {
          const about = known.get(witness.verifier);
          const now = deps.clock.now();
          if (about === undefined || about.state.size === newest.size || now.getTime() < about.notBefore)
            return;
          const outcome = await askOne(deps, witness, url, newest, about.knows);
          const failed = outcome.state.state !== 'cosigns';
          known.set(witness.verifier, {
            // What it cosigned before stays cosigned.
            state: failed ? { ...outcome.state, size: about.state.size, at: about.state.at } : outcome.state,
            knows: outcome.knows,
            notBefore: failed ? now.getTime() + pauseMilliseconds : 0,
          });
        }),
      );
    },
  };
}

async function askOne(
  deps: WitnessesDeps,
  { name, verifier }: PolicyWitness,
  url: string,
  { size, note }: { size: number; note: string },
  knows: number,
): Promise<{ state: WitnessState; knows: number }> {
  const state = (kind: WitnessState['state'], detail: string): WitnessState => ({
    name,
    state: kind,
    detail,
    size: null,
    at: null,
  });
  let old = knows;
  try {
    // Once more after it has said what size it knows.
    for (let tries = 0; tries < 2; tries++) {
      if (old > size)
        return {
          state: state(
            'refuses',
            `it saw ${old} entries, and the log has ${size}: the log was cut off or restored`,
          ),
          knows: old,
        };
      const proof = old === 0 ? [] : await deps.reader.consistency(old, size);
      const body = writeAddCheckpoint({ old, proof, checkpoint: note });
      const answer = await deps.post(`${url.replace(/\/+$/, '')}/add-checkpoint`, body);
      if (answer.status === 200) {
        const { line, seconds } = readCosignature(note, answer.body, verifier);
        await deps.records.transaction(access, (tx) =>
          insertCosignature(tx, { size: parseCheckpoint(note).size, witness: verifier.vkey, line, seconds }),
        );
        const at = new Date(seconds * 1000);
        return {
          state: { ...state('cosigns', `saw ${size} entries`), size, at },
          knows: size,
        };
      }
      const told = /^(0|[1-9]\d{0,15})\n$/.exec(answer.body)?.[1];
      if (answer.status !== 409 || told === undefined)
        return { state: state(...refusal(answer.status)), knows: old };
      old = Number(told);
    }
    return { state: state('silent', 'it changed its mind about what it saw'), knows: old };
  } catch (error) {
    return { state: state('silent', error instanceof Error ? error.message : String(error)), knows: old };
  }
}

function refusal(status: number): [WitnessState['state'], string] {
  if (status === 422)
    return ['refuses', 'it saw another log under this name: the log was forked or rewritten'];
  if (status === 403) return ['refuses', "it does not know this log's keys"];
  if (status === 404) return ['refuses', 'it does not watch this log'];
  return ['silent', `it answered ${status}`];
}
