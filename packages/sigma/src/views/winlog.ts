import { routeLinuxSysmon, routeWindows } from './route.ts';
import { eventNumber, isRecord, registryEventType, type Format, type Json, type View } from './view.ts';

function finish(format: Format, fields: Json, channel: unknown, id: unknown): View {
  const eventId = eventNumber(id);
  let eventType: string | undefined;
  if (eventId === 12) {
    eventType = registryEventType(fields);
    if (eventType !== undefined) fields['EventType'] = eventType;
  }
  const route =
    channel === 'Linux-Sysmon/Operational'
      ? routeLinuxSysmon(eventId)
      : routeWindows(channel, eventId, eventType);
  return { format, fields, logsources: route.logsources, routeKey: route.routeKey };
}

/**
 * One flat object with Windows' own names beside `Channel` and `EventID` (NXLog, Logstash).
 * A literal with a spread is the cheap way: adding keys to a parsed object moves it to a slow shape (measured twice the cost).
 */
export function viewWinlogFlat(record: Json): View {
  const fields: Json = {
    ...record,
    Provider_Name: record['Provider_Name'] ?? record['SourceName'],
    Computer: record['Computer'] ?? record['Hostname'],
  };
  const nested = record['event_data'];
  if (isRecord(nested)) Object.assign(fields, nested);
  return finish('winlog-flat', fields, record['Channel'], record['EventID']);
}

/** Winlogbeat to version 6: `log_name`, `event_id`, `event_data` at the top. */
export function viewWinlogbeat(record: Json): View {
  const data = isRecord(record['event_data']) ? record['event_data'] : {};
  const userData = isRecord(record['user_data']) ? record['user_data'] : {};
  const { event_data: _data, user_data: _userData, ...rest } = record;
  const fields: Json = {
    ...rest,
    ...userData,
    ...data,
    Channel: record['log_name'],
    EventID: record['event_id'],
    Provider_Name: record['source_name'],
    Computer: record['computer_name'],
  };
  return finish('winlogbeat', fields, record['log_name'], record['event_id']);
}

/** Winlogbeat from version 7 and other writers of ECS: the same under `winlog`, as objects or as dotted names. */
export function viewWinlogEcs(record: Json): View {
  const winlog = isRecord(record['winlog']) ? record['winlog'] : dottedWinlog(record);
  const data = isRecord(winlog['event_data']) ? winlog['event_data'] : {};
  const userData = isRecord(winlog['user_data']) ? winlog['user_data'] : {};
  const channel = winlog['channel'];
  const id = winlog['event_id'] ?? eventCode(record);
  const fields: Json = {
    ...record,
    ...userData,
    ...data,
    Channel: channel,
    EventID: id,
    Provider_Name: winlog['provider_name'],
    Computer: winlog['computer_name'],
  };
  return finish('winlog-ecs', fields, channel, id);
}

function eventCode(record: Json): unknown {
  return isRecord(record['event']) ? record['event']['code'] : record['event.code'];
}

function dottedWinlog(record: Json): Json {
  const winlog: Json = {};
  const data: Json = {};
  for (const name in record) {
    if (!name.startsWith('winlog.')) continue;
    const inner = name.slice(7);
    if (!inner.startsWith('event_data.')) winlog[inner] = record[name];
    else if (inner !== 'event_data.__proto__') data[inner.slice(11)] = record[name];
  }
  winlog['event_data'] = data;
  return winlog;
}
