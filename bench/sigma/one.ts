/**
 * `node one.ts RULES EVENTS.ndjson routed|all`: reads the rules, matches the events, writes one line a match. A process
 * like rsigma's, for rsigma.ts to set beside it.
 */
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, createRecogniser, type Rule } from '@ironbark/sigma';

const [, , rules = '', events = '', mode = 'routed'] = process.argv;
const files = readdirSync(rules, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yml'))
  .map((path) => ({ path, text: readFileSync(join(rules, path), 'utf8') }));
const matcher = compile(files).ruleset.matcher({ routing: mode === 'routed' });
const recognise = createRecogniser();
// What a match says of its rule is the same every time: written once a rule.
const tails = new Map<Rule, string>();
function tailOf(rule: Rule): string {
  let tail = tails.get(rule);
  if (tail === undefined) {
    const { id, title, level, tags } = rule;
    tail = `${JSON.stringify({ id, title, level, tags }).slice(1)}\n`;
    tails.set(rule, tail);
  }
  return tail;
}
let out = '';
// Its last line on stderr: seconds of processor time since the first event, which waits for its rules' plan.
let begun = process.cpuUsage();
let at = 0;
function one(line: string): void {
  const event = recognise(JSON.parse(line));
  if (event.format !== 'unreadable')
    for (const { rule } of matcher.match(event, line)) out += `{"line":${at},${tailOf(rule)}`;
  if (at === 0) begun = process.cpuUsage();
  at++;
}
let rest = '';
for await (const chunk of createReadStream(events, { encoding: 'utf8', highWaterMark: 256 * 1024 })) {
  const lines = (rest + String(chunk)).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) one(line);
  process.stdout.write(out);
  out = '';
}
if (rest !== '') one(rest);
process.stdout.write(out);
const { user, system } = process.cpuUsage(begun);
process.stderr.write(`${(user + system) / 1e6}\n`);
