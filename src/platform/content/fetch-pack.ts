import { FetchRefused } from './errors.ts';
import { packLimits } from './pack-files.ts';

export type FetchLimits = { readonly bytes: number; readonly seconds: number; readonly redirects: number };
const fetchLimits: FetchLimits = { bytes: packLimits.totalBytes, seconds: 120, redirects: 3 };

/**
 * Fetches one file that somebody asked for. HTTPS, or HTTP on this very machine; a redirect may lead to the same host only.
 * @throws {FetchRefused}
 */
export async function fetchPack(
  address: string,
  signal?: AbortSignal,
  limits: FetchLimits = fetchLimits,
): Promise<{ name: string; bytes: Buffer }> {
  const timeout = AbortSignal.timeout(limits.seconds * 1000);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  let url = allowed(address);
  for (let hop = 0; ; hop++) {
    const answer = await get(url, stop);
    if (answer.status < 300 || answer.status >= 400)
      return { name: nameIn(url), bytes: await bodyOf(url, answer, limits.bytes, stop) };
    await answer.body?.cancel();
    const to = new URL(answer.headers.get('location') ?? url.href, url);
    if (hop >= limits.redirects) throw refused(address, `it redirects more than ${limits.redirects} times`);
    if (to.origin !== url.origin)
      throw refused(
        address,
        `it redirects to another host (${to.host}). Give that address itself, if it is to be trusted`,
      );
    url = allowed(to.href);
  }
}

/** @throws {FetchRefused} */
export function allowed(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) throw refused(address, 'it is no address');
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
    throw refused(address, 'use https:// (http:// is for this machine itself only)');
  if (url.username !== '' || url.password !== '') throw refused(address, 'it has a password in it');
  return url;
}

function get(url: URL, signal: AbortSignal): Promise<Response> {
  return fetch(url, { redirect: 'manual', signal, headers: { accept: '*/*' } }).catch((error: unknown) => {
    throw refused(
      url.href,
      signal.aborted ? 'it took too long, or was stopped' : 'it does not answer',
      error,
    );
  });
}

async function bodyOf(url: URL, answer: Response, mostBytes: number, signal: AbortSignal): Promise<Buffer> {
  if (answer.status !== 200 || answer.body === null) throw refused(url.href, `it answered ${answer.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of answer.body) {
      size += part.length;
      if (size > mostBytes) throw refused(url.href, `it is larger than ${mostBytes} bytes`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof FetchRefused) throw error;
    throw refused(url.href, signal.aborted ? 'it took too long, or was stopped' : 'it broke off', error);
  }
  return Buffer.concat(parts);
}

const nameIn = (url: URL): string => url.pathname.split('/').at(-1) || url.hostname;

const refused = (address: string, why: string, cause?: unknown): FetchRefused =>
  new FetchRefused(`${withoutSecrets(address)} was not fetched: ${why}.`, { why }, cause);

/** What is behind "?" and before "@" may be a secret. */
const withoutSecrets = (address: string): string =>
  address
    .replace(/\?.*$/s, '?…')
    .replace(/\/\/[^/@]*@/, '//…@')
    .slice(0, 300);
