/**
 * For tests of work that is done apart: counts who is answered meanwhile.
 * Not here: how long anything takes. INVARIANT: it ends when the work does, and throws what that throws.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers that a server of this process gives, one request after the other, until the work is done. */
export async function answersWhile(work: Promise<unknown>): Promise<number> {
  const server = createServer((_request, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Listening on a port, so it has an address of that kind.
  const { port } = server.address() as AddressInfo;
  let done = false;
  const ended = work.finally(() => (done = true));
  let answers = 0;
  try {
    while (!done) {
      await (await fetch(`http://127.0.0.1:${port}/`)).text();
      answers++;
    }
    await ended;
  } finally {
    server.close();
  }
  return answers;
}
