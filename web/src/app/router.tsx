import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import type { Api } from '../api/client.ts';
import { queryString } from '../api/client.ts';
import { sessionQuery, setupQuery } from '../api/session.ts';
import type { Notices } from './notices.ts';
import { AppFailure, NoSuchPage } from './failure.tsx';
import { Shell } from './shell.tsx';

export type RouterContext = { api: Api; queryClient: QueryClient; notices: Notices };

/** Every search parameter is text; unknown ones are dropped by the page's own list of names. */
type Search<Name extends string> = { [name in Name]?: string | undefined };
const only =
  <Name extends string>(...names: readonly Name[]) =>
  (raw: Record<string, unknown>): Search<Name> => {
    const search: Search<Name> = {};
    for (const name of names) {
      const value = raw[name];
      if (typeof value === 'string' && value !== '') search[name] = value;
    }
    return search;
  };

const root = createRootRouteWithContext<RouterContext>()({
  component: Outlet,
  errorComponent: AppFailure,
  notFoundComponent: NoSuchPage,
});

const signInSearch = only('to', 'problem');
const scopeSearch = only('scope');

const firstSignIn = createRoute({
  getParentRoute: () => root,
  path: '/first-sign-in',
  validateSearch: only('token'),
  component: lazyRouteComponent(() => import('../rooms/entry/first-sign-in.tsx'), 'FirstSignIn'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  beforeLoad: async ({ context }): Promise<void> => {
    if (await context.queryClient.ensureQueryData(sessionQuery(context.api))) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('../rooms/entry/sign-in.tsx'), 'SignIn'),
});

const choose = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async ({ context }): Promise<void> => {
    if (!(await context.queryClient.ensureQueryData(sessionQuery(context.api))))
      throw redirect({ to: '/sign-in' });
    const setup = await context.queryClient.fetchQuery({ ...setupQuery(context.api), staleTime: 0 });
    if (setup.phase === 'ready') throw redirect({ to: '/alerts' });
  },
  component: lazyRouteComponent(() => import('../rooms/entry/choose.tsx'), 'Choose'),
});

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  validateSearch: scopeSearch,
  search: { middlewares: [retainSearchParams(['scope'])] },
  beforeLoad: async ({ context, location }): Promise<void> => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.api));
    if (session) {
      if (session.tenancies.length > 0) return;
      const setup = await context.queryClient.ensureQueryData(setupQuery(context.api));
      if (setup.phase === 'choose') throw redirect({ to: '/setup' });
      return;
    }
    const setup = await context.queryClient.ensureQueryData(setupQuery(context.api));
    if (setup.phase === 'first-sign-in') throw redirect({ to: '/first-sign-in' });
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async ({ context }): Promise<void> => {
    const session = await context.queryClient.ensureQueryData(sessionQuery(context.api));
    // Whoever does not watch comes for the rules of the community.
    const watches = session?.permissions.includes('alert.read') ?? true;
    throw redirect({ to: watches ? '/alerts' : '/agreements' });
  },
});
const alerts = createRoute({
  getParentRoute: () => inside,
  path: '/alerts',
  validateSearch: only('show', 'severity', 'rule', 'entity', 'assignee', 'text', 'from', 'to', 'at'),
  component: lazyRouteComponent(() => import('../rooms/alerts/alerts-room.tsx'), 'AlertsRoom'),
});
const alert = createRoute({
  getParentRoute: () => inside,
  path: '/alerts/$id',
  component: lazyRouteComponent(() => import('../rooms/alerts/alert-page.tsx'), 'AlertPage'),
});
const search = createRoute({
  getParentRoute: () => inside,
  path: '/search',
  validateSearch: only('q', 'from', 'to', 'live', 'at'),
  component: lazyRouteComponent(() => import('../rooms/search/search-room.tsx'), 'SearchRoom'),
});
const sources = createRoute({
  getParentRoute: () => inside,
  path: '/sources',
  validateSearch: only('at', 'add'),
  component: lazyRouteComponent(() => import('../rooms/sources/sources-room.tsx'), 'SourcesRoom'),
});
const detections = createRoute({
  getParentRoute: () => inside,
  path: '/detections',
  validateSearch: only('view', 'text', 'level', 'at'),
  component: lazyRouteComponent(() => import('../rooms/rules/rules-room.tsx'), 'RulesRoom'),
});
const community = createRoute({
  getParentRoute: () => inside,
  path: '/community',
  component: lazyRouteComponent(() => import('../rooms/community/community-room.tsx'), 'CommunityRoom'),
});
const organisation = createRoute({
  getParentRoute: () => inside,
  path: '/community/$id',
  component: lazyRouteComponent(() => import('../rooms/community/organisation-page.tsx'), 'OrganisationPage'),
});
const appointments = createRoute({
  getParentRoute: () => inside,
  path: '/appointments',
  validateSearch: only('of'),
  component: lazyRouteComponent(() => import('../rooms/community/appointments-room.tsx'), 'AppointmentsRoom'),
});
const agreements = createRoute({
  getParentRoute: () => inside,
  path: '/agreements',
  validateSearch: only('view'),
  component: lazyRouteComponent(() => import('../rooms/agreements/agreements-room.tsx'), 'AgreementsRoom'),
});
const reading = createRoute({
  getParentRoute: () => inside,
  path: '/agreements/$environment',
  component: lazyRouteComponent(() => import('../rooms/agreements/reading-page.tsx'), 'ReadingPage'),
});
const clearances = createRoute({
  getParentRoute: () => inside,
  path: '/clearances',
  validateSearch: only('view', 'at'),
  component: lazyRouteComponent(() => import('../rooms/clearances/clearances-room.tsx'), 'ClearancesRoom'),
});
const changes = createRoute({
  getParentRoute: () => inside,
  path: '/changes',
  validateSearch: only('at'),
  component: lazyRouteComponent(() => import('../rooms/changes/changes-room.tsx'), 'ChangesRoom'),
});
const places = createRoute({
  getParentRoute: () => inside,
  path: '/places',
  validateSearch: only('view'),
  component: lazyRouteComponent(() => import('../rooms/places/places-room.tsx'), 'PlacesRoom'),
});
const support = createRoute({
  getParentRoute: () => inside,
  path: '/support',
  validateSearch: only('view'),
  component: lazyRouteComponent(() => import('../rooms/support/support-room.tsx'), 'SupportRoom'),
});
const supportSession = createRoute({
  getParentRoute: () => inside,
  path: '/support/$id',
  component: lazyRouteComponent(() => import('../rooms/support/session-page.tsx'), 'SessionPage'),
});
const evidence = createRoute({
  getParentRoute: () => inside,
  path: '/evidence',
  validateSearch: only('system', 'view', 'at'),
  component: lazyRouteComponent(() => import('../rooms/evidence/evidence-room.tsx'), 'EvidenceRoom'),
});
const canI = createRoute({
  getParentRoute: () => inside,
  path: '/can-i',
  validateSearch: only('action', 'type', 'id'),
  component: lazyRouteComponent(() => import('../rooms/gate/can-i-room.tsx'), 'CanIRoom'),
});
const decisions = createRoute({
  getParentRoute: () => inside,
  path: '/decisions',
  validateSearch: only('view', 'subject', 'organisation', 'action', 'outcome', 'from', 'until', 'at'),
  component: lazyRouteComponent(() => import('../rooms/gate/decisions-room.tsx'), 'DecisionsRoom'),
});
const posture = createRoute({
  getParentRoute: () => inside,
  path: '/posture',
  validateSearch: only('environment', 'strategy', 'at'),
  component: lazyRouteComponent(() => import('../rooms/posture/posture-room.tsx'), 'PostureRoom'),
});
const risk = createRoute({
  getParentRoute: () => inside,
  path: '/risk',
  validateSearch: only('environment', 'at'),
  component: lazyRouteComponent(() => import('../rooms/risk/risk-room.tsx'), 'RiskRoom'),
});
const assets = createRoute({
  getParentRoute: () => inside,
  path: '/assets',
  validateSearch: only('view', 'kind', 'state', 'text', 'at'),
  component: lazyRouteComponent(() => import('../rooms/assets/assets-room.tsx'), 'AssetsRoom'),
});
const asset = createRoute({
  getParentRoute: () => inside,
  path: '/assets/$id',
  component: lazyRouteComponent(() => import('../rooms/assets/asset-page.tsx'), 'AssetPage'),
});
const controls = createRoute({
  getParentRoute: () => inside,
  path: '/controls',
  validateSearch: only('system', 'text', 'status', 'section', 'level', 'owner', 'only', 'at'),
  component: lazyRouteComponent(() => import('../rooms/controls/controls-room.tsx'), 'ControlsRoom'),
});
const control = createRoute({
  getParentRoute: () => inside,
  path: '/controls/$system/$control',
  component: lazyRouteComponent(() => import('../rooms/controls/control-page.tsx'), 'ControlPage'),
});
const controlEditions = createRoute({
  getParentRoute: () => inside,
  path: '/controls/editions',
  validateSearch: only('system'),
  component: lazyRouteComponent(() => import('../rooms/controls/editions-page.tsx'), 'EditionsPage'),
});
const controlExceptions = createRoute({
  getParentRoute: () => inside,
  path: '/controls/exceptions',
  validateSearch: only('system'),
  component: lazyRouteComponent(() => import('../rooms/controls/exceptions-page.tsx'), 'ExceptionsPage'),
});
const controlTailoring = createRoute({
  getParentRoute: () => inside,
  path: '/controls/tailoring',
  validateSearch: only('system'),
  component: lazyRouteComponent(() => import('../rooms/controls/tailoring-page.tsx'), 'TailoringPage'),
});
const controlMappings = createRoute({
  getParentRoute: () => inside,
  path: '/controls/mappings',
  validateSearch: only('system', 'text'),
  component: lazyRouteComponent(() => import('../rooms/controls/mappings-page.tsx'), 'MappingsPage'),
});
const controlCustomers = createRoute({
  getParentRoute: () => inside,
  path: '/controls/customers',
  validateSearch: only('system', 'tenancy', 'text'),
  component: lazyRouteComponent(() => import('../rooms/controls/customers-page.tsx'), 'CustomersPage'),
});
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  validateSearch: only('view'),
  component: lazyRouteComponent(() => import('../rooms/people/people-room.tsx'), 'PeopleRoom'),
});
const ledger = createRoute({
  getParentRoute: () => inside,
  path: '/ledger',
  component: lazyRouteComponent(() => import('../rooms/ledger/ledger-room.tsx'), 'LedgerRoom'),
});
const health = createRoute({
  getParentRoute: () => inside,
  path: '/health',
  component: lazyRouteComponent(() => import('../rooms/health/health-room.tsx'), 'HealthRoom'),
});

