import type { Draws } from './draws.ts';
import { type Graphs, type Variant, walkAll, type Walked, walksIn } from './walk.ts';

/** All draws of a model, to be made from nothing. Its bits are shared memory: another thread can be given it. */
export type Work = {
  readonly layers: Readonly<Record<Variant, Walked>>;
  readonly graphs: Graphs;
  readonly draws: Draws;
  /** How many walks were begun, and how many are done; the last is 1 where a helper failed. */
  readonly progress: Int32Array;
};
/** Gets other threads to `walkOn`. */
export type Helpers = (work: Work) => void;
const begun = 0;
const finished = 1;
const failed = 2;

/** Words of bits below which a thread takes longer to start than it saves. */
const worthHelp = 2_000_000;
const patienceMs = 600_000;

export const workOf = (layers: Work['layers'], graphs: Graphs, draws: Draws): Work => ({
  layers,
  graphs,
  draws,
  progress: new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT)),
});

/**
 * This thread and its helpers: whoever is free takes the next walk. A helper that never starts costs nothing but its
 * help; this thread waits only for walks that one has begun.
 */
export function walkTogether(work: Work, helpers?: Helpers): void {
  const { graphs, draws, progress } = work;
  if (graphs.reach.nodes * draws.worlds * draws.words >= worthHelp)
    helpers?.({ ...work, graphs: withoutNames(graphs) });
  walkOn(work);
  const end = performance.now() + patienceMs;
  for (let done = walksDone(work); done < walksIn(draws); done = walksDone(work)) {
    if (Atomics.load(progress, failed) === 1) throw new Error('A thread that drew the risk failed.');
    if (performance.now() > end) throw new Error('A thread that draws the risk does not answer.');
    Atomics.wait(progress, finished, done, 1000);
  }
}

/** Takes walks as long as there are any. A failure is told to who waits, and thrown. */
export function walkOn({ layers, graphs, draws, progress }: Work): void {
  try {
    walkAll(
      layers,
      graphs,
      draws,
      () => Atomics.add(progress, begun, 1),
      () => {
        Atomics.add(progress, finished, 1);
        Atomics.notify(progress, finished);
      },
    );
  } catch (error) {
    Atomics.store(progress, failed, 1);
    Atomics.notify(progress, finished);
    throw error;
  }
}

export const walksDone = ({ progress }: Work): number => Atomics.load(progress, finished);

const withoutNames = ({ reach, depends, factors }: Graphs): Graphs => ({
  reach: { ...reach, name: [] },
  depends: depends.map((graph) => ({ ...graph, name: [] })),
  factors,
});
