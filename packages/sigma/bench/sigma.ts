/**
 * `node packages/sigma/bench/sigma.ts [lanes] [otrf] [workers] [tables] [stalls]`: the figures of the README. JSON text in, alerts
 * counted, one core unless said; beside each the same run's JSON.parse alone.
 */
import { availableParallelism } from 'node:os';
import { corpus } from '../test/corpus.ts';
import { compileFolders, type LaneResult, laneTexts, runLane, syntheticLanes } from './lanes.ts';
import { runStalls } from './stalls.ts';
import { runTables } from './tables.ts';
import { runWorkers } from './workers.ts';

const wanted = process.argv.slice(2);
const asked = (name: string): boolean => wanted.length === 0 || wanted.includes(name);

if (corpus === undefined) {
  console.log('The detection data is not there: put it beside the checkout or set IRONBARK_SHARED.');
  process.exit(1);
}
console.log(`Node ${process.version}, ${availableParallelism()} cores`);

if (asked('lanes')) {
  const { compiled } = compileFolders(['rules/']);
  console.log(`\nLanes of rsigma's generator, ${compiled.rules.length} rules (rules/)`);
  head();
  for (const [lane, file] of Object.entries(syntheticLanes)) {
    const texts = await laneTexts(`bench/${file}`);
    for (const routing of [false, true]) print(runLane(lane, texts, compiled.ruleset, routing));
  }
}

if (asked('otrf')) {
  const { compiled, coldMs, warmMs } = compileFolders();
  const texts = await laneTexts('events/windows-otrf', 60_000);
  console.log(`\nRecorded Windows events, ${compiled.rules.length} rules (all folders)`);
  head();
  print(runLane('otrf', texts, compiled.ruleset, true, 3));
  console.log(
    `load: cold ${coldMs.toFixed(0)} ms (from YAML), warm ${warmMs.toFixed(0)} ms (from saved bytes)`,
  );
}

if (asked('workers')) {
  const { bytes } = compileFolders();
  await runWorkers(bytes);
}

if (asked('tables')) await runTables(compileFolders().bytes);
if (asked('stalls')) runStalls();

function head(): void {
  console.log(
    'lane                mode         events/s   JSON.parse alone/s   parse+match : parse   alerts',
  );
}

function print(result: LaneResult): void {
  const ratio = result.parseOnlyPerSecond / result.eventsPerSecond;
  console.log(
    [
      result.lane.padEnd(20),
      result.mode.padEnd(10),
      Math.round(result.eventsPerSecond).toLocaleString('en-AU').padStart(11),
      Math.round(result.parseOnlyPerSecond).toLocaleString('en-AU').padStart(21),
      `${ratio.toFixed(2)} : 1`.padStart(22),
      String(result.alerts).padStart(8),
    ].join(''),
  );
}
