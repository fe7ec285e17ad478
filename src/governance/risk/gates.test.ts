import { RiskEngine } from '@ironbark/risk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Asset, AssetEdges } from '#assets';
import { buildModel, systemDefaults } from './inputs.ts';

/*
 * What docs/assets.md says a gate means, against what the engine draws. Everything here is certain: an asset has failed or
 * it has not, and a loss is felt whole or not at all. So each draw has to say what the words say.
 */

type Gate = AssetEdges['gates'][number];
type Edge = AssetEdges['dependencies'][number];
type Inventory = { readonly size: number; readonly failed: readonly number[]; readonly edges: AssetEdges };

const name = (at: number): string => `asset-${at}`;
const made = (at: number): Asset => ({
  id: name(at),
  tenancy: 'wattle-odce',
  environment: 'odce',
  kind: at % 3 === 0 ? 'information' : 'host',
  name: name(at),
  fields: {},
  value: { c: undefined, i: undefined, a: undefined },
  exposure: undefined,
  retired: false,
  seenAt: null,
});

/** Up to eight assets, up to three gates each, cycles and all; a gate has two members or more, and k is at most that. */
const inventories: fc.Arbitrary<Inventory> = fc
  .record({
    size: fc.integer({ min: 3, max: 8 }),
    failed: fc.array(fc.nat(7), { maxLength: 6 }),
    loose: fc.array(fc.record({ from: fc.nat(7), to: fc.nat(7), felt: fc.boolean() }), { maxLength: 6 }),
    gates: fc.array(
      fc.record({
        at: fc.nat(7),
        kind: fc.constantFrom('any' as const, 'all' as const, 'k-of-n' as const),
        k: fc.nat(4),
        members: fc.uniqueArray(fc.record({ to: fc.nat(7), felt: fc.boolean() }), {
          minLength: 2,
          maxLength: 5,
          selector: ({ to }) => to,
        }),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ size, failed, loose, gates }) => {
    const taken = new Set<string>();
    const free = (from: number, to: number): boolean => {
      const pair = `${from}>${to}`;
      if (from === to || taken.has(pair)) return false;
      taken.add(pair);
      return true;
    };
    const dependencies: Edge[] = [];
    const kept: Gate[] = [];
    const edge = (from: number, to: number, felt: boolean, gate: string | undefined): Edge => ({
      dependant: name(from),
      dependency: name(to),
      c: felt ? 1 : 0,
      i: 0,
      a: felt ? 1 : 0,
      gate,
    });
    for (const [at, gate] of gates.entries()) {
      const from = gate.at % size;
      const members = gate.members.filter(({ to }) => to < size && free(from, to));
      if (members.length === 0) continue;
      const called = `gate ${at}`;
      const k = gate.kind === 'k-of-n' ? 1 + (gate.k % members.length) : undefined;
      kept.push({ dependant: name(from), name: called, kind: gate.kind, k });
      dependencies.push(...members.map(({ to, felt }) => edge(from, to, felt, called)));
    }
    for (const { from, to, felt } of loose)
      if (free(from % size, to % size)) dependencies.push(edge(from % size, to % size, felt, undefined));
    return {
      size,
      failed: [...new Set(failed.map((at) => at % size))],
      edges: { dependencies, gates: kept, reaches: [] },
    };
  });

/**
 * By the words alone. Availability: `any` loses with the loss of one, `all` only when all are lost, `k-of-n` when fewer
 * than k are left. Confidentiality has no redundancy: a copy that is disclosed is disclosed.
 */
function lostByWords({ size, failed, edges }: Inventory, dimension: 'c' | 'a'): ReadonlySet<string> {
  const lost = new Set(failed.map(name));
  const feels = (one: Edge): boolean => lost.has(one.dependency) && one[dimension] === 1;
  for (let before = -1; before !== lost.size; ) {
    before = lost.size;
    for (let at = 0; at < size; at++) {
      const own = edges.dependencies.filter(({ dependant }) => dependant === name(at));
      const alone = own.filter(({ gate }) => gate === undefined || dimension === 'c');
      const gated = edges.gates.filter(({ dependant }) => dependant === name(at) && dimension === 'a');
      const gives = gated.some((gate) => {
        const members = own.filter((one) => one.gate === gate.name);
        const left = members.filter((one) => !feels(one)).length;
        if (gate.kind === 'any') return left < members.length;
        return gate.kind === 'all' ? left === 0 : left < (gate.k ?? 0);
      });
      if (gives || alone.some(feels)) lost.add(name(at));
    }
  }
  return lost;
}

/** In every draw or in none. */
function lostByEngine({ size, failed, edges }: Inventory, dimension: 'c' | 'a'): ReadonlySet<string> {
  const assets = Array.from({ length: size }, (_, at) => made(at));
  const model = buildModel({
    assets,
    edges,
    findings: [],
    exploits: new Map(),
    seen: () => false,
    safeguards: [],
    standings: [],
    judgements: new Map(),
    parameters: systemDefaults,
    now: new Date('2026-11-02T00:00:00Z'),
  });
  const struck = failed.map((at) => ({
    id: `failed ${at}`,
    asset: name(at),
    kind: 'failure' as const,
    likelihood: 1,
    strikes: ['C', 'A'] as const,
  }));
  const engine = new RiskEngine({ ...model, threats: struck }, { draws: 4000 });
  const counts = assets.map(({ id }) => [id, engine.lost(id, dimension === 'c' ? 0 : 2)] as const);
  expect(counts.filter(([, count]) => count !== 0 && count !== engine.draws.count)).toEqual([]);
  return new Set(counts.filter(([, count]) => count > 0).map(([id]) => id));
}

test('what a gate means in the inventory is what the engine draws: any, all and k of n, in any small graph', () => {
  const seen = { gates: 0, held: 0, gave: 0 };
  fc.assert(
    fc.property(inventories, (inventory) => {
      for (const dimension of ['a', 'c'] as const) {
        const words = lostByWords(inventory, dimension);
        expect([...lostByEngine(inventory, dimension)].sort()).toEqual([...words].sort());
        if (dimension === 'c') continue;
        for (const { dependant } of inventory.edges.gates) {
          seen.gates++;
          if (words.has(dependant)) seen.gave++;
          else seen.held++;
        }
      }
    }),
    { numRuns: 300, seed: 7 },
  );
  // Not vacuous: there were many gates, of which many held and many gave way.
  expect(Math.min(seen.held, seen.gave)).toBeGreaterThan(100);
});

test('k of n is lost when fewer than k are left, and not before', () => {
  const member = (to: number): Edge => ({
    dependant: name(0),
    dependency: name(to),
    c: 0,
    i: 0,
    a: 1,
    gate: 'web',
  });
  const edges: AssetEdges = {
    dependencies: [1, 2, 3].map(member),
    gates: [{ dependant: name(0), name: 'web', kind: 'k-of-n', k: 2 }],
    reaches: [],
  };
  expect(lostByEngine({ size: 4, failed: [1], edges }, 'a')).toEqual(new Set([name(1)]));
  expect(lostByEngine({ size: 4, failed: [1, 3], edges }, 'a')).toEqual(new Set([0, 1, 3].map(name)));
});
