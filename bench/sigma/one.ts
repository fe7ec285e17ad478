/**
 * `node one.ts RULES EVENTS.ndjson routed|all`: reads the rules, matches the events, writes one line a match. A process
 * like rsigma's, for rsigma.ts to set beside it.
 */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compile, createRecogniser } from '@ironbark/sigma';

const [, , rules = '', events = '', mode = 'routed'] = process.argv;
const files = readdirSync(rules, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yml'))
  .map((path) => ({ path, text: readFileSync(join(rules, path), 'utf8') }));
const matcher = compile(files).ruleset.matcher({ routing: mode === 'routed' });
const recognise = createRecogniser();
let out: string[] = [];
// Its last line on stderr: seconds of processor time since the first event, which waits for its rules' plan.
let begun = process.cpuUsage();
let at = 0;
for await (const line of createInterface({ input: createReadStream(events) })) {
  const event = recognise(JSON.parse(line));
  if (event.format !== 'unreadable') {
    for (const { rule } of matcher.match(event, line))
      out.push(
        JSON.stringify({ line: at, id: rule.id, title: rule.title, level: rule.level, tags: rule.tags }),
      );
  }
  if (at === 0) begun = process.cpuUsage();
  at++;
  if (out.length > 1000) {
    process.stdout.write(`${out.join('\n')}\n`);
    out = [];
  }
}
if (out.length > 0) process.stdout.write(`${out.join('\n')}\n`);
const { user, system } = process.cpuUsage(begun);
process.stderr.write(`${(user + system) / 1e6}\n`);
