import {
  compile,
  type Compiled,
  createRecogniser,
  loadCompiled,
  type Matcher,
  type Ruleset,
  saveCompiled,
} from '../src/index.ts';
import { activeFolders, corpus, lines, ruleFiles } from '../test/corpus.ts';

/** Events per second of processor time, one lane: JSON text in, alerts counted, the best of a few rounds. */
export type LaneResult = {
  readonly lane: string;
  readonly mode: 'all rules' | 'routed';
  readonly events: number;
  readonly alerts: number;
  readonly eventsPerSecond: number;
  readonly parseOnlyPerSecond: number;
};

export const syntheticLanes = {
  structured_windows: 'rsigma-structured_windows',
  raw_windows: 'rsigma-raw_windows',
  sysmon_file: 'rsigma-sysmon_file_event',
  cisco: 'rsigma-cisco_syslog',
} as const;

export async function laneTexts(file: string, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  const texts: string[] = [];
  for await (const line of lines(`${corpus}/${file}.ndjson.gz`)) {
    if (texts.push(line) >= most) break;
  }
  return texts;
}

export function runLane(
  lane: string,
  texts: readonly string[],
  ruleset: Ruleset,
  routing: boolean,
  rounds = 5,
): LaneResult {
  const matcher = ruleset.matcher({ routing });
  let best = Number.POSITIVE_INFINITY;
  let bestParse = Number.POSITIVE_INFINITY;
  let alerts = 0;
  for (let round = 0; round < rounds; round++) {
    bestParse = Math.min(
      bestParse,
      timed(() => parseOnly(texts)),
    );
    best = Math.min(
      best,
      timed(() => {
        alerts = matchAll(texts, matcher);
      }),
    );
  }
  return {
    lane,
    mode: routing ? 'routed' : 'all rules',
    events: texts.length,
    alerts,
    eventsPerSecond: (texts.length / best) * 1000,
    parseOnlyPerSecond: (texts.length / bestParse) * 1000,
  };
}

export function matchAll(texts: readonly string[], matcher: Matcher): number {
  let alerts = 0;
  const recognise = createRecogniser();
  for (const text of texts) {
    const event = recognise(JSON.parse(text));
    if (event.format !== 'unreadable') alerts += matcher.match(event, text).length;
  }
  return alerts;
}

function parseOnly(texts: readonly string[]): number {
  let seen = 0;
  for (const text of texts) if (JSON.parse(text) !== null) seen++;
  return seen;
}

/** Milliseconds of processor time of the whole process, compiler and collector threads included. */
function timed(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

export function compileFolders(folders: readonly string[] = activeFolders): {
  compiled: Compiled;
  coldMs: number;
  warmMs: number;
  bytes: Uint8Array<SharedArrayBuffer>;
} {
  const files = ruleFiles(folders);
  const begun = performance.now();
  const compiled = compile(files);
  const coldMs = performance.now() - begun;
  const bytes = saveCompiled(compiled, 'bench');
  const again = performance.now();
  loadCompiled(bytes, 'bench');
  return { compiled, coldMs, warmMs: performance.now() - again, bytes };
}
