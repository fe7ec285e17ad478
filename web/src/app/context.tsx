import type { Session, TenancySummary } from '#contract/identity';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react';
import type { Api } from '../api/client.ts';
import type { Binding, Keys, Layer } from './keys.ts';
import type { Notices } from './notices.ts';
import type { PreferenceStore } from './preferences.ts';
import type { Ticker } from './ticker.ts';

export type Services = {
  api: Api;
  preferences: PreferenceStore;
  notices: Notices;
  keys: Keys;
  ticker: Ticker;
};

const ServicesContext = createContext<Services | undefined>(undefined);
export const ServicesProvider = ({ services, children }: { services: Services; children: ReactNode }) => (
  <ServicesContext value={services}>{children}</ServicesContext>
);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('ServicesProvider is missing above this component.');
  return services;
}
export const useApi = () => useServices().api;
export const useNotices = () => useServices().notices;

export function usePreferences() {
  const { preferences } = useServices();
  return useSyncExternalStore(preferences.subscribe, preferences.get);
}

/** Milliseconds since the epoch, in steps: a component that shows minutes is not drawn every second. */
export function useNow(stepSeconds: number): number {
  const { ticker } = useServices();
  const step = stepSeconds * 1000;
  return useSyncExternalStore(ticker.subscribe, () => Math.floor(ticker.now() / step) * step);
}

/** Shortcuts of the component while it is shown; handlers may close over fresh state. */
export function useKeys(bindings: readonly Binding[], layer: Layer = 'page') {
  const { keys } = useServices();
  const latest = useRef(bindings);
  useLayoutEffect(() => {
    latest.current = bindings;
  });
  const shape = bindings.map((binding) => `${binding.keys}\u0000${binding.says}`).join('\u0001');
  useEffect(() => {
    const stable = latest.current.map((binding, at) => ({
      ...binding,
      run: () => latest.current[at]?.run(),
    }));
    return keys.add(stable, layer);
    // `shape` stands for the bindings: handlers are read through `latest`.
  }, [keys, shape, layer]);
}

const SessionContext = createContext<Session | undefined>(undefined);
export const SessionProvider = ({ session, children }: { session: Session; children: ReactNode }) => (
  <SessionContext value={session}>{children}</SessionContext>
);
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('This part of the page is for signed-in people only.');
  return session;
}
export const useMay = (permission: Session['permissions'][number]): boolean =>
  useSession().permissions.includes(permission);

export function useTenancies(): ReadonlyMap<string, TenancySummary> {
  const { tenancies } = useSession();
  return useMemo(() => new Map(tenancies.map((tenancy) => [tenancy.id, tenancy])), [tenancies]);
}
