import type { Fact, Importer } from '#governance/evidence';
import { holds, integer, type Named, object, refused, said, skipped, string, taken, time } from './shapes.ts';

/** The events something here is judged by; others are left where they are. */
export const eventsOfUse: readonly { readonly channel: RegExp; readonly ids: ReadonlySet<number> }[] = [
  {
    channel: /^security$/i,
    ids: new Set([
      4624, 4625, 4648, 4672, 4688, 4720, 4722, 4725, 4726, 4728, 4729, 4732, 4733, 4738, 4756, 4757,
    ]),
  },
  { channel: /powershell/i, ids: new Set([4103, 4104]) },
  { channel: /sysmon/i, ids: new Set([1]) },
  { channel: /applocker/i, ids: new Set([8002, 8003, 8004, 8005, 8006, 8007, 8028, 8029]) },
  { channel: /codeintegrity/i, ids: new Set([3076, 3077, 3089, 3099]) },
];

/** Sign-ins: they are told apart by account. */
export const logonEvents: ReadonlySet<number> = new Set([4624, 4625, 4648]);

type Sum = {
  subject: string;
  values: Record<string, string | number | boolean>;
  count: number;
  first: number;
  last: number;
};
/** Different hosts, events and accounts together: bounded, so that a file of any size is read in bounded memory. */
const mostSums = 500_000;

/**
 * Windows events as Winlogbeat (ECS), NXLog or a flat export writes them, one a line. Summed up: what counts is which
 * event of which account came from which host, how often, and when first and last.
 */
export const windowsEventImporter: Importer = {
  kind: 'windows.events',
  name: 'Windows events (JSON)',
  onBadRow: 'skip-row',
  accepts: (head) =>
    (holds(head, '"EventID"') || holds(head, '"event_id"')) && /"(Channel|channel)"/.test(head.text),
  async *read(file) {
    const sums = new Map<string, Sum>();
    let last = 0;
    for await (const record of file.records()) {
      last = record.row;
      if (!record.ok) {
        yield { row: record.row, refused: record.why, cutOff: record.cutOff };
        continue;
      }
      const event = eventOf(record.value);
      if (event === undefined) {
        yield refused(record.row, 'It has no host, channel, event id or time.');
        continue;
      }
      if (!eventsOfUse.some(({ channel, ids }) => channel.test(event.channel) && ids.has(event.id))) {
        yield skipped(record.row, 'No control is judged by this event.');
        continue;
      }
      const { subject, key, values } = summed(event);
      const sum = sums.get(key);
      if (sum === undefined && sums.size >= mostSums) {
        yield refused(
          record.row,
          `There are more than ${mostSums} hosts, events and accounts. Send the log in parts.`,
        );
        continue;
      }
      const at = event.at.getTime();
      if (sum === undefined) sums.set(key, { subject, values, count: 1, first: at, last: at });
      else {
        sum.count++;
        sum.first = Math.min(sum.first, at);
        sum.last = Math.max(sum.last, at);
        // A host of which one event lacks its command line doesn't log all of them.
        if (values['commandLine'] === false) sum.values['commandLine'] = false;
      }
      yield skipped(record.row, 'Summed up.');
    }
    for (const sum of sums.values()) yield taken(++last, factOf(sum));
    return { source: 'Windows events' };
  },
};

type Event = {
  readonly host: string;
  readonly channel: string;
  readonly id: number;
  readonly at: Date;
  readonly data: Named;
};

function eventOf(value: Named): Event | undefined {
  const winlog = object(value['winlog']);
  const host =
    string(winlog['computer_name']) ??
    string(value['Hostname']) ??
    string(value['Computer']) ??
    string(object(value['host'])['name']);
  const channel = string(winlog['channel']) ?? string(value['Channel']);
  const id =
    integer(winlog['event_id']) ?? integer(value['EventID']) ?? integer(object(value['event'])['code']);
  const at = time(value['@timestamp']) ?? time(value['EventTime']) ?? time(value['TimeCreated']);
  if (host === undefined || channel === undefined || id === undefined || at === undefined) return undefined;
  return {
    host,
    channel,
    id,
    at,
    data: { ...value, ...object(value['EventData']), ...object(winlog['event_data']) },
  };
}

function summed({ host, channel, id, data }: Event): { subject: string; key: string; values: Sum['values'] } {
  const account = string(data['TargetUserName']) ?? string(data['SubjectUserName']);
  const logon = logonEvents.has(id);
  const values = said({
    channel,
    event: id,
    account: logon ? account : undefined,
    sid: logon ? string(data['TargetUserSid']) : undefined,
    logonType: logon ? integer(data['LogonType']) : undefined,
    commandLine: id === 4688 ? string(data['CommandLine']) !== undefined : undefined,
  }) as Sum['values']; // said() keeps what it is given: texts, numbers and yes or no.
  const key = [
    host.toLowerCase(),
    channel,
    id,
    values['account'] ?? '',
    values['sid'] ?? '',
    values['logonType'] ?? '',
  ].join('\n');
  return { subject: host, key, values };
}

const factOf = ({ subject, values, count, first, last }: Sum): Fact => ({
  subject,
  at: new Date(last),
  values: { ...values, count, first: new Date(first).toISOString(), last: new Date(last).toISOString() },
});
