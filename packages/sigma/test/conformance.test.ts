import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile, type Compiled, recognise } from '../src/index.ts';
import { corpus, lines, logsourceOf, type Recording, recordings, ruleFiles } from './corpus.ts';

/** Outside truth: SigmaHQ's rules, recorded events, and which rules must match which line. */
describe.skipIf(corpus === undefined)('the detection corpus', () => {
  let compiled: Compiled;
  beforeAll(() => {
    compiled = compile(ruleFiles());
  });

  test('3,755 rules are active, 2 are rejected for a placeholder without values, none is lost', () => {
    expect(compiled.rules.length).toBe(3755);
    expect(compiled.faults.map((fault) => fault.what)).toEqual(['placeholder', 'placeholder']);
    expect(compiled.faults.every((fault) => fault.ruleId !== null && fault.line > 1)).toBe(true);
    expect(ruleFiles().length).toBe(3757);
  });

  for (const recording of recordings()) {
    test(`${recording.name}: exactly the expected rules match each line`, { timeout: 600_000 }, async () => {
      const differences = await differencesOf(compiled, recording);
      expect(differences).toEqual([]);
    });
  }

  test('every recording of SigmaHQ fires the rule it was made for', async () => {
    const recording = recordings().find(({ name }) => name === 'windows-sigmahq-regression');
    const wanted = JSON.parse(
      readFileSync(`${corpus}/expected/windows-sigmahq-regression.source.json`, 'utf8'),
    ) as Record<string, { rule: string; first_line: number; events: number }>; // The data's own README describes the file.
    expect(recording).toBeDefined();
    if (!recording) return;
    const matcher = compiled.ruleset.matcher();
    const fired: Set<string>[] = [];
    for await (const line of lines(recording.file)) {
      const event = recognise(JSON.parse(line), { product: 'windows' });
      fired.push(
        new Set(event.format === 'unreadable' ? [] : matcher.match(event).map((hit) => hit.rule.id)),
      );
    }
    const silent = Object.entries(wanted).filter(
      ([, { rule, first_line, events }]) =>
        !fired.slice(first_line, first_line + events).some((ids) => ids.has(rule)),
    );
    expect(Object.keys(wanted).length).toBeGreaterThan(100);
    expect(silent).toEqual([]);
  });
});

async function differencesOf(compiled: Compiled, recording: Recording): Promise<unknown[]> {
  const path = `${corpus}/expected/${recording.name}.json`;
  if (!existsSync(path)) throw new Error(`no expectations for ${recording.name}`);
  // The data's own README describes the file.
  const expected = (JSON.parse(readFileSync(path, 'utf8')) as { matches_by_line: Record<string, string[]> })
    .matches_by_line;
  const matcher = compiled.ruleset.matcher();
  const differences: unknown[] = [];
  const left = new Set(Object.keys(expected));
  let number = 0;
  for await (const line of lines(recording.file)) {
    const record: unknown = JSON.parse(line);
    const event = recognise(record, logsourceOf(recording, record));
    const found =
      event.format === 'unreadable'
        ? []
        : matcher
            .match(event, line)
            .map((hit) => hit.rule.id)
            .sort();
    if (matcher.truncated) differences.push({ line: number, truncated: true });
    const wanted = (expected[number] ?? []).toSorted();
    left.delete(String(number));
    if (found.join() !== wanted.join()) differences.push({ line: number, found, wanted });
    number++;
  }
  if (left.size > 0) differences.push({ never: [...left] });
  return differences;
}
