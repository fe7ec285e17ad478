import type { EventRow, Facets, Histogram, SearchPage } from '#contract/soc/search';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Api } from './client.ts';

/** One question: what, when, whose. `asked` makes the same question asked again a new one. */
export type Question = { query: string; from: string; to: string; tenancies?: string[]; asked: number };
const body = ({ asked: _asked, ...rest }: Question) => rest;

export const eventsQuery = (api: Api, question: Question) =>
  infiniteQueryOptions({
    queryKey: ['events', 'rows', question],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.send<SearchPage>(
        'POST',
        '/events/search',
        { ...body(question), limit: 200, ...(pageParam ? { after: pageParam } : {}) },
        signal,
      ),
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 120_000,
    retry: false,
  });

export const histogramQuery = (api: Api, question: Question) =>
  queryOptions({
    queryKey: ['events', 'histogram', question],
    queryFn: ({ signal }) =>
      api.send<Histogram>('POST', '/events/histogram', { ...body(question), buckets: 120 }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 120_000,
    retry: false,
  });

export const facetsQuery = (api: Api, question: Question, fields: readonly string[]) =>
  queryOptions({
    queryKey: ['events', 'facets', question, fields],
    queryFn: ({ signal }) =>
      api.send<Facets>('POST', '/events/facets', { ...body(question), fields, top: 6 }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 120_000,
    retry: false,
  });

export type FieldName = { name: string; type: string; native: boolean };
export const fieldNames = (api: Api, prefix: string, signal?: AbortSignal) =>
  api.get<{ fields: FieldName[] }>('/events/fields', { prefix }, signal);

export type { EventRow, Facets, Histogram };
