import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createGateClient, type GateClientOptions } from './index.ts';

const question = {
  subject: { type: 'user', id: 'alice@acme.example' },
  action: { name: 'portal.use' },
  resource: { type: 'tenancy', id: 'acme-odce' },
};
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A gate on the loopback that answers as it is told. */
async function asked(answer: RequestListener, more: Partial<GateClientOptions> = {}) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP
  const ask = createGateClient({ url: `http://127.0.0.1:${port}`, token: 'ibt_x', ...more });
  return ask(question);
}
const json =
  (body: unknown, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('the client of the gate', () => {
  test('permits what the gate permits, and asks it as AuthZEN has it', async () => {
    let got: unknown;
    const verdict = await asked((request, response) => {
      let text = '';
      request.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      request.on('end', () => {
        got = {
          url: request.url,
          authorization: request.headers.authorization,
          body: JSON.parse(text) as unknown,
        };
        json({ decision: true })(request, response);
      });
    });
    expect(verdict).toEqual({ permitted: true, duties: [] });
    expect(got).toEqual({ url: '/access/v1/evaluation', authorization: 'Bearer ibt_x', body: question });
  });

  const denials: [string, RequestListener][] = [
    ['a denial', json({ decision: false })],
    ['a decision that is a text', json({ decision: 'true' })],
    ['no decision', json({})],
    ['a list', json([{ decision: true }])],
    ['a permit with another status', json({ decision: true }, 500)],
    ['no JSON', (_, response) => void response.end('{"decision": tru')],
    ['a redirect', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    [
      'a duty that the caller does not know',
      json({ decision: true, context: { obligations: [{ id: 'record' }] } }),
    ],
    ['a connection that breaks', (request) => void request.socket.destroy()],
    ['an answer without an end', (_, response) => void response.write('{"decision":')],
    ['more than is read', json({ decision: true, more: 'x'.repeat(300_000) })],
  ];
  test.each(denials)('denies on %s', async (_what, answer) => {
    expect(await asked(answer, { timeoutMilliseconds: 500 })).toMatchObject({ permitted: false });
  });

  test('denies when nobody answers', async () => {
    const ask = createGateClient({ url: 'http://127.0.0.1:9', token: 'x' });
    expect(await ask(question)).toMatchObject({ permitted: false, reason: 'The gate could not be asked.' });
  });
});
