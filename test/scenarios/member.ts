import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { authenticator } from '../../src/identity/testing-authenticator.ts';
import type { Running } from './running.ts';

/*
 * People of a running system, over HTTP: each is signed in with a passkey of their own, as a browser would be.
 */

export type Headers = Readonly<Record<string, string>>;
export type Member = {
  readonly headers: Headers;
  readonly user: string;
  readonly email: string;
  readonly key: ReturnType<typeof authenticator>;
};
type Server = Pick<Running, 'origin'>;
export type Answered = { readonly status: number; readonly json: Record<string, unknown> };

export async function call(
  { origin }: Server,
  who: Headers,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answered> {
  const text = typeof body === 'string';
  const answer = await fetch(`${origin}${path}`, {
    method,
    headers: {
      ...who,
      ...(body !== undefined && { 'content-type': text ? 'text/plain' : 'application/json' }),
    },
    ...(body !== undefined && { body: text ? body : JSON.stringify(body) }),
  });
  const said = await answer.text();
  return {
    status: answer.status,
    json: said === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(said)),
  };
}

/** Of an answer that must be good. @throws with the problem */
export async function must(...asked: Parameters<typeof call>): Promise<Record<string, unknown>> {
  const { status, json } = await call(...asked);
  if (status >= 300) throw new Error(`${asked[2]} ${asked[3]} gave ${status}: ${JSON.stringify(json)}`);
  return json;
}

/** Who runs the machine. */
export function operator({ data }: Pick<Running, 'data'>): Headers {
  const { secret } = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(`${data}/run/local.json`, 'utf8')));
  return { authorization: `Bearer ${secret}` };
}

/** Adds an account, and signs its owner in with a new passkey. */
export async function member(
  running: Server & Pick<Running, 'data'>,
  of: { readonly name: string; readonly organisation: string; readonly roles: readonly string[] },
): Promise<Member> {
  const email = `${of.name}@${of.organisation}.example`;
  const made = z
    .object({ user: z.object({ id: z.string() }), link: z.string() })
    .parse(await must(running, operator(running), 'POST', '/api/users', { ...of, email }));
  const token = new URL(made.link, running.origin).searchParams.get('token');
  const first = await session(running, {}, '/api/first-sign-in', {
    token,
    name: of.name,
    email,
    password: 'gum leaves after rain',
  });
  const key = authenticator(running.origin);
  const { challenge } = z
    .looseObject({ challenge: z.string() })
    .parse(await must(running, first, 'POST', '/api/passkeys/options'));
  const headers = await session(running, first, '/api/passkeys', key.create(challenge));
  return { headers, user: made.user.id, email, key };
}

/** Signs in with the passkey that `member` made, as on any other day. @returns the headers of the new session */
export async function signInAgain(running: Server, { key }: Pick<Member, 'key'>): Promise<Headers> {
  const { challenge } = z
    .looseObject({ challenge: z.string() })
    .parse(await must(running, {}, 'POST', '/api/session/passkey/options'));
  return session(running, {}, '/api/session/passkey', key.get(challenge));
}

/** The headers of the session that an answer opens, or goes on with. */
async function session({ origin }: Server, before: Headers, path: string, body: unknown): Promise<Headers> {
  const answer = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...before },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} gave ${answer.status}: ${text}`);
  const { csrfToken } = z.looseObject({ csrfToken: z.string() }).parse(JSON.parse(text));
  const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? before['cookie'] ?? '';
  return { cookie, 'x-csrf-token': csrfToken };
}
