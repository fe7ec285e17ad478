import { ownFormat } from '../../src/assets/readers/own.ts';

/** Numbers that are the same each time. @see Marsaglia, Xorshift RNGs (2003) */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}

/** An invented inventory with the shape of a real one: few information assets, many hosts, some hubs. */
export function inventory(assets: number, edges: number): string {
  const random = numbers(42);
  const shares = [
    ['information', 0.02],
    ['service', 0.02],
    ['application', 0.08],
    ['data-store', 0.04],
    ['host', 0.74],
    ['hypervisor', 0.02],
    ['network', 0.02],
    ['account', 0.05],
    ['supplier', 0.01],
  ] as const;
  const list = shares.flatMap(([kind, share], level) =>
    Array.from({ length: Math.max(1, Math.round(assets * share)) }, (_, at) => ({
      kind,
      level,
      name: `${kind}-${at}`,
    })),
  );
  const keysOf = ({ kind, name }: { kind: string; name: string }) =>
    kind === 'host' || kind === 'hypervisor'
      ? [{ kind: 'hostname', value: name }]
      : [{ kind: 'name', value: `${kind}:${name}` }];
  const depends = list.map((): Map<string, object> => new Map());
  const levels = shares.map((_, level) => list.filter((one) => one.level === level));
  for (let made = 0, tries = 0; made < edges && tries < edges * 4; tries++) {
    const at = Math.floor(random() * list.length);
    const level = Math.min(shares.length - 1, (list[at]?.level ?? 0) + 1 + Math.floor(random() * 2));
    const below = levels[level] ?? [];
    // A few are needed by many.
    const to = below[Math.floor(random() ** 2 * below.length)];
    if (to === undefined || to === list[at] || depends[at]?.has(to.name)) continue;
    const pick = (): number => [10, 50, 90, 100][Math.floor(random() * 4)] ?? 100;
    depends[at]?.set(to.name, { name: to.name, to: keysOf(to), c: pick(), i: pick(), a: pick() });
    made++;
  }
  return JSON.stringify({
    format: ownFormat,
    assets: list.map((one, at) => ({
      kind: one.kind,
      name: one.name,
      keys: keysOf(one),
      fields:
        one.kind === 'host' ? { os: 'Debian GNU/Linux', osVersion: '12', owner: `Team ${at % 20}` } : {},
      seenAt: null,
      dependsOn: [...(depends[at]?.values() ?? [])],
      reaches: [],
    })),
  });
}
