import { type ChdbOptions, openChdb } from './chdb/store.ts';
import { openClickhouse } from './clickhouse-store.ts';
import type { EventStore } from './events.ts';

export type EventsPlace = ChdbOptions | { readonly url: string };

/** @throws {EventsNewer} {EventsUnavailable} */
export const openEvents = (place: EventsPlace): Promise<EventStore> =>
  'url' in place ? openClickhouse(place.url) : openChdb(place);
