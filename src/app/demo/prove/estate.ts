import { z } from 'zod';
import { type AssetValue, assetValue, exposures, reachVia } from '#contract/assets';

const names = z.array(z.string()).default([]);
const exposure = z.enum(exposures);
const days = z.number().min(0);
const hostClass = z.object({
  name: z.string(),
  count: z.int().min(1).max(50),
  role: z.enum(['workstation', 'server', 'network-device']),
  os: z.string(),
  exposure,
  privileged: z.boolean().default(false),
  office: z.boolean().default(false),
  what: z.string(),
});
const supporting = z.object({ name: z.string(), exposure: exposure.optional() });
const onHosts = z.object({
  name: z.string(),
  on: z.array(z.string()),
  /** So many of its hosts are enough for it to be there; left out: each is felt. */
  needed: z.int().optional(),
  uses: names,
});
const information = z.object({
  name: z.string(),
  owner: z.string(),
  c: assetValue,
  i: assetValue,
  a: assetValue,
  on: names,
  /** One of the places it is kept at is enough for it to be there. */
  either: z.boolean().default(false),
});
const fix = z.object({
  plugin: z.int(),
  name: z.string(),
  os: z.enum(['windows', 'debian']).optional(),
  on: z.array(z.string()),
  severity: z.int(),
  cve: z.string(),
  cvss: z.number(),
  epss: z.number(),
  /** Days ago. */
  released: days,
  exploited: days.optional(),
  odce: days.optional(),
  pdce: days.optional(),
  left: z.record(z.string(), z.array(z.string())).default({}),
});
export type Fix = z.infer<typeof fix>;

/** content/demo/estate.yaml */
export const estateContent = z.object({
  hosts: z.array(hostClass),
  hypervisors: z.int(),
  sites: z.array(z.object({ name: z.string(), location: z.string() })),
  networks: z.array(supporting),
  suppliers: z.array(supporting),
  accounts: z.array(supporting.extend({ reaches: names })),
  applications: z.array(onHosts),
  stores: z.array(onHosts),
  services: z.array(
    z.object({
      name: z.string(),
      uses: names,
      networks: names,
      suppliers: names,
      hypervisors: z.boolean().default(false),
    }),
  ),
  information: z.array(information),
  reaches: z.array(z.object({ from: z.string(), to: z.string(), via: reachVia, probability: z.number() })),
  customers: z.array(
    z.object({ tenancy: z.string(), information: z.array(information), hosts: z.array(z.string()) }),
  ),
  fixes: z.array(fix),
});
export type Estate = z.infer<typeof estateContent>;
export type Information = z.infer<typeof information>;

export type Place = 'odce' | 'pdce';
/** What hosts of an environment are called by. */
export const prefixOf: Readonly<Record<Place, string>> = { odce: 'OF', pdce: 'PR' };
export const domainOf: Readonly<Record<Place, string>> = {
  odce: 'official.wattle.example',
  pdce: 'protected.wattle.example',
};
export const classificationOf: Readonly<Record<Place, string>> = {
  odce: 'OFFICIAL: Sensitive',
  pdce: 'PROTECTED',
};

export type DemoHost = Omit<z.infer<typeof hostClass>, 'count'> & {
  /** The sort it is one of: WS. */
  readonly sort: string;
  readonly windows: boolean;
  readonly exposed: boolean;
};

/** Every host of an environment: PR-WS-01 and so on. */
export const hostsIn = ({ hosts }: Estate, place: Place): DemoHost[] =>
  hosts.flatMap(({ count, name, ...about }) =>
    Array.from({ length: count }, (_, at) => ({
      ...about,
      sort: name,
      name: `${prefixOf[place]}-${name}-${String(at + 1).padStart(2, '0')}`,
      windows: about.os.startsWith('Windows'),
      exposed: about.exposure === 'internet',
    })),
  );

export const hypervisorsIn = ({ hypervisors }: Estate, place: Place): string[] =>
  Array.from({ length: hypervisors }, (_, at) => `${prefixOf[place]}-HV-${String(at + 1).padStart(2, '0')}`);

export const bandText = (value: AssetValue): string =>
  typeof value === 'string' ? value : `AUD ${value.low}..${value.high}`;
