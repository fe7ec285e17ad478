import type { CertificateDetail, CertificateList, NewCertificate } from '#contract/governance/certificates';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

export const certificatesKey = ['certificates'] as const;
const one = (id: string): string => `/certificates/${encodeURIComponent(id)}`;

export const certificatesQuery = (api: Api) =>
  queryOptions({
    queryKey: [...certificatesKey, 'list'],
    queryFn: ({ signal }) => api.get<CertificateList>('/certificates', undefined, signal),
  });
export const certificateQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...certificatesKey, 'one', id],
    queryFn: ({ signal }) => api.get<CertificateDetail>(one(id), undefined, signal),
  });
export const reportPath = (id: string): string => `/api${one(id)}/report`;

type Given = Pick<NewCertificate, 'scheme' | 'title' | 'issuedAt'> & {
  scope: { statement: string; environments: string[]; services: string[] };
  assessor: { organisation: string };
} & Partial<
    Pick<
      NewCertificate,
      'classification' | 'expiresAt' | 'surveillanceMonths' | 'level' | 'number' | 'edition'
    >
  >;
export const addCertificate = (api: Api, body: Given) =>
  api.send<CertificateDetail>('POST', '/certificates', body);
export const keepReport = (api: Api, id: string, file: File) =>
  api.send<CertificateDetail>(
    'PUT',
    `${one(id)}/report?${new URLSearchParams({ name: file.name })}`,
    new Blob([file]),
  );
export const recordSurveillance = (api: Api, id: string, note: string) =>
  api.send<CertificateDetail>('POST', `${one(id)}/surveillance`, { at: new Date().toISOString(), note });
export const meetCondition = (api: Api, id: string, condition: string, note: string) =>
  api.send<CertificateDetail>('POST', `${one(id)}/conditions/${encodeURIComponent(condition)}/completion`, {
    note,
  });
export const addCondition = (api: Api, id: string, text: string, dueAt: string) =>
  api.send<CertificateDetail>('POST', `${one(id)}/conditions`, { text, dueAt });
export const withdrawCertificate = (api: Api, id: string, reason: string) =>
  api.send<CertificateDetail>('POST', `${one(id)}/withdrawal`, { reason });
export const recordChange = (api: Api, environment: string, what: string) =>
  api.send<CertificateList>('POST', '/certificates/changes', {
    environment,
    what,
    at: new Date().toISOString(),
  });
