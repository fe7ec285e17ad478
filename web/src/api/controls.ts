import type { System } from '#contract/governance';
import type {
  AnswerInput,
  BulkInput,
  ControlDetail,
  ControlList,
  ExceptionInput,
  ExceptionView,
  ReaffirmInput,
  RowReport,
  Upgrade,
} from '#contract/governance/controls';
import type {
  ActivationList,
  EditionDetail,
  EditionDiffView,
  FrameworkList,
} from '#contract/governance/frameworks';
import { queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

/** Everything about controls: a change of one may change how others stand. */
export const controlsKey = ['controls'] as const;
const of = (environment: string): string => `/systems/${encodeURIComponent(environment)}`;

export const systemsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['systems'],
    queryFn: ({ signal }) => api.get<{ systems: System[] }>('/systems', undefined, signal),
    staleTime: 60_000,
  });
export const controlsQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'list', environment],
    queryFn: ({ signal }) => api.get<ControlList>(`${of(environment)}/controls`, undefined, signal),
    staleTime: 15_000,
    enabled: environment !== '',
  });
export const controlQuery = (api: Api, environment: string, control: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'one', environment, control],
    queryFn: ({ signal }) =>
      api.get<ControlDetail>(`${of(environment)}/controls/${encodeURIComponent(control)}`, undefined, signal),
  });
export const frameworksQuery = (api: Api) =>
  queryOptions({
    queryKey: [...controlsKey, 'frameworks'],
    queryFn: ({ signal }) => api.get<FrameworkList>('/frameworks', undefined, signal),
  });
export const editionQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'edition', id],
    queryFn: ({ signal }) =>
      api.get<EditionDetail>(`/frameworks/editions/${encodeURIComponent(id)}`, undefined, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
export const activeQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'active', environment],
    queryFn: ({ signal }) => api.get<ActivationList>(`${of(environment)}/editions`, undefined, signal),
    enabled: environment !== '',
  });
export const diffQuery = (api: Api, from: string, to: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'diff', from, to],
    queryFn: ({ signal }) => api.get<EditionDiffView>('/frameworks/diff', { from, to }, signal),
    enabled: from !== '' && to !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
export const upgradeQuery = (api: Api, environment: string, edition: string, profile: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'upgrade', environment, edition, profile],
    queryFn: ({ signal }) => api.get<Upgrade>(`${of(environment)}/upgrade`, { edition, profile }, signal),
    enabled: environment !== '' && edition !== '' && profile !== '',
  });
export const exceptionsOfQuery = (api: Api, environment: string) =>
  queryOptions({
    queryKey: [...controlsKey, 'exceptions', environment],
    queryFn: ({ signal }) =>
      api.get<{ exceptions: ExceptionView[] }>(`${of(environment)}/exceptions`, undefined, signal),
    enabled: environment !== '',
  });

export const putAnswer = (api: Api, environment: string, control: string, body: AnswerInput) =>
  api.send<ControlDetail>('PUT', `${of(environment)}/controls/${encodeURIComponent(control)}/answer`, body);
export const bulkAnswer = (api: Api, environment: string, body: BulkInput) =>
  api.send<RowReport>('POST', `${of(environment)}/answers`, body);
export const reaffirm = (api: Api, environment: string, body: ReaffirmInput) =>
  api.send<RowReport>('POST', `${of(environment)}/reaffirmations`, body);
export const importAnswers = (api: Api, environment: string, file: File, dryRun: boolean) =>
  api.send<RowReport>('POST', `${of(environment)}/answers/import?dryRun=${dryRun}`, new Blob([file]));
export const activateEdition = (api: Api, environment: string, edition: string, profile: string) =>
  api.send<ActivationList>('PUT', `${of(environment)}/editions`, { edition, profile });
export const importEdition = (api: Api, file: File) =>
  api.send<{ edition: { framework: string; version: string }; created: boolean; notes: string[] }>(
    'POST',
    `/frameworks/editions?${new URLSearchParams({ name: file.name })}`,
    new Blob([file]),
  );
export const askException = (api: Api, environment: string, body: ExceptionInput) =>
  api.send<ExceptionView>('POST', `${of(environment)}/exceptions`, body);
export const decideException = (
  api: Api,
  environment: string,
  id: string,
  decision: 'approve' | 'refuse',
  note: string,
) =>
  api.send<ExceptionView>('POST', `${of(environment)}/exceptions/${encodeURIComponent(id)}/decision`, {
    decision,
    note,
  });
export const endException = (api: Api, environment: string, id: string, note: string) =>
  api.send<ExceptionView>('POST', `${of(environment)}/exceptions/${encodeURIComponent(id)}/end`, { note });
export const exportPath = (environment: string): string => `/api${of(environment)}/answers.csv`;
