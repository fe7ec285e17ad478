import type { Fact, Population } from '#governance/evidence';
import { eventsOfUse, logonEvents } from './importers/windows-events.ts';
import { said } from './importers/shapes.ts';
import { interactive } from './evaluators/logs.ts';

/** Which events to ask the event store for: by Sigma's name of the channel. Sign-ins are told apart by account where somebody sat there. */
export const askedEvents = {
  services: ['security', 'powershell', 'sysmon', 'applocker', 'codeintegrity-operational'].map((service) => ({
    service,
    ids: [...new Set(eventsOfUse.flatMap(({ channel, ids }) => (channel.test(service) ? [...ids] : [])))],
  })),
  logons: [...logonEvents],
  interactive,
} as const;

/** One group of events as the event store counts it. */
export type CountedEvents = {
  readonly host: string;
  readonly service: string;
  readonly event: number;
  /** Of interactive sign-ins only. */
  readonly account: string | undefined;
  readonly sid: string | undefined;
  readonly logonType: number | undefined;
  /** Of started processes only: every one of them came with its command line. */
  readonly commandLine: boolean | undefined;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
};

/** The same facts as a file of these events makes. */
export const factOfEvents = ({ host, service, first, last, ...of }: CountedEvents): Fact => ({
  subject: host,
  at: last,
  values: said({
    channel: service,
    event: of.event,
    account: of.account,
    sid: of.sid,
    logonType: of.logonType,
    commandLine: of.event === 4688 ? of.commandLine : undefined,
    count: of.count,
    first: first.toISOString(),
    last: last.toISOString(),
  }),
});

/** A host of the asset inventory, as far as it is told there. */
export type InventoryHost = {
  readonly name: string;
  readonly os: string | undefined;
  /** undefined: nobody said. */
  readonly exposure: string | undefined;
  readonly stale: boolean;
};

/**
 * Hosts as facts. What an inventory of assets doesn't hold (support's end, who administers from it) is not said, and a role
 * only where the system's name tells it: Linux runs on both.
 */
export function hostsOfInventory(hosts: readonly InventoryHost[]): {
  readonly facts: readonly Fact[];
  readonly population: Population;
} {
  const facts = hosts.map(
    ({ name, os, exposure, stale }): Fact => ({
      subject: name,
      values: said({
        role: roleOf(os),
        os,
        internetFacing: exposure === undefined ? undefined : exposure === 'internet',
        stale: stale ? true : undefined,
      }),
    }),
  );
  return {
    facts,
    population: {
      covered: hosts.filter(({ stale }) => !stale).length,
      of: hosts.length,
      basis: 'hosts of the asset inventory that a source has seen lately',
    },
  };
}

function roleOf(os: string | undefined): string | undefined {
  if (os === undefined || !/windows/i.test(os)) return undefined;
  if (/server/i.test(os)) return 'server';
  return /windows\s+(7|8(\.1)?|10|11)(?![.\d])/i.test(os) ? 'workstation' : undefined;
}