const policies = createRoute({
  getParentRoute: () => inside,
  path: '/policies',
  validateSearch: only('view'),
  component: lazyRouteComponent(() => import('../rooms/policies/policies-room.tsx'), 'PoliciesRoom'),
});
const policy = createRoute({
  getParentRoute: () => inside,
  path: '/policies/$id',
  validateSearch: only('version', 'from'),
  component: lazyRouteComponent(() => import('../rooms/policies/document-page.tsx'), 'DocumentPage'),
});
const certificates = createRoute({
  getParentRoute: () => inside,
  path: '/certificates',
  validateSearch: only('at'),
  component: lazyRouteComponent(
    () => import('../rooms/certificates/certificates-room.tsx'),
    'CertificatesRoom',
  ),
});
const reports = createRoute({
  getParentRoute: () => inside,
  path: '/reports',
  validateSearch: only('environment', 'kind', 'at', 'since'),
  component: lazyRouteComponent(() => import('../rooms/reports/reports-room.tsx'), 'ReportsRoom'),
});
const content = createRoute({
  getParentRoute: () => inside,
  path: '/content',
  validateSearch: only('view', 'at', 'with'),
  component: lazyRouteComponent(() => import('../rooms/content/content-room.tsx'), 'ContentRoom'),
});

const tree = root.addChildren([
  firstSignIn,
  signIn,
  choose,
  inside.addChildren([
    home,
    alerts,
    alert,
    search,
    sources,
    detections,
    community,
    organisation,
    appointments,
    agreements,
    reading,
    clearances,
    places,
    changes,
    evidence,
    support,
    supportSession,
    assets,
    asset,
    controls,
    control,
    controlEditions,
    controlExceptions,
    controlTailoring,
    controlMappings,
    controlCustomers,
    canI,
    decisions,
    posture,
    risk,
    policies,
    policy,
    certificates,
    reports,
    content,
    people,
    ledger,
    health,
  ]),
]);

export const createAppRouter = (context: RouterContext) =>
  createRouter({
    routeTree: tree,
    context,
    parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
    // Our search objects hold text only (see `only`).
    stringifySearch: (search) => queryString(search as Record<string, string | undefined>),
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultStructuralSharing: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
