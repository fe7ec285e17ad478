import { issuer, newIssuer } from '#contract/identity/oidc';
import { readSecret } from './secret.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'issuer add',
  summary: "Let an organisation's people sign in with their own OpenID Connect issuer.",
  args: 'ID',
  options: {
    name: { value: 'NAME', about: 'What the button on the sign-in page says.', required: true },
    url: { value: 'URL', about: 'The issuer, as it names itself. https.', required: true },
    client: { value: 'ID', about: 'The client id it knows Ironbark by.', required: true },
    'secret-file': { value: 'FILE', about: 'The client secret; "-" reads it from standard input.' },
    organisation: { value: 'ID', about: 'Whose people it signs in.', required: true },
    strong: {
      value: 'VALUE',
      about:
        'A value of acr or amr that says two factors were checked. Can be repeated. Left out: mfa, phr, phrh, hwk.',
      many: true,
    },
  },
  examples: [
    'ironbark issuer add agency --name "Agency sign-in" --url https://login.agency.gov.au --client ironbark --secret-file secret.txt --organisation acme',
  ],
  async run({ args: [id = ''], text, texts, io, server, show }) {
    const file = text('secret-file');
    const strong = texts('strong');
    const body = newIssuer.parse({
      id,
      name: text('name'),
      url: text('url'),
      clientId: text('client'),
      organisation: text('organisation'),
      ...(file !== undefined && { clientSecret: await readSecret(file, io.stdin) }),
      ...(strong.length > 0 && { strong }),
    });
    const made = await server().send('POST', '/api/issuers', { json: body }, issuer);
    show(made, () => [
      `${made.name} was added. Register there:`,
      `  redirect URI            ${made.redirectUri}`,
      `  back-channel logout URI ${made.logoutUri}`,
    ]);
  },
};
