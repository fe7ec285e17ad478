import { routeLinuxSysmon, routeWindows } from './route.ts';
import { eventNumber, isRecord, registryEventType, type Json, type View } from './view.ts';

/** Attributes of `System` elements by the name rules use: `<Tag>_<Attribute>`. */
const systemAttributes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Provider: { Name: 'Provider_Name', Guid: 'Provider_Guid', EventSourceName: 'Provider_EventSourceName' },
  EventID: { Qualifiers: 'EventID_Qualifiers' },
  TimeCreated: { SystemTime: 'TimeCreated_SystemTime' },
  Correlation: { ActivityID: 'Correlation_ActivityID', RelatedActivityID: 'Correlation_RelatedActivityID' },
  Execution: {
    ProcessID: 'Execution_ProcessID',
    ThreadID: 'Execution_ThreadID',
    ProcessorID: 'Execution_ProcessorID',
    KernelTime: 'Execution_KernelTime',
    UserTime: 'Execution_UserTime',
  },
  Security: { UserID: 'Security_UserID' },
};

/** `{Event: {System, EventData | UserData}}`, as wevtutil's XML turns to JSON. The record is read, never changed. */
export function viewEvtx(event: Json): View {
  const system = isRecord(event['System']) ? event['System'] : {};
  const data = event['EventData'];
  const fields: Json = isRecord(data) ? { ...data } : {};
  if (isRecord(data)) nameData(data, fields);
  else if (Array.isArray(data)) fields['Data'] = data;
  addUserData(event['UserData'], fields);
  // What the event itself says wins over the envelope of the same name.
  addSystem(system, fields);

  const eventId = eventNumber(system['EventID']);
  const channel = system['Channel'];
  const eventType = eventId === 12 ? registryEventType(fields) : undefined;
  const route =
    channel === 'Linux-Sysmon/Operational'
      ? routeLinuxSysmon(eventId)
      : routeWindows(channel, eventId, eventType);
  return { format: 'evtx-json', fields, logsources: route.logsources, routeKey: route.routeKey };
}

/** A name with spaces is there without them too ("Threat Name", which rules call ThreatName); unnamed data is `Data`. */
function nameData(data: Json, fields: Json): void {
  for (const name in data) {
    if (name === '#attributes') delete fields[name];
    else if (name.includes(' ')) {
      const joined = name.replaceAll(' ', '');
      if (joined !== '__proto__' && !(joined in fields)) fields[joined] = data[name];
    }
  }
  const unnamed = data['Data'];
  if (isRecord(unnamed) && '#text' in unnamed) fields['Data'] = unnamed['#text'];
}

function addUserData(userData: unknown, fields: Json): void {
  if (!isRecord(userData)) return;
  for (const element in userData) {
    const inner = userData[element];
    if (element === '#attributes' || !isRecord(inner)) continue;
    for (const name in inner) {
      if (name !== '#attributes' && name !== '__proto__') fields[name] = inner[name];
    }
  }
}

function addSystem(system: Json, fields: Json): void {
  for (const tag in system) {
    const value = system[tag];
    if (value === null || tag === '__proto__') continue;
    if (!isRecord(value)) {
      if (fields[tag] === undefined) fields[tag] = value;
      continue;
    }
    const text = value['#text'];
    if (text !== undefined && fields[tag] === undefined) fields[tag] = text;
    const attributes = value['#attributes'];
    if (!isRecord(attributes)) continue;
    const names = systemAttributes[tag];
    for (const attribute in attributes) {
      const name = names?.[attribute] ?? `${tag}_${attribute}`;
      if (fields[name] === undefined) fields[name] = attributes[attribute];
    }
  }
}
