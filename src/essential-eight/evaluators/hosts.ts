import { date, type Evidence, flag, number, text } from './values.ts';

export type Host = {
  /** As the inventory writes it. */
  readonly name: string;
  readonly role: 'workstation' | 'server' | 'network-device' | undefined;
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

/** The hosts of the newest inventory of each source. */
export function inventoryOf(evidence: Evidence): Inventory {
  const byName = new Map<string, Host>();
  for (const seen of evidence.facts('inventory.hosts')) {
    const role = text(seen, 'role');
    const os = text(seen, 'os');
    byName.set(seen.fact.subject.toLowerCase(), {
      name: seen.fact.subject,
      role: role === 'workstation' || role === 'server' || role === 'network-device' ? role : undefined,
      exposed: flag(seen, 'internetFacing'),
      os,
      windows: /windows/i.test(os ?? ''),
      supportEnds: date(seen, 'supportEnds'),
      behind: number(seen, 'behind'),
      privileged: flag(seen, 'privileged'),
      office: flag(seen, 'office'),
    });
  }
  const hosts = [...byName.values()];
  const byLabel = new Map<string, Host | null>();
  for (const host of hosts) {
    const label = firstLabel(host.name);
    byLabel.set(label, byLabel.has(label) ? null : host);
  }
  return {
    known: evidence.collections('inventory.hosts').length > 0,
    hosts,
    find: (name) => {
      const exact = byName.get(name.toLowerCase());
      if (exact !== undefined) return exact;
      const likely = byLabel.get(firstLabel(name));
      // Two full names of the same first part are two hosts; only a bare one may stand for a full one.
      const bare = !name.includes('.') || !(likely?.name.includes('.') ?? true);
      return bare ? (likely ?? undefined) : undefined;
    },
  };
}

/** Of an address, all of it. */
const firstLabel = (name: string): string =>
  (/^[\d.]+$|:/.test(name) ? name : (name.split('.', 1)[0] ?? name)).toLowerCase();

/** The names of the hosts it has to hold for; undefined where there is no inventory. */
export const namesOf = (
  inventory: Inventory,
  wanted: (host: Host) => boolean,
): ReadonlySet<string> | undefined =>
  inventory.known ? new Set(inventory.hosts.filter(wanted).map(({ name }) => name)) : undefined;

export const bringInventory = 'the inventory of hosts (inventory.hosts)';
