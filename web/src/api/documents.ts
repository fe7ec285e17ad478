import type {
  DocumentChange,
  DocumentDetail,
  DocumentDiff,
  DocumentList,
  MyDocument,
  MyDocuments,
  NewDocument,
} from '#contract/governance/policies';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export const documentsKey = ['documents'] as const;
const one = (id: string): string => `/documents/${encodeURIComponent(id)}`;

export const documentsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...documentsKey, 'register'],
    queryFn: ({ signal }) => api.get<DocumentList>('/documents', undefined, signal),
  });
export const myDocumentsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...documentsKey, 'mine'],
    queryFn: ({ signal }) => api.get<MyDocuments>('/documents/mine', undefined, signal),
  });
export const documentQuery = (api: Api, id: string, version?: string) =>
  queryOptions({
    queryKey: [...documentsKey, 'one', id, version ?? null],
    queryFn: ({ signal }) => api.get<DocumentDetail>(one(id), { version }, signal),
  });
export const myDocumentQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...documentsKey, 'mine', id],
    queryFn: ({ signal }) =>
      api.get<MyDocument>(`/documents/mine/${encodeURIComponent(id)}`, undefined, signal),
  });
export const documentDiffQuery = (api: Api, id: string, from: number, to: number) =>
  queryOptions({
    queryKey: [...documentsKey, 'diff', id, from, to],
    queryFn: ({ signal }) => api.get<DocumentDiff>(`${one(id)}/diff`, { from, to }, signal),
  });

export const acknowledgeDocument = (api: Api, id: string, version: number, sha256: string) =>
  api.send<MyDocument>('POST', `${one(id)}/acknowledgements`, { version, sha256 });
export const addDocument = (api: Api, body: Partial<NewDocument>) =>
  api.send<DocumentDetail>('POST', '/documents', body);
export const addVersion = (api: Api, id: string, body: { text: string; summary: string; minor: boolean }) =>
  api.send<DocumentDetail>('POST', `${one(id)}/versions`, body);
export const approveVersion = (api: Api, id: string, number: number, sha256: string) =>
  api.send<DocumentDetail>('POST', `${one(id)}/versions/${number}/approval`, { sha256 });
export const reviewDocument = (api: Api, id: string, outcome: 'stands' | 'change-needed', note: string) =>
  api.send<DocumentDetail>('POST', `${one(id)}/reviews`, { outcome, note });
type PersonList = { people: { id: string; name: string; endedAt: string | null; organisation: string }[] };
export const providersPeopleQuery = (api: Api) =>
  queryOptions({
    queryKey: ['organisations', 'people', 'all'],
    queryFn: ({ signal }) => api.get<PersonList>('/persons', undefined, signal),
  });
export const changeDocument = (api: Api, id: string, body: DocumentChange) =>
  api.send<DocumentDetail>('PATCH', one(id), body);
export const retireDocument = (api: Api, id: string, reason: string) =>
  api.send<DocumentDetail>('POST', `${one(id)}/retirement`, { reason });
export const templateOf = (api: Api, key: string) =>
  api.get<{ key: string; title: string; text: string }>(`/documents/templates/${encodeURIComponent(key)}`);
