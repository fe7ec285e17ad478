import { createInterface } from 'node:readline/promises';
import { firstSignIn, session, totpConfirm, totpEnrolment } from '#contract/identity';
import { browserClient } from './browser-client.ts';
import type { Command } from './command.ts';
import { UsageError } from './errors.ts';

export const command: Command = {
  name: 'user enrol',
  summary: 'Use a one-time sign-in link without a browser: set the password, confirm the second factor.',
  options: {
    link: { value: 'URL', about: 'The link, as it was printed.', required: true },
    name: { value: 'NAME', about: 'Your name.', required: true },
    email: { value: 'E-MAIL', about: 'Your e-mail address.', required: true },
  },
  examples: [
    'ironbark user enrol --link "http://localhost:7460/first-sign-in?token=…" --name "Jo Nguyen" --email jo@wattle.example',
  ],
  async run({ text, io, show }) {
    const link = new URL(text('link') ?? '');
    const token = link.searchParams.get('token');
    if (token === null) throw new UsageError('The link has no token in it. Copy it as a whole, in quotes.');
    const lines = createInterface({ input: io.stdin, output: process.stderr, terminal: false });
    const answers = lines[Symbol.asyncIterator]();
    const ask = async (question: string): Promise<string> => {
      io.err(question);
      const answer = await answers.next();
      if (answer.done) throw new UsageError('The input ended before everything was answered.');
      return answer.value.trim();
    };
    try {
      const api = browserClient(link.origin);
      const password = await ask('Password, at least 12 characters: ');
      const body = firstSignIn.parse({ token, name: text('name'), email: text('email'), password });
      const enrolment = await api.post('/api/first-sign-in', body, totpEnrolment);
      io.err(
        `\nAdd this to your authenticator:\n  ${enrolment.otpauthUrl}\n  secret ${enrolment.secret}\n\n`,
      );
      const code = totpConfirm.parse({ code: await ask('The six digits it shows: ') });
      const opened = await api.post('/api/totp/confirm', code, session, enrolment.csrfToken);
      show(
        { user: opened.user, roles: opened.roles },
        () => `${opened.user.name} can sign in now, with password and code.`,
      );
    } finally {
      lines.close();
    }
  },
};
