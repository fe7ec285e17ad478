import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  communityContent,
  seconds,
  seeded,
  storyContent,
  storyUntil,
  trafficBetween,
  trafficContent,
} from './story.ts';

const content = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../content/demo/${name}`, import.meta.url)), 'utf8');
const traffic = trafficContent.parse(JSON.parse(content('traffic.json')));
const story = storyContent.parse(JSON.parse(content('story.json')));
const community = communityContent.parse(parse(content('community.yaml')));
const now = new Date('2026-11-23T03:00:00Z');

describe("the demo's story", () => {
  test('fills every placeholder, and every JSON item is JSON', () => {
    const items = [
      ...storyUntil(now, story, traffic.lists, seeded(1)),
      ...trafficBetween(new Date('2026-11-22T03:00:00Z'), now, 500, traffic, seeded(2)),
    ];
    expect(items.length).toBeGreaterThan(600);
    for (const item of items) {
      expect(item.body).not.toContain('{{');
      if (!item.body.startsWith('<')) expect(JSON.parse(item.body)).toBeTypeOf('object');
    }
  });

  test('comes oldest first and lies in the past', () => {
    const times = storyUntil(now, story, traffic.lists, seeded(1)).map((item) => item.at.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(now.getTime());
  });

  test('is the same for the same seed', () => {
    expect(trafficBetween(new Date(0), now, 50, traffic, seeded(7))).toEqual(
      trafficBetween(new Date(0), now, 50, traffic, seeded(7)),
    );
  });

  test('uses only sources of the demo, all of them, and only their tenancies', () => {
    const used = new Set(
      [...story.chapters.flatMap((chapter) => chapter.steps), ...traffic.traffic].map((each) => each.source),
    );
    expect([...used].sort()).toEqual(community.sources.map((source) => source.id).sort());
    const provider = ['odce', 'pdce'].map((environment) => `${community.provider.id}-${environment}`);
    const customers = community.organisations.flatMap(({ id, environments }) =>
      environments.map((environment) => `${id}-${environment}`),
    );
    const tenancies = new Set([...provider, ...customers]);
    for (const source of community.sources) expect(tenancies).toContain(source.tenancy);
    expect(community.organisations.length).toBe(4);
  });
});

test.each([
  ['2h10m', 7800],
  ['9s', 9],
  ['1h', 3600],
])('%s is %d seconds', (text, expected) => {
  expect(seconds(text)).toBe(expected);
});

test.each(['', '5', 'soon'])('"%s" is not a span', (text) => {
  expect(() => seconds(text)).toThrow('not a span');
});
