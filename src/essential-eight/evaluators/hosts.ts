import { date, type Evidence, flag, number, type Seen, text } from './values.ts';

const roles = ['workstation', 'server', 'network-device'] as const;

export type Host = {
  /** As the inventory writes it. */
  readonly name: string;
  /** Undefined: no inventory says. It may be any of them. */
  readonly role: (typeof roles)[number] | undefined;
  readonly exposed: boolean | undefined;
  readonly os: string | undefined;
  readonly windows: boolean;
  readonly supportEnds: Date | undefined;
  /** How many releases behind the newest one. */
  readonly behind: number | undefined;
  /** A privileged operating environment: an administrators' workstation, a jump server. */
  readonly privileged: boolean | undefined;
  readonly office: boolean | undefined;
};

export type Inventory = {
  /** False where no inventory is in force: then nobody knows how many hosts there are. */
  readonly known: boolean;
  readonly hosts: readonly Host[];
  /** The host of that name, whatever case, with or without its domain; undefined where two could be meant. */
  find(name: string): Host | undefined;
};

/** What one inventory says of a host; what it leaves out, another may say. */
type Said = Partial<Omit<Host, 'name' | 'windows'>>;

/**
 * The hosts of the newest inventory of each source, as one: where two speak of the same host the newer holds, and what it
 * leaves out is as the older said.
 */
export function inventoryOf(evidence: Evidence): Inventory {
  const said = new Map<string, { name: string; of: Said }>();
  for (const seen of evidence.facts('inventory.hosts')) {
    const key = seen.fact.subject.toLowerCase();
    said.set(key, { name: seen.fact.subject, of: { ...said.get(key)?.of, ...saidBy(seen) } });
  }
  const all = [...said.values()].map(({ name, of }): Named => ({ name, of }));
  const byLabel = Map.groupBy(all, ({ name }) => firstLabel(name));
  const byName = new Map<string, Host>();
  for (const [label, alike] of byLabel)
    for (const one of asOne(label, alike)) byName.set(one.name.toLowerCase(), hostOf(one));
  const hosts = [...byName.values()];
  return {
    known: evidence.collections('inventory.hosts').length > 0,
    hosts,
    find: (name) => {
      const exact = byName.get(name.toLowerCase());
      if (exact !== undefined) return exact;
      const [likely, second] = hostsLabelled(name);
      if (likely === undefined || second !== undefined) return undefined;
      // Two full names of the same first part are two hosts; only a bare one may stand for a full one.
      return name.includes('.') && likely.name.includes('.') ? undefined : likely;
    },
  };

  function hostsLabelled(name: string): readonly Host[] {
    const label = firstLabel(name);
    return (byLabel.get(label) ?? []).flatMap((one) => byName.get(one.name.toLowerCase()) ?? []);
  }
}

type Named = { readonly name: string; readonly of: Said };

/** A bare name and the one full name that begins with it are one host, called by its full name. */
function asOne(label: string, alike: readonly Named[]): readonly Named[] {
  const [first, second] = alike;
  if (first === undefined || second === undefined || alike.length > 2) return alike;
  const bare = alike.find(({ name }) => name.toLowerCase() === label);
  const full = alike.find((one) => one !== bare);
  return bare === undefined || full === undefined
    ? alike
    : [{ name: full.name, of: { ...first.of, ...second.of } }];
}

function saidBy(seen: Seen): Said {
  const role = text(seen, 'role');
  const said = {
    role: roles.find((one) => one === role),
    exposed: flag(seen, 'internetFacing'),
    os: text(seen, 'os'),
    supportEnds: date(seen, 'supportEnds'),
    behind: number(seen, 'behind'),
    privileged: flag(seen, 'privileged'),
    office: flag(seen, 'office'),
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

const hostOf = ({ name, of }: Named): Host => ({
  name,
  role: of.role,
  exposed: of.exposed,
  os: of.os,
  windows: /windows/i.test(of.os ?? ''),
  supportEnds: of.supportEnds,
  behind: of.behind,
  privileged: of.privileged,
  office: of.office,
});

/** Of an address, all of it. */
const firstLabel = (name: string): string =>
  (/^[\d.]+$|:/.test(name) ? name : (name.split('.', 1)[0] ?? name)).toLowerCase();

/**
 * The names of the hosts it has to hold for; undefined where there is no inventory. A host of which nobody knows what it
 * is counts wherever it may belong: what is not known of it can't be left out.
 */
export const namesOf = (
  inventory: Inventory,
  wanted: (host: Host) => boolean,
): ReadonlySet<string> | undefined =>
  inventory.known
    ? new Set(inventory.hosts.filter((host) => mayBe(host, wanted)).map(({ name }) => name))
    : undefined;

const mayBe = (host: Host, wanted: (host: Host) => boolean): boolean =>
  host.role !== undefined
    ? wanted(host)
    : roles.some((role) => wanted({ ...host, role, windows: host.windows || host.os === undefined }));

export const bringInventory = 'the inventory of hosts (inventory.hosts)';
