import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-600.css';
import '@fontsource/jetbrains-mono/latin-400.css';
import '@fontsource/jetbrains-mono/latin-600.css';
import './theme/mantine.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/controls.css';
import './theme/shell.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { createApi, Problem } from './api/client.ts';
import { ServicesProvider } from './app/context.tsx';
import { idleAfter } from './app/idle.ts';
import { keyboard } from './app/keys.ts';
import { mantineTheme } from './app/mantine.ts';
import { notices } from './app/notices.ts';
import { preferenceStore } from './app/preferences.ts';
import { createAppRouter } from './app/router.tsx';
import { ticker } from './app/ticker.ts';

const preferences = preferenceStore(localStorage, document.documentElement);
const api = createApi((input, init) => fetch(input, init), idleAfter(window, 30));
const keys = keyboard(window, () => preferences.get().shortcuts);
const services = {
  api,
  preferences,
  keys,
  notices: notices((run, milliseconds) => void setTimeout(run, milliseconds)),
  ticker: ticker(() => Date.now()),
};
const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: false,
      // What the server decided does not get better by asking again; a broken connection does.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof Problem) || error.status === 0 || error.status === 503),
    },
  },
});
const router = createAppRouter({ api, queryClient, notices: services.notices });

// A session that ended while the page stood open: to the sign-in page, and back here afterwards.
queryClient.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error') return;
  const { error } = event.action;
  if (!(error instanceof Problem) || error.status !== 401 || event.query.queryKey[0] === 'session') return;
  if (queryClient.getQueryData(['session'])) {
    queryClient.setQueryData(['session'], null);
    void router.invalidate();
  }
});
keys.listen();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root.');
createRoot(root).render(
  // No style element is injected: variables and classes are in our own files (the policy allows no inline style).
  <MantineProvider
    theme={mantineTheme}
    forceColorScheme="dark"
    getRootElement={() => undefined}
    withCssVariables={false}
    withGlobalClasses={false}
  >
    <QueryClientProvider client={queryClient}>
      <ServicesProvider services={services}>
        <RouterProvider router={router} />
      </ServicesProvider>
    </QueryClientProvider>
  </MantineProvider>,
);
