import { newSource, type SourceAuthentication, sourceCreated } from '#contract/soc/sources';
import type { Call, Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'source add',
  summary: 'Let a new sender in; prints its token or password, this once.',
  args: 'ID',
  options: {
    tenancy: { value: 'ID', about: 'Whose events these are.', required: true },
    name: { value: 'TEXT', about: 'What people call it; the id when left out.' },
    username: { value: 'NAME', about: 'It shows this user name and a password instead of a token.' },
    certificate: {
      value: 'SHA256',
      about: 'It shows the client certificate with this fingerprint (64 hex digits).',
    },
    listener: {
      value: 'DOOR',
      about: 'It is known by where it sends to: syslog-udp, syslog-tcp or syslog-tls.',
    },
    from: { value: 'NETWORK', about: 'With --listener: its address or network, 0.0.0.0/0 when left out.' },
    format: { value: 'NAME', about: 'What to take its lines for; recognised when left out.' },
    'silent-after': { value: 'SECONDS', about: 'Raise an alert when nothing came for this long.' },
    days: { value: 'DAYS', about: 'How long its token or password is good; for ever when left out.' },
    recorded: { about: 'Its events are old recordings and keep their own time.' },
  },
  examples: [
    'ironbark source add dc01-winlogbeat --tenancy acme-odce --silent-after 900',
    'ironbark source add edge-fw --tenancy acme-odce --listener syslog-udp --from 10.1.0.0/16',
    'ironbark source add incident-2019 --tenancy acme-odce --recorded',
  ],
  async run(call) {
    const { args, text, on, server, show } = call;
    const silentAfter = text('silent-after');
    const format = text('format');
    const days = text('days');
    const body = newSource.safeParse({
      id: args[0],
      name: text('name') ?? args[0],
      tenancy: text('tenancy'),
      authentication: authenticationOf(call),
      ...(format !== undefined && { format }),
      ...(silentAfter !== undefined && { silentAfterSeconds: Number(silentAfter) }),
      ...(days !== undefined && { secretDays: Number(days) }),
      recorded: on('recorded'),
    });
    if (!body.success)
      throw new UsageError(
        body.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      );
    const made = await server().send('POST', '/api/sources', { json: body.data }, sourceCreated);
    show(made, () =>
      made.secret === null
        ? `${made.source.id} may send.`
        : [
            `${made.source.id} may send. Its ${body.data.authentication.kind === 'basic' ? 'password' : 'token'}, shown this once:`,
            `  ${made.secret}`,
          ],
    );
  },
};

function authenticationOf({ text }: Call): SourceAuthentication {
  const username = text('username');
  const certificate = text('certificate');
  const listener = text('listener');
  const from = text('from');
  if ([username, certificate, listener].filter((one) => one !== undefined).length > 1) {
    throw new UsageError(
      'A source proves who it is in one way: give one of --username, --certificate and --listener.',
    );
  }
  if (from !== undefined && listener === undefined) throw new UsageError('--from goes with --listener.');
  if (username !== undefined) return { kind: 'basic', username };
  if (certificate !== undefined) {
    return { kind: 'client-certificate', sha256Fingerprint: certificate.replaceAll(':', '').toLowerCase() };
  }
  return listener === undefined
    ? { kind: 'token' }
    : { kind: 'listener', listener, from: from ?? '0.0.0.0/0' };
}
