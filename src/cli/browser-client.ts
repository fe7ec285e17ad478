import type { z } from 'zod';
import { NoServer, ServerRefused } from './errors.ts';

/** As a browser does it: with a cookie. Only for what a token can't do. */
export function browserClient(origin: string) {
  let cookie: string | undefined;
  return {
    async post<Schema extends z.ZodType>(
      path: string,
      body: unknown,
      answer: Schema,
      csrfToken?: string,
    ): Promise<z.output<Schema>> {
      const response = await fetch(new URL(path, origin), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(cookie !== undefined && { cookie }),
          ...(csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
        },
        body: JSON.stringify(body),
      }).catch((error: unknown) => {
        throw new NoServer(`The server at ${origin} does not answer.`, error);
      });
      cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie;
      const value: unknown = await response.json();
      if (!response.ok) throw refusal(value, response.status);
      return answer.parse(value);
    },
  };
}

function refusal(value: unknown, status: number): Error {
  const detail = typeof value === 'object' && value !== null && 'detail' in value ? String(value.detail) : '';
  const code =
    typeof value === 'object' && value !== null && 'code' in value ? String(value.code) : 'refused';
  return new ServerRefused({ code, status, detail });
}
