import type {
  AddedPack,
  ContentList,
  ContentPack,
  PackDetail,
  PackDiff,
  TrustedKey,
} from '#contract/platform/content';
import { queryOptions } from '@tanstack/react-query';
import { type Api, queryString } from './client.ts';

const one = (id: string): string => `/content/packs/${encodeURIComponent(id)}`;

export const contentQuery = (api: Api) =>
  queryOptions({
    queryKey: ['content', 'list'],
    queryFn: ({ signal }) => api.get<ContentList>('/content', undefined, signal),
    staleTime: 15_000,
  });
export const packQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['content', 'one', id],
    queryFn: ({ signal }) => api.get<PackDetail>(one(id), undefined, signal),
  });
export const diffQuery = (api: Api, id: string, withId: string) =>
  queryOptions({
    queryKey: ['content', 'diff', id, withId],
    queryFn: ({ signal }) => api.get<PackDiff>(`${one(id)}/diff`, { with: withId }, signal),
  });

export type NewPack = {
  kind?: string | undefined;
  name?: string | undefined;
  version?: string | undefined;
  activate: boolean;
};

export const addPack = (api: Api, file: File, { kind, name, version, activate }: NewPack) =>
  api.send<AddedPack>(
    'POST',
    `/content/packs${queryString({ file: file.name, kind, name, version, activate: activate ? 'true' : undefined })}`,
    new Blob([file]),
  );
export const downloadPack = (api: Api, url: string, pack: NewPack) =>
  api.send<AddedPack>('POST', '/content/downloads', { url, ...pack });
export const setPackActive = (api: Api, id: string, active: boolean, older = false) =>
  api.send<ContentPack>('PATCH', one(id), { active, older });
export const rollBackPack = (api: Api, kind: string, name: string) =>
  api.send<ContentPack>('POST', '/content/rollbacks', { kind, name });
export const removePack = (api: Api, id: string) => api.send('DELETE', one(id));
export const trustKey = (api: Api, name: string, publicKey: string) =>
  api.send<TrustedKey>('POST', '/content/keys', { name, publicKey });
export const distrustKey = (api: Api, id: string) =>
  api.send('DELETE', `/content/keys/${encodeURIComponent(id)}`);
