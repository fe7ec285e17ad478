import type { LogSource } from '../event.ts';
import { viewEvtx } from './evtx.ts';
import { KnownRoutes, type Route, routeOf } from './route.ts';
import { knownVendor, ownLogSource } from './vendor.ts';
import { isRecord, type Json, type View } from './view.ts';
import { viewWinlogEcs, viewWinlogFlat, viewWinlogbeat } from './winlog.ts';

const nowhere = routeOf([]);

/** What no rule can be asked about, and why. */
export type Unreadable = { readonly format: 'unreadable'; readonly why: string };

/**
 * A parsed record as rules see it. Windows records are routed by their own channel and event id; anything else by what
 * was declared for its source, then by what the record itself shows. A record nobody knows still is an event, with no
 * log source: only rules that name none apply.
 *
 * @param declared wins over what the record shows, except that `{product: 'windows'}` alone leaves the routing to it
 */
export function recognise(record: unknown, declared?: LogSource): View | Unreadable {
  return recogniseBy(routeOne, record, declared);
}

/** `recognise` that makes each log source it meets once: for a stream of events. Its memory is bounded. */
export function createRecogniser(): typeof recognise {
  const routes = new KnownRoutes();
  const route = (logsource: LogSource): Route => routes.of(logsource);
  return (record, declared) => recogniseBy(route, record, declared);
}

const routeOne = (logsource: LogSource): Route => routeOf([logsource]);

function recogniseBy(
  routeFor: (logsource: LogSource) => Route,
  record: unknown,
  declared: LogSource | undefined,
): View | Unreadable {
  if (!isRecord(record))
    return { format: 'unreadable', why: `An event is a JSON object; this is ${nameOf(record)}.` };
  const windows = viewWindows(record);
  if (windows !== undefined) return narrows(declared) ? { ...windows, ...routeFor(declared) } : windows;
  const known = knownVendor(record);
  const logsource = declared ?? known?.logsource ?? ownLogSource(record);
  const route = logsource === undefined ? nowhere : routeFor(logsource);
  return {
    format: known?.format ?? 'json',
    fields: record,
    logsources: route.logsources,
    routeKey: route.routeKey,
  };
}

function viewWindows(record: Json): View | undefined {
  if (record['EventID'] !== undefined && typeof record['Channel'] === 'string') return viewWinlogFlat(record);
  const event = record['Event'];
  if (isRecord(event) && isRecord(event['System'])) return viewEvtx(event);
  if (isRecord(record['winlog']) || typeof record['winlog.channel'] === 'string')
    return viewWinlogEcs(record);
  if (record['event_id'] !== undefined && typeof record['log_name'] === 'string')
    return viewWinlogbeat(record);
  return undefined;
}

function narrows(declared: LogSource | undefined): declared is LogSource {
  if (declared === undefined) return false;
  return declared.product !== 'windows' || declared.category !== undefined || declared.service !== undefined;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
