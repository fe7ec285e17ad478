import type { Asset, Control, Dependency, Finding, Group, Reach, RiskModel, Threat } from '../src/index.ts';

/** How large an invented estate is. */
export type EstateSize = { readonly assets: number; readonly findings: number; readonly edges: number };

/**
 * An invented provider's estate, the same for the same size: tenancies with their own networks on shared hypervisors
 * and storage, a management zone that reaches all of them, services of two replicas, information assets on top. Steps
 * are small inside a tenancy, smaller across; EPSS falls off as the real one does, and 2 in 100 findings are in KEV.
 */
export function estate({ assets: count, findings: findingCount, edges: edgeCount }: EstateSize): RiskModel {
  const next = sequence(42);
  const below = (n: number): number => Math.floor(next() * n);
  const shared = Math.max(4, Math.floor(count / 100));
  const management = Math.max(4, Math.floor(count / 100));
  const information = Math.max(4, Math.floor(count / 20));
  const hosts = count - shared - management - information;
  const tenancies = Math.max(2, Math.floor(hosts / 60));
  const host = (n: number): string => `host-${n}`;
  const tenancyOf = (n: number): number => n % tenancies;
  const mate = (n: number): number => {
    const size = Math.floor((hosts - 1 - tenancyOf(n)) / tenancies) + 1;
    return tenancyOf(n) + below(size) * tenancies;
  };

  const assets: Asset[] = [];
  for (let n = 0; n < shared; n++)
    assets.push({ id: `shared-${n}`, kind: 'supporting', exposure: 'management' });
  for (let n = 0; n < management; n++)
    assets.push({ id: `admin-${n}`, kind: 'supporting', exposure: 'management' });
  for (let n = 0; n < hosts; n++)
    assets.push({ id: host(n), kind: 'supporting', exposure: n % 12 === 0 ? 'internet' : 'tenant' });
  for (let n = 0; n < information; n++)
    assets.push({
      id: `information-${n}`,
      kind: 'information',
      exposure: 'offline',
      values: { C: band(1 + below(5)), I: band(1 + below(4)), A: band(1 + below(4)) },
    });

  const dependencies: Dependency[] = [];
  const groups: Group[] = [];
  const reach: Reach[] = [];
  const taken = new Set<string>();
  const once = (id: string): boolean => !taken.has(id) && taken.add(id) !== undefined;
  for (let n = 0; n < hosts; n++)
    dependencies.push({ from: host(n), to: `shared-${n % shared}`, degree: { C: 0.9, I: 0.9, A: 1 } });
  for (let n = 0; n < information; n++) {
    const home = below(hosts);
    groups.push({ id: `replicas-${n}`, asset: `information-${n}`, lost: 'all' });
    for (let r = 0; r < 2; r++)
      if (once(`i${n}-${(home + r * tenancies) % hosts}`))
        dependencies.push({
          from: `information-${n}`,
          to: host((home + r * tenancies) % hosts),
          degree: { C: 1, I: 0.9, A: 1 },
          group: `replicas-${n}`,
        });
  }
  // Half of what is left are steps, half are dependencies inside a tenancy.
  while (dependencies.length + reach.length < edgeCount) {
    const from = below(hosts);
    if (next() < 0.55) {
      const admin = next() < 0.05;
      const to = mate(from);
      const source = admin ? `admin-${below(management)}` : host(from);
      const kind = admin ? 'admin' : 'network';
      if (source !== host(to) && once(`${kind}${source}>${to}`))
        reach.push({ from: source, to: host(to), kind, step: admin ? 0.1 : 0.02 });
    } else {
      const to = mate(from);
      if (from !== to && once(`d${from}>${to}`))
        dependencies.push({ from: host(from), to: host(to), degree: degrees[below(degrees.length)] ?? 0.1 });
    }
  }

  const findings: Finding[] = [];
  for (let n = 0; n < findingCount; n++) {
    const on = n < findingCount / 50 ? below(shared + management) : shared + management + below(hosts);
    findings.push({
      id: `finding-${n}`,
      asset: assets[on]?.id ?? '',
      cve: `CVE-2026-${1000 + below(4000)}`,
      epss: Math.min(0.97, 0.0005 / (next() + 0.0005) ** 0.9),
      ...(next() < 0.02 ? { kev: true } : {}),
      asOf: '2026-10-28T00:00:00Z',
    });
  }
  const threats: Threat[] = [];
  for (let n = 0; n < management; n++)
    threats.push({
      id: `credential-${n}`,
      asset: `admin-${n}`,
      kind: 'credential',
      likelihood: { alpha: 1, beta: 30 },
    });
  for (let n = 0; n < shared; n++)
    threats.push({ id: `failure-${n}`, asset: `shared-${n}`, kind: 'failure', likelihood: 0.005 });
  return {
    format: 'ironbark-risk-1',
    asOf: '2026-11-02T00:00:00Z',
    assets,
    dependencies,
    groups,
    reach,
    findings,
    threats,
    controls,
  };
}

const controls: Control[] = [
  { id: 'patching', status: 'Effective', against: ['exploit'], on: 'all' },
  { id: 'application-control', status: 'Ineffective', against: ['exploit'], on: 'all' },
  { id: 'mfa', status: 'Alternate Control', against: ['credential', 'identity'], on: 'all' },
  { id: 'administration', status: 'No Visibility', against: ['admin'], on: 'all' },
];
const degrees = [0.01, 0.1, 0.1, 0.5, 0.9];
const band = (n: number): 1 | 2 | 3 | 4 | 5 => (n <= 1 ? 1 : n === 2 ? 2 : n === 3 ? 3 : n === 4 ? 4 : 5);

/** A plain generator, so that an estate is the same on every machine. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x45d9f3b);
    return ((x ^ (x >>> 15)) >>> 0) / 4_294_967_296;
  };
}
