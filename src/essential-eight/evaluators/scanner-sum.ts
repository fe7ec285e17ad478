import type { Collection, Fact } from '#governance/evidence';
import { date, flag, text, texts } from './values.ts';

export type Component = 'os' | 'application' | 'driver' | 'firmware';
const components: readonly string[] = ['os', 'application', 'driver', 'firmware'];
const isComponent = (value: string | undefined): value is Component =>
  value !== undefined && components.includes(value);

/** One look of a scanner at a host. Times are ISO 8601, as JSON keeps them. */
export type Run = {
  host: string;
  at: string;
  scanner: string;
  feedAt: string | null;
  /** Without an account on the host a scanner sees what is open, and not what is missing. */
  credentialed: boolean | null;
  reaches: Component[];
};
export type Sighting = {
  host: string;
  at: string;
  scanner: string;
  id: string;
  cves: string[];
  product: string;
  component: Component;
  critical: boolean;
  released: string | null;
};
export type ScannerSum = { runs: Run[]; sightings: Sighting[] };

export function beginScanner(collection: Collection): { add(fact: Fact): void; sum(): ScannerSum } {
  const runs: Run[] = [];
  const sightings: Sighting[] = [];
  return {
    add(fact) {
      const seen = { collection, fact };
      if (fact.at === undefined) return;
      const common = {
        host: fact.subject,
        at: fact.at.toISOString(),
        scanner: text(seen, 'scanner') ?? 'a scanner',
      };
      if (text(seen, 'what') === 'run')
        runs.push({
          ...common,
          feedAt: date(seen, 'feedAt')?.toISOString() ?? null,
          credentialed: flag(seen, 'credentialed') ?? null,
          reaches: texts(seen, 'reaches').filter(isComponent),
        });
      const component = text(seen, 'component');
      const id = text(seen, 'id');
      if (text(seen, 'what') === 'finding' && id !== undefined && isComponent(component))
        sightings.push({
          ...common,
          id,
          cves: [...texts(seen, 'cves')],
          product: text(seen, 'product') ?? id,
          component,
          critical: flag(seen, 'critical') ?? false,
          released: date(seen, 'released')?.toISOString() ?? null,
        });
    },
    sum: () => ({ runs, sightings }),
  };
}
