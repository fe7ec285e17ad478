import type {
  CertificateIssued,
  NewSession,
  Notice,
  Seen,
  SessionDetail,
  Standing,
  SupportSession,
  ToSign,
} from '#contract/community/support';
import { startAuthentication } from '@simplewebauthn/browser';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

const one = (id: string, rest = ''): string => `/support/sessions/${encodeURIComponent(id)}${rest}`;

export const sessionsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['support', 'list'],
    queryFn: ({ signal }) => api.get<{ sessions: SupportSession[] }>('/support/sessions', undefined, signal),
    refetchInterval: 5_000,
  });
export const supportQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['support', 'one', id],
    queryFn: ({ signal }) => api.get<SessionDetail>(one(id), undefined, signal),
    refetchInterval: 3_000,
  });
export const noticesQuery = (api: Api) =>
  queryOptions({
    queryKey: ['support', 'notices'],
    queryFn: ({ signal }) => api.get<{ notices: Notice[] }>('/support/notices', undefined, signal),
    refetchInterval: 10_000,
  });
export const standingQuery = (api: Api) =>
  queryOptions({
    queryKey: ['support', 'standing'],
    queryFn: ({ signal }) => api.get<{ standing: Standing[] }>('/support/standing', undefined, signal),
  });
export const seenQuery = (api: Api) =>
  queryOptions({
    queryKey: ['support', 'seen'],
    queryFn: ({ signal }) => api.get<Seen>('/support/seen', undefined, signal),
  });
export const engineersQuery = (api: Api) =>
  queryOptions({
    queryKey: ['support', 'engineers'],
    queryFn: ({ signal }) =>
      api.get<{ engineers: { id: string; name: string }[] }>('/support/engineers', undefined, signal),
  });
/** Each asking is recorded as a playback, so it is asked for once and kept. */
export const recordingQuery = (api: Api, id: string, number: number) =>
  queryOptions({
    queryKey: ['support', 'recording', id, number],
    queryFn: ({ signal }) =>
      api.get<{ recording: string }>(one(id, `/recordings/${number}`), undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const requestSupport = (api: Api, body: NewSession) =>
  api.send<SessionDetail>('POST', '/support/sessions', body);
export const doStep = (api: Api, id: string, step: string, body: object = {}) =>
  api.send<SupportSession>('POST', one(id, `/${step}`), body);
export const certify = (api: Api, id: string, publicKey: string) =>
  api.send<CertificateIssued>('POST', one(id, '/certificate'), { publicKey });
export const seeNotice = (api: Api, id: string) =>
  api.send('POST', `/support/notices/${encodeURIComponent(id)}/seen`, {});
export const takeStandingBack = (api: Api, id: string) =>
  api.send('DELETE', `/support/standing/${encodeURIComponent(id)}`);

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Asks what is to be signed, has the passkey sign it, and sends the answer. */
async function signWith(api: Api, path: string, body: object = {}): Promise<unknown> {
  const { options, offeredAt } = await api.send<ToSign>('POST', `${path}/options`, body);
  // What the server's library made for the browser's.
  const optionsJSON = options as unknown as Options;
  const answer = await startAuthentication({ optionsJSON }).catch((cause: unknown) => {
    throw new Error('No passkey was used, so nothing was signed. Try again.', { cause });
  });
  return api.send('POST', path, { ...body, offeredAt, answer });
}
export const approveSupport = (api: Api, id: string) => signWith(api, one(id, '/approval'));
export const countersignSupport = (api: Api, id: string) => signWith(api, one(id, '/countersignature'));
export const giveStanding = (api: Api, tenancy: string, days: number) =>
  signWith(api, '/support/standing', { tenancy, days });
