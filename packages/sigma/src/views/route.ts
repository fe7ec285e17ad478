import type { LogSource } from '../event.ts';
import { categoryEvents, channelsByService, type RegistryEventType } from './windows-sources.ts';

/** Where an event belongs. INVARIANT: equal keys have equal log sources; there are finitely many, whatever is sent. */
export type Route = { readonly logsources: readonly LogSource[]; readonly routeKey: string };

type ChannelRoutes = {
  readonly any: Route;
  readonly byEventId: ReadonlyMap<number, Route>;
  readonly byEventType: ReadonlyMap<string, Route>;
};

/** A unit separator stands between the words and a tab between the log sources: neither is in any log source's word. */
export function routeOf(logsources: readonly LogSource[]): Route {
  let routeKey = '';
  for (const { product = '', category = '', service = '' } of logsources) {
    routeKey += `${product}\u001f${category}\u001f${service}\t`;
  }
  return { logsources, routeKey };
}

// A sender can invent log sources: beyond this many the memory starts anew.
const mostKnown = 2000;

/** Routes of single log sources, each made once. */
export class KnownRoutes {
  private readonly known = new Map<string, Map<string, Map<string, Route>>>();
  private count = 0;

  of(logsource: LogSource): Route {
    const { product = '', category = '', service = '' } = logsource;
    let route = this.known.get(product)?.get(category)?.get(service);
    if (route === undefined) {
      route = routeOf([logsource]);
      this.keep(product, category, service, route);
    }
    return route;
  }

  private keep(product: string, category: string, service: string, route: Route): void {
    if (++this.count > mostKnown) {
      this.known.clear();
      this.count = 1;
    }
    const ofProduct = this.known.get(product) ?? new Map<string, Map<string, Route>>();
    const ofCategory = ofProduct.get(category) ?? new Map<string, Route>();
    this.known.set(product, ofProduct);
    ofProduct.set(category, ofCategory);
    ofCategory.set(service, route);
  }
}

function categoryRoute(service: string, eventId: number, eventType?: RegistryEventType): Route {
  const categories = categoryEvents.filter(
    (event) =>
      event.service === service &&
      event.eventIds.includes(eventId) &&
      (event.eventTypes === undefined || (eventType !== undefined && event.eventTypes.includes(eventType))),
  );
  return routeOf(categories.map(({ category }) => ({ product: 'windows', category, service })));
}

function channelRoutes(service: string): ChannelRoutes {
  const eventIds = categoryEvents
    .filter((event) => event.service === service)
    .flatMap((event) => event.eventIds);
  const eventTypes: readonly RegistryEventType[] =
    service === 'sysmon' ? ['CreateKey', 'DeleteKey', 'DeleteValue'] : [];
  return {
    any: routeOf([{ product: 'windows', service }]),
    byEventId: new Map(eventIds.map((eventId) => [eventId, categoryRoute(service, eventId)])),
    byEventType: new Map(eventTypes.map((eventType) => [eventType, categoryRoute(service, 12, eventType)])),
  };
}

const byChannel: ReadonlyMap<string, ChannelRoutes> = new Map(
  Object.entries(channelsByService).flatMap(([service, channels]) => {
    const routes = channelRoutes(service);
    return channels.flatMap((channel) => [
      [channel, routes] as const,
      [channel.toLowerCase(), routes] as const,
    ]);
  }),
);

const elsewhere = routeOf([{ product: 'windows' }]);

/** The channel's name in any case. @param eventType of a Sysmon event 12: `CreateKey`, `DeleteKey`, `DeleteValue` */
export function routeWindows(channel: unknown, eventId: number, eventType?: unknown): Route {
  if (typeof channel !== 'string' || channel.length > 200) return elsewhere;
  const routes = byChannel.get(channel) ?? byChannel.get(channel.toLowerCase());
  if (routes === undefined) return elsewhere;
  if (eventId === 12 && typeof eventType === 'string') {
    const route = routes.byEventType.get(eventType);
    if (route !== undefined) return route;
  }
  return routes.byEventId.get(eventId) ?? routes.any;
}

/** Sysmon for Linux writes the same event ids to a channel of its own. */
const sysmonForLinux: ReadonlyMap<number, Route> = new Map(
  (
    [
      [1, 'process_creation'],
      [3, 'network_connection'],
      [5, 'process_termination'],
      [9, 'raw_access_thread'],
      [11, 'file_event'],
      [23, 'file_delete'],
    ] as const
  ).map(([eventId, category]) => [eventId, routeOf([{ product: 'linux', category, service: 'sysmon' }])]),
);
const linuxSysmonElsewhere = routeOf([{ product: 'linux', service: 'sysmon' }]);

export function routeLinuxSysmon(eventId: number): Route {
  return sysmonForLinux.get(eventId) ?? linuxSysmonElsewhere;
}
