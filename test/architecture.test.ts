import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { describe, expect, test } from 'vitest';
import rules from '../.dependency-cruiser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(`${root}${path}`));
const sources = tracked.filter((path) => /^(src|packages|web)\/.*\.tsx?$/.test(path));
const read = (path: string): string => readFileSync(`${root}${path}`, 'utf8');

describe('the house', () => {
  test('keeps its import rules, and every source file was read', async () => {
    const { output } = await cruise(sources, {
      ...rules.options,
      baseDir: root,
      ruleSet: { forbidden: rules.forbidden },
      validate: true,
    });
    if (typeof output === 'string') throw new Error(output);
    const result: ICruiseResult = output;
    const seen = new Set(result.modules.map((module) => module.source));
    expect(sources.filter((path) => !seen.has(path))).toEqual([]);
    // A parser that reads nothing finds no import and so no fault: a file that has imports must show them.
    const unread = result.modules.filter(
      (module) =>
        sources.includes(module.source) &&
        module.dependencies.length === 0 &&
        /^(import|export)\b[^;']*\bfrom '/m.test(read(module.source)),
    );
    expect(unread.map((module) => module.source)).toEqual([]);
    expect(
      result.summary.violations.map((found) => `${found.rule.name}: ${found.from} -> ${found.to}`),
    ).toEqual([]);
  });

  test('catches an import that points up', async () => {
    const baseDir = `${root}test/fixtures/upward-import`;
    const { output } = await cruise(['src'], {
      ...rules.options,
      baseDir,
      ruleSet: { forbidden: rules.forbidden },
      validate: true,
    });
    if (typeof output === 'string') throw new Error(output);
    expect(output.summary.violations.map((found) => found.rule.name)).toContain('layer-platform-points-up');
  });

  test('only app and cli read the environment', () => {
    const readers = sources.filter(
      (path) =>
        /^src\/(?!app\/|cli\/)/.test(path) &&
        !/\.test\.ts$|\/testing\.ts$/.test(path) &&
        /\bprocess\.env\b/.test(read(path)),
    );
    expect(readers).toEqual([]);
  });

  test('every module says what it is for', () => {
    const silent = sources.filter(
      (path) =>
        /^src\/.*\/index\.ts$|^packages\/[^/]+\/src\/index\.ts$/.test(path) && !read(path).startsWith('/**'),
    );
    expect(silent).toEqual([]);
  });

  test('nobody imports by climbing', () => {
    const climbers = sources.filter(
      (path) => path.startsWith('src/') && /from '(\.\.\/){2,}/.test(read(path)),
    );
    expect(climbers).toEqual([]);
  });
});

describe('the documents', () => {
  test('every problem code has its paragraph in docs/problems.md, and none is left over', () => {
    const codes = new Set<string>();
    for (const path of sources.filter((name) => name.startsWith('src/') && !name.endsWith('.test.ts'))) {
      for (const match of read(path).matchAll(/readonly code(?:: string)? = '([a-z0-9-]+)'/g))
        codes.add(match[1] ?? '');
    }
    const documented = new Set(
      [...read('docs/problems.md').matchAll(/^## ([a-z0-9-]+)$/gm)].map((match) => match[1] ?? ''),
    );
    expect({
      missing: [...codes].filter((code) => !documented.has(code)),
      leftOver: [...documented].filter((code) => !codes.has(code)),
    }).toEqual({ missing: [], leftOver: [] });
  });

  test('relative links in the documents lead somewhere', () => {
    const broken: string[] = [];
    for (const path of tracked.filter((name) => name.endsWith('.md'))) {
      for (const match of read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
        const target = new URL(match[1] ?? '', `file://${root}${path}`);
        if (!existsSync(target)) broken.push(`${path}: ${match[1]}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test('migrations are numbered once', () => {
    const numbers = tracked
      .filter((path) => /\/migrations\/\d{4}_.*\.sql$/.test(path) && !path.includes('platform/events'))
      .map((path) => path.split('/').at(-1)?.slice(0, 4) ?? '');
    expect(numbers.length).toBe(new Set(numbers).size);
  });

  test('decisions are numbered without gaps', () => {
    const numbers = readdirSync(`${root}docs/decisions`)
      .filter((name) => /^\d{4}-/.test(name))
      .map((name) => Number(name.slice(0, 4)))
      .sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  });
});
