import type { Fact, Importer } from '#governance/evidence';
import { type Read, recordImporter } from './records.ts';
import { holds, list, type Named, object, refused, said, skipped, string, taken, time } from './shapes.ts';

type Session = {
  readonly subject: string;
  readonly at: Date;
  readonly methods: Set<string>;
  result?: string;
  second: 'unknown' | 'none' | 'satisfied' | 'failed';
};
/** Sessions have no end in the log, so their number is bounded: a file of any size is read in bounded memory. */
const mostSessions = 200_000;

/** A sign-in is `user.session.start`; the factors it took are events of the same session around it. */
const okta: Importer = {
  kind: 'identity.sign-ins',
  name: 'Okta system log (JSON)',
  onBadRow: 'skip-row',
  accepts: (head) => holds(head, '"eventType"', '"actor"', '"outcome"', '"published"'),
  async *read(file) {
    const sessions = new Map<string, Session>();
    let last = 0;
    for await (const record of file.records()) {
      last = record.row;
      if (!record.ok) {
        yield { row: record.row, refused: record.why, cutOff: record.cutOff };
        continue;
      }
      const { value, row } = record;
      const type = string(value['eventType']) ?? '';
      if (!/^user\.(session\.start|authentication\.)/.test(type)) {
        yield skipped(row, 'It is no sign-in.');
        continue;
      }
      const subject = string(object(value['actor'])['alternateId']);
      const at = time(value['published']);
      if (subject === undefined || at === undefined) {
        yield refused(row, 'It has no actor.alternateId or no published.');
        continue;
      }
      const id = string(object(value['authenticationContext'])['externalSessionId']) ?? `row ${row}`;
      const session = sessions.get(id) ?? { subject, at, methods: new Set<string>(), second: 'unknown' };
      if (!sessions.has(id) && sessions.size >= mostSessions) {
        yield refused(row, `There are more than ${mostSessions} sessions. Send the log in parts.`);
        continue;
      }
      sessions.set(id, session);
      addTo(session, type, value);
      yield skipped(row, 'Counted with its session.');
    }
    for (const session of sessions.values())
      if (session.result !== undefined) yield taken(++last, sessionFact(session));
    return { source: 'Okta' };
  },
};

function addTo(session: Session, type: string, value: Named): void {
  const outcome = string(object(value['outcome'])['result']);
  const good = outcome === 'SUCCESS' || outcome === 'ALLOW';
  if (type === 'user.session.start') session.result = good ? 'success' : 'failure';
  else if (type === 'user.authentication.auth_via_mfa') {
    if (good) session.second = 'satisfied';
    else if (session.second !== 'satisfied') session.second = 'failed';
    if (!good) return;
    const factor = string(object(object(value['debugContext'])['debugData'])['factor']);
    const targets = list(value['target']).map((one) => string(object(one)['displayName']));
    for (const method of [factor, ...targets]) if (method !== undefined) session.methods.add(method);
  } else if (good && session.second === 'unknown' && type === 'user.authentication.auth_via_password')
    session.second = 'none';
}

const sessionFact = ({ subject, at, methods, result, second }: Session): Fact => ({
  subject,
  at,
  values: said({ result, interactive: true, second, methods: [...methods], application: 'Okta' }),
});

function keycloakEvent(value: Named): Read {
  const type = string(value['type']);
  if (type !== 'LOGIN' && type !== 'LOGIN_ERROR') return { skipped: 'It is no sign-in.' };
  const details = object(value['details']);
  const subject = string(details['username']) ?? string(value['userId']);
  const at = time(value['time']);
  if (subject === undefined || at === undefined) return { refused: 'It has no user or no time.' };
  const credential = string(details['credential_type']);
  return [
    {
      subject,
      at,
      values: said({
        result: type === 'LOGIN' ? 'success' : 'failure',
        interactive: true,
        second: keycloakSecond(credential, type === 'LOGIN', string(value['error'])),
        methods: credential === undefined ? [] : [credential],
        application: string(value['clientId']),
      }),
    },
  ];
}

/** It names the last credential that was checked. Where it names none, nobody can tell whether a password was all. */
function keycloakSecond(credential: string | undefined, good: boolean, error: string | undefined): string {
  const second = /otp|webauthn|recovery/.test(credential ?? '');
  if (!good) return second && error === 'invalid_user_credentials' ? 'failed' : 'unknown';
  if (second) return 'satisfied';
  return credential === 'password' ? 'none' : 'unknown';
}

export const signInLogImporters: readonly Importer[] = [
  okta,
  recordImporter(
    {
      kind: 'identity.sign-ins',
      name: 'Keycloak login events (JSON)',
      onBadRow: 'skip-row',
      accepts: (head) =>
        holds(head, '"realmId"', '"clientId"', '"type"') && /"(LOGIN|LOGIN_ERROR)"/.test(head.text),
    },
    keycloakEvent,
    () => ({ source: 'Keycloak' }),
  ),
];
