import type { Session, SetupState } from '#contract/identity';
import type { IssuerChoices } from '#contract/identity/oidc';
import { queryOptions } from '@tanstack/react-query';
import { type Api, Problem } from './client.ts';

/** Null: nobody is signed in. */
export const sessionQuery = (api: Api) =>
  queryOptions({
    queryKey: ['session'],
    staleTime: 60_000,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        const session = await api.get<Session>('/session', undefined, signal);
        api.setCsrfToken(session.csrfToken);
        return session;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
  });

export const setupQuery = (api: Api) =>
  queryOptions({
    queryKey: ['setup'],
    queryFn: ({ signal }) => api.get<SetupState>('/setup', undefined, signal),
    staleTime: 10_000,
  });

/** Where else people of the community can sign in. */
export const issuersQuery = (api: Api) =>
  queryOptions({
    queryKey: ['issuers', 'choices'],
    queryFn: ({ signal }) => api.get<IssuerChoices>('/session/issuers', undefined, signal),
    staleTime: 60_000,
  });
