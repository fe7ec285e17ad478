import {
  bandText,
  classificationOf,
  domainOf,
  type Estate,
  hostsIn,
  hypervisorsIn,
  type Information,
  type Place,
} from './estate.ts';

type Key = { kind: 'name' | 'hostname' | 'fqdn'; value: string };
type Link = {
  name: string;
  to: Key[];
  c: number;
  i: number;
  a: number;
  gate?: { name: string; kind: 'any' | 'all' | 'k-of-n'; k: number | null };
};
type Row = {
  kind: string;
  name: string;
  keys: Key[];
  fields: Record<string, string>;
  seenAt: string;
  dependsOn: Link[];
  reaches: { name: string; to: Key[]; via: string; probability: number }[];
};

/** The provider's own inventory of an environment, as a file of our own format: assets, what they depend on, and steps. */
export function inventoryFile(estate: Estate, place: Place, at: Date): string {
  const seenAt = at.toISOString();
  const all = hostsIn(estate, place);
  const machines = hypervisorsIn(estate, place);
  const ofSort = (sort: string) => all.filter((host) => host.sort === sort).map(({ name }) => name);
  const row = (
    kind: string,
    name: string,
    fields: Record<string, string | undefined>,
    dependsOn: readonly Link[] = [],
    reaches: Row['reaches'] = [],
  ): Row => ({
    kind,
    name,
    keys: keysFor(kind, name, place),
    fields: Object.fromEntries(
      Object.entries({ classification: classificationOf[place], ...fields }).flatMap(([field, value]) =>
        value === undefined ? [] : [[field, value]],
      ),
    ),
    seenAt,
    dependsOn: [...dependsOn],
    reaches,
  });
  const to = (kind: string, name: string, c: number, i: number, a: number, gate?: Link['gate']): Link => ({
    name,
    to: keysFor(kind, name, place),
    c,
    i,
    a,
    ...(gate && { gate }),
  });
  const kindOf = (name: string): string =>
    estate.applications.some((one) => one.name === name) ? 'application' : 'data-store';
  const standsOn = ({ on, needed, uses }: Estate['applications'][number]): Link[] => [
    ...on
      .flatMap(ofSort)
      .map((host) =>
        to('host', host, 100, 100, 100, needed === undefined ? undefined : { ...enough, k: needed }),
      ),
    ...uses.map((name) => to(kindOf(name), name, 10, 50, 90)),
  ];
  const site = (index: number): string => estate.sites[index % estate.sites.length]?.name ?? '';

  const rows: Row[] = [
    ...estate.sites.map(({ name, location }) => row('site', name, { location })),
    ...estate.networks.map(({ name, exposure }) => row('network', name, { exposure, owner: 'Lena Voss' })),
    ...estate.suppliers.map(({ name }) => row('supplier', name, { owner: 'Owen Clarke' })),
    ...machines.map((name, index) =>
      row(
        'hypervisor',
        name,
        { owner: 'Lena Voss', exposure: 'management-zone', os: 'VMware ESXi 8', location: site(index) },
        [to('site', site(index), 10, 10, 90), to('network', 'Management network', 0, 10, 50)],
      ),
    ),
    ...all.map((host, index) =>
      row(
        'host',
        host.name,
        {
          hostname: host.name,
          domain: domainOf[place],
          description: host.what,
          owner: host.role === 'workstation' ? 'Dev Anand' : 'Lena Voss',
          exposure: host.exposure,
          os: host.os,
          addresses: `192.0.2.${10 + index}`,
        },
        // A workstation and a switch stand on a desk and in a rack of their own.
        host.role === 'server'
          ? [to('hypervisor', machines[index % machines.length] ?? '', 100, 100, 50)]
          : [to('site', site(index), 0, 0, 90)],
        estate.reaches
          .filter(({ from }) => from === host.sort)
          .flatMap(({ to: sort, via, probability }) =>
            ofSort(sort).map((name) => ({ name, to: keysFor('host', name, place), via, probability })),
          ),
      ),
    ),
    ...estate.accounts.map(({ name, exposure, reaches }) =>
      row(
        'account',
        name,
        { exposure, owner: 'Sione Taufa' },
        [],
        reaches.flatMap(ofSort).map((host) => ({
          name: host,
          to: keysFor('host', host, place),
          via: 'admin',
          probability: 0.5,
        })),
      ),
    ),
    ...estate.applications.map((one) =>
      row('application', one.name, { owner: 'Lena Voss', exposure: 'management-zone' }, standsOn(one)),
    ),
    ...estate.stores.map((one) =>
      row('data-store', one.name, { owner: 'Sione Taufa', exposure: 'management-zone' }, standsOn(one)),
    ),
    ...estate.services.map((one) =>
      row('service', one.name, { owner: 'Owen Clarke', exposure: 'management-zone' }, [
        ...one.uses.map((name) => to(kindOf(name), name, 50, 50, 90)),
        ...one.networks.map((name) => to('network', name, 10, 10, 90)),
        ...one.suppliers.map((name) => to('supplier', name, 0, 0, 90)),
        ...(one.hypervisors
          ? machines.map((name) =>
              to('hypervisor', name, 100, 100, 100, { ...enough, k: machines.length - 1 }),
            )
          : []),
      ]),
    ),
    ...estate.information.map((one) =>
      row(
        'information',
        one.name,
        informationFields(one),
        one.on.map((name) =>
          to(kindOf(name), name, 100, 100, 100, one.either ? { ...enough, k: 1 } : undefined),
        ),
      ),
    ),
  ];
  return JSON.stringify({ format: 'ironbark-assets/1', assets: rows });
}

const enough = { name: 'enough of them', kind: 'k-of-n' } as const;

const informationFields = (one: Information): Record<string, string> => ({
  owner: one.owner,
  custodian: 'Wattle Sovereign Cloud',
  confidentiality: bandText(one.c),
  integrity: bandText(one.i),
  availability: bandText(one.a),
  exposure: 'offline',
});

function keysFor(kind: string, name: string, place: Place): Key[] {
  const plain = name.toLowerCase();
  if (kind !== 'host' && kind !== 'hypervisor') return [{ kind: 'name', value: `${kind}:${plain}` }];
  return [
    { kind: 'hostname', value: plain },
    { kind: 'fqdn', value: `${plain}.${domainOf[place]}` },
  ];
}

/** A customer's own, as a spreadsheet: what is worth protecting, and its hosts. */
export function customerFile(customer: Estate['customers'][number], place: Place): string {
  const hosts = customer.hosts.join('; host:');
  const rows = [
    ...customer.hosts.map((name) => ['host', name, '', classificationOf[place], '', '', '', '']),
    ...customer.information.map((one) => [
      'information',
      one.name,
      one.owner,
      classificationOf[place],
      bandText(one.c),
      bandText(one.i),
      bandText(one.a),
      hosts === '' ? '' : `host:${hosts}`,
    ]),
  ];
  return [
    'kind,name,owner,classification,confidentiality,integrity,availability,depends on',
    ...rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')),
  ].join('\n');
}
