import type { SystemList } from '#contract/governance';
import type {
  AnnexImport,
  KindList,
  Preview,
  ReportChanges,
  ReportInput,
  ReportKind,
  ReportList,
  ReportView,
} from '#contract/governance/reports';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export const reportsKey = ['reports'] as const;
const one = (id: string): string => `/reports/${encodeURIComponent(id)}`;

export const systemsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['systems'],
    queryFn: ({ signal }) => api.get<SystemList>('/systems', undefined, signal),
  });
export const kindsQuery = (api: Api) =>
  queryOptions({
    queryKey: [...reportsKey, 'kinds'],
    queryFn: ({ signal }) => api.get<KindList>('/reports/kinds', undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
/** Asked again each second while one of them is being made. */
export const reportsQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...reportsKey, 'list', environment],
    queryFn: ({ signal }) => api.get<ReportList>('/reports', { environment }, signal),
    refetchInterval: ({ state }) =>
      state.data?.reports.some((report) => report.state === 'waiting' || report.state === 'making')
        ? 1000
        : 30_000,
  });
export const previewQuery = (api: Api, environment: string, kind: ReportKind) =>
  queryOptions({
    queryKey: [...reportsKey, 'preview', environment, kind],
    queryFn: ({ signal }) => api.get<Preview>('/reports/preview', { environment, kind }, signal),
    retry: false,
  });
export const changesQuery = (api: Api, id: string, since: string) =>
  queryOptions({
    queryKey: [...reportsKey, 'changes', id, since],
    queryFn: ({ signal }) => api.get<ReportChanges>(`${one(id)}/changes`, { since }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const askForReport = (api: Api, body: ReportInput) => api.send<ReportView>('POST', '/reports', body);
export const cancelReport = (api: Api, id: string) => api.send<ReportView>('POST', `${one(id)}/cancel`);
export const downloadPath = (id: string, what: 'file' | 'bundle'): string => `/api${one(id)}/${what}`;

export const importAnnex = (
  api: Api,
  environment: string,
  file: File,
  how: { dryRun: boolean; dirty: 'refuse' | 'skip' },
) =>
  api.send<AnnexImport>(
    'POST',
    `/reports/import?${new URLSearchParams({ environment, dryRun: String(how.dryRun), dirty: how.dirty })}`,
    file.slice(),
  );
