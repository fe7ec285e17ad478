import { createRecogniser, reasons, reasonsBudget } from '../src/index.ts';
import { hostileCorpus, matcherOf } from '../test/hostile-events.ts';

/**
 * The longest a worker is held by one event that was made to hold it: ten megabytes each, the first time (plans already
 * built, nothing remembered), and by saying why of all rules that are true of it. Milliseconds of this thread's processor time, the least of a few tries.
 */
export function runStalls(tries = 3): void {
  console.log('\nHostile events of ten megabytes: milliseconds in the matcher and of saying why');
  let worst = 0;
  const recognise = createRecogniser();
  for (const hostile of hostileCorpus()) {
    let least = Number.POSITIVE_INFINITY;
    let spent = 0;
    let undecided = 0;
    for (let attempt = 0; attempt < tries; attempt++) {
      const matcher = matcherOf(hostile);
      matcher.match({ ...hostile.event, fields: { f: 'x' } });
      const begun = process.threadCpuUsage();
      const budget = reasonsBudget();
      for (const { rule } of matcher.match(hostile.event)) reasons(rule, hostile.event, budget);
      const { user, system } = process.threadCpuUsage(begun);
      least = Math.min(least, (user + system) / 1000);
      ({ spent } = matcher);
      ({ undecided } = matcher.statistics());
    }
    worst = Math.max(worst, least);
    console.log(
      `${hostile.name.padEnd(64)}${least.toFixed(1).padStart(7)} ms ${(spent / 1e6).toFixed(1).padStart(6)} M units ${String(undecided).padStart(5)} undecided`,
    );
  }
  const text = JSON.stringify({ product: 'p', f: 'x'.repeat(10 * 1024 * 1024) });
  const begun = performance.now();
  recognise(JSON.parse(text));
  console.log(
    `worst: ${worst.toFixed(1)} ms (JSON.parse of one such event: ${(performance.now() - begun).toFixed(1)} ms)`,
  );
}
