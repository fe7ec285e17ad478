import { type NewSession, sessionDetail } from '#contract/community/support';
import type { Call, Command } from './command.ts';
import { UsageError } from './errors.ts';
import { sessionLines } from './support-words.ts';

/** What a request is put together from, on the command line. */
export const askingOptions: NonNullable<Command['options']> = {
  tenancy: { value: 'ID', about: 'The customer’s tenancy.', required: true },
  reason: { value: 'TEXT', about: 'What is to be done, and why.', required: true },
  minutes: { value: 'N', about: 'How long it may last.', required: true },
  engineer: { value: 'USER', about: 'User id of an engineer; may be repeated.', many: true, required: true },
  system: {
    value: 'NAME=ACCOUNT@HOST:PORT',
    about: 'A system that may be reached; may be repeated.',
    many: true,
    required: true,
  },
  'host-key': {
    value: 'SHA256:…',
    about: 'The fingerprint of each system’s host key, in the order of the systems.',
    many: true,
    required: true,
  },
  ticket: { value: 'TEXT', about: 'The ticket it belongs to.' },
  'record-input': { about: 'Record what is typed too.' },
};

/** `web-1=root@10.1.2.3:22` */
const systemPattern = /^([a-z0-9-]+)=([a-z0-9_.-]+)@(.+?)(?::(\d{1,5}))?$/;

export async function askFor(call: Call, kind: 'planned' | 'break-glass'): Promise<void> {
  const { text, texts, on, server, show } = call;
  const keys = texts('host-key');
  const systems = texts('system').map((given, index) => {
    const [, name = '', account = '', host = '', port = '22'] = systemPattern.exec(given) ?? [];
    const hostKey = keys[index];
    if (name === '') throw new UsageError(`"${given}" is no system. Write it as web-1=root@10.1.2.3:22.`);
    if (hostKey === undefined) throw new UsageError(`Give --host-key for ${name} too.`);
    return { name, account, host, port: Number(port), hostKey };
  });
  const request: NewSession = {
    kind,
    tenancy: text('tenancy') ?? '',
    reason: text('reason') ?? '',
    minutes: Number(text('minutes')),
    engineers: [...texts('engineer')],
    systems,
    ticket: text('ticket') ?? null,
    recordInput: on('record-input'),
  };
  const client = server();
  const session = await client.send('POST', '/api/support/sessions', { json: request }, sessionDetail);
  show(session, () => [
    ...sessionLines(session),
    '',
    `Approving takes a passkey: ${client.url}/support/${session.id}`,
  ]);
}
