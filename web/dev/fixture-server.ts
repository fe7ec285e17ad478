import type { IncomingMessage, ServerResponse } from 'node:http';
import { health } from '#contract/app';
import { ledgerLog, ledgerPage } from '#contract/ledger';
import { ledgerEntries, ledgerNow } from './fixture-ledger.ts';
import { communityView } from '#contract/community';
import { ruleList } from '#contract/soc/detect';
import { sourceList } from '#contract/soc/sources';
import { type AlertDetail, alertHistogram, alertPage } from '#contract/soc/triage';
import type { Connect, Plugin } from 'vite';
import { answerCommunity } from './fixture-community.ts';
import { community, makeAlert, makeAlerts, makeEvent, session, summaryOf } from './fixture-data.ts';

/**
 * Answers the API with invented data, so that the page can be worked on alone. For `vite` and `vite preview` with
 * IRONBARK_FIXTURE=1 only: it is in no build, and the policy it sends is the server's own.
 */
export function fixtureServer(): Plugin {
  const size = Number(process.env['IRONBARK_FIXTURE_ALERTS'] ?? 340);
  const world = { alerts: makeAlerts(size, Date.now()), signedIn: true, next: size };
  const use = (middlewares: Connect.Server, strict: boolean): void => {
    middlewares.use((request, response, next) => {
      if (strict) response.setHeader('content-security-policy', policy);
      if (!request.url?.startsWith('/api/')) return next();
      void answer(world, request, response);
    });
  };
  return {
    name: 'ironbark-fixture',
    configureServer: (server) => use(server.middlewares, false),
    configurePreviewServer: (server) => use(server.middlewares, true),
  };
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

type World = { alerts: AlertDetail[]; signedIn: boolean; next: number };

async function answer(world: World, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://fixture');
  const path = url.pathname.slice('/api'.length);
  const query = url.searchParams;
  const send = (body: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (path === '/alerts/stream' || path === '/events/tail') return stream(world, path, response);
  if (path === '/session') {
    world.signedIn = request.method !== 'DELETE' && world.signedIn;
    return world.signedIn
      ? send(session)
      : send({ code: 'not-signed-in', detail: 'Sign in first.', instance: 'req-1' }, 401);
  }
  if (path === '/session/password') {
    world.signedIn = true;
    return send(session);
  }
  if (path === '/setup') return send({ phase: 'ready', demo: false, providerName: 'Harbour Cloud' });
  if (path === '/first-sign-in')
    return send({
      secret: 'JBSWY3DPEHPK3PXPJBSWY3DP',
      otpauthUrl:
        'otpauth://totp/Ironbark:mira@harbour.example?secret=JBSWY3DPEHPK3PXPJBSWY3DP&issuer=Ironbark',
      csrfToken: 'x',
    });
  if (path === '/totp/confirm') return send(session);
  if (path === '/alerts') return send(alertPage.parse(page(world, query)));
  if (path === '/alerts/histogram') return send(alertHistogram.parse(histogram(world, query)));
  if (path === '/alerts/assignees')
    return send({
      users: [
        { id: 'u-1', name: 'Mira Kaplan' },
        { id: 'u-2', name: 'T. Brandt' },
      ],
    });
  if (path === '/alerts/reads') return send({ reads: [] });
  if (path === '/alerts/actions') return send(act(world, JSON.parse(await text(request))));
  if (path === '/alerts/undo') return send({ changed: 1, skipped: [] });
  const alert = path.startsWith('/alerts/') ? world.alerts.find((one) => path.endsWith(one.id)) : undefined;
  if (alert) return send(alert);
  if (path.startsWith('/events/'))
    return send(events(path, path === '/events/fields' ? {} : JSON.parse(await text(request)), query));
  if (path === '/sources') return send(sourceList.parse(sources()));
  if (path === '/sources/doors')
    return send({
      doors: [
        { id: 'bulk', kind: 'bulk', host: '127.0.0.1', port: 9200, tls: false },
        { id: 'syslog', kind: 'syslog-tcp', host: '0.0.0.0', port: 6514, tls: false },
      ],
    });
  if (path.endsWith('/rejected'))
    return send({
      items: [
        {
          id: 'r1',
          source: 'edge-zeek',
          receivedAt: new Date(Date.now() - 80_000).toISOString(),
          code: 'not-json',
          reason: 'The line is cut off after 212 characters.',
          sizeBytes: 212,
          preview: '{"ts":1763900000.1,"uid":"CHhAvVGS1DHFjwGM9","id.orig_h":"10.20.4.17","id.or',
          replayedAt: null,
        },
      ],
      next: null,
      total: 1,
    });
  if (path === '/rules') return send(ruleList.parse(rules(world)));
  if (path === '/rules/exceptions') return send({ exceptions: [] });
  if (path.startsWith('/rules/'))
    return send({
      ...rules(world).rules[0],
      text: 'title: LSASS memory read by an unsigned process\nlogsource:\n  product: windows\n  category: process_access\ndetection:\n  selection_target:\n    TargetImage|endswith: \\lsass.exe\n  condition: selection_target\n',
      description: 'A process opened the memory of the local security authority.',
      references: [],
      falsePositives: ['Endpoint protection'],
    });
  if (path === '/community') return send(communityView.parse(community));
  const ofCommunity = answerCommunity(path);
  if (ofCommunity !== undefined) return send(ofCommunity);
  if (path === '/users')
    return send({
      users: [
        {
          ...session.user,
          roles: session.roles,
          organisation: 'harbour',
          tenancies: [],
          locked: false,
          lastSignInAt: new Date().toISOString(),
          suspendedWhy: null,
          reviewedAt: null,
        },
        {
          id: 'u-2',
          name: 'T. Brandt',
          email: 'tb@harbour.example',
          roles: ['analyst'],
          organisation: 'harbour',
          tenancies: [],
          locked: true,
          lastSignInAt: null,
          suspendedWhy: null,
          reviewedAt: null,
        },
      ],
    });
  if (path === '/tokens')
    return send({
      tokens: [
        {
          id: 't1',
          name: 'Portal',
          permissions: ['alert.read'],
          tenancies: ['agri-pdce'],
          createdAt: new Date(Date.now() - 8e8).toISOString(),
          expiresAt: new Date(Date.now() + 8e8).toISOString(),
          lastUsedAt: null,
        },
      ],
    });
  if (path === '/ledger/log') return send(ledgerLog.parse(ledgerNow()));
  if (path === '/ledger') return send(ledgerPage.parse(ledgerEntries()));
  if (path === '/health') return send(health.parse(healthNow()));
  send({ code: 'not-found', detail: `The fixture has no answer for ${path}.`, instance: 'req-1' }, 404);
}

async function text(request: IncomingMessage): Promise<string> {
  let whole = '';
  for await (const piece of request) whole += String(piece);
  return whole || '{}';
}

function matching(world: World, query: URLSearchParams): AlertDetail[] {
  const states = query.getAll('state');
  const severities = query.getAll('severity');
  const tenancies = query.getAll('tenancy');
  const words = query.get('text')?.toLowerCase();
  return world.alerts.filter(
    (alert) =>
      (states.length === 0 || states.includes(alert.state)) &&
      (severities.length === 0 || severities.includes(alert.severity)) &&
      (tenancies.length === 0 || tenancies.includes(alert.tenancy)) &&
      (query.get('assignee') !== 'me' || alert.assignee?.id === 'u-1') &&
      (!words || alert.title.toLowerCase().includes(words)),
  );
}

function page(world: World, query: URLSearchParams) {
  const found = matching(world, query);
  const start = Number(query.get('after') ?? 0);
  const limit = Number(query.get('limit') ?? 200);
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, informational: 0 };
  for (const alert of found) bySeverity[alert.severity] += 1;
  return {
    alerts: found.slice(start, start + limit).map(summaryOf),
    next: start + limit < found.length ? String(start + limit) : null,
    total: found.length,
    bySeverity,
  };
}

function histogram(world: World, query: URLSearchParams) {
  const from = Date.parse(query.get('from') ?? '') / 1000;
  const to = Date.parse(query.get('to') ?? '') / 1000;
  const buckets = Number(query.get('buckets') ?? 60);
  const step = (to - from) / buckets;
  const empty = () => Array.from({ length: buckets }, () => 0);
  const bySeverity: Record<string, number[]> = {
    critical: empty(),
    high: empty(),
    medium: empty(),
    low: empty(),
    informational: empty(),
  };
  for (const alert of matching(world, query)) {
    const series = bySeverity[alert.severity];
    const at = Math.floor((Date.parse(alert.createdAt) / 1000 - from) / step);
    if (series && at >= 0 && at < buckets) series[at] = (series[at] ?? 0) + 1;
  }
  return {
    stepSeconds: step,
    at: Array.from({ length: buckets }, (_, index) => from + index * step),
    bySeverity,
  };
}

type Action = {
  select: { alerts?: { id: string }[] };
  do: { action: string; outcome?: AlertDetail['outcome'] };
};
function act(world: World, action: Action) {
  const ids = new Set(action.select.alerts?.map((one) => one.id) ?? world.alerts.map((one) => one.id));
  for (const alert of world.alerts) {
    if (!ids.has(alert.id)) continue;
    alert.revision += 1;
    if (action.do.action === 'acknowledge')
      Object.assign(alert, { state: 'acknowledged', assignee: { id: 'u-1', name: 'Mira Kaplan' } });
    if (action.do.action === 'close') Object.assign(alert, { state: 'closed', outcome: action.do.outcome });
    if (action.do.action === 'escalate') alert.escalated = true;
  }
  return { changed: ids.size, skipped: [], undo: 'undo-1' };
}

function stream(world: World, path: string, response: ServerResponse) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': hello\n\n');
  const timer = setInterval(
    () => {
      if (path === '/events/tail') {
        for (let n = 0; n < 4; n += 1)
          response.write(`event: event\ndata: ${JSON.stringify(makeEvent(world.next++, new Date()))}\n\n`);
        return;
      }
      const alert = makeAlert(world.next++, new Date());
      world.alerts.unshift(alert);
      response.write(`event: alert\ndata: ${JSON.stringify({ kind: 'new', alert: summaryOf(alert) })}\n\n`);
    },
    path === '/events/tail' ? 500 : 4000,
  );
  response.on('close', () => clearInterval(timer));
}

type Asked = {
  from?: string;
  to?: string;
  query?: string;
  buckets?: number;
  fields?: string[];
  after?: string;
};
function events(path: string, asked: Asked, query: URLSearchParams) {
  const to = Date.parse(asked.to ?? new Date().toISOString());
  const from = Date.parse(asked.from ?? new Date(to - 86_400_000).toISOString());
  if (path === '/events/fields')
    return {
      fields: ['device_hostname', 'device_ip', 'process_path', 'process_name', 'src_ip', 'Image', 'id.orig_h']
        .filter((name) => name.includes(query.get('prefix') ?? ''))
        .map((name) => ({ name, type: 'String', native: /[A-Z.]/.test(name) })),
    };
  if (path === '/events/histogram') {
    const buckets = asked.buckets ?? 120;
    const step = (to - from) / 1000 / buckets;
    const count = Array.from({ length: buckets }, (_, n) =>
      Math.round(4000 + 1800 * Math.sin(n / 9) + 900 * Math.cos(n * 2.1) + (n === 97 ? 5200 : 0)),
    );
    return {
      stepSeconds: step,
      total: count.reduce((a, b) => a + b, 0),
      at: count.map((_, n) => from / 1000 + n * step),
      count,
    };
  }
  if (path === '/events/facets')
    return {
      facets: (asked.fields ?? []).map((field) => ({
        field,
        distinct: 38,
        values: ['AGR-DC-02', 'BWN-FS-11', 'DH-WS-204', 'edge', 'BWN-PX-01'].map((value, n) => ({
          value,
          count: Math.round(90_000 / (n + 1) ** 1.4),
        })),
      })),
    };
  const start = Number(asked.after ?? 0);
  return {
    events: Array.from({ length: 200 }, (_, n) => makeEvent(start + n, new Date(to - (start + n) * 1370))),
    next: String(start + 200),
    tookMilliseconds: 41,
  };
}

function sources() {
  const make = (
    id: string,
    name: string,
    tenancy: string,
    received: number,
    rejected: number,
    pending: number,
    more: object = {},
    recorded = false,
  ) => ({
    id,
    name,
    tenancy,
    authentication: { kind: 'token' },
    format: null,
    silentAfterSeconds: recorded ? null : 3600,
    recorded,
    state: 'active',
    createdAt: '2026-10-02T03:12:00.000Z',
    secretExpiresAt: null,
    balance: {
      source: id,
      received,
      stored: received - rejected - pending,
      rejected,
      pending,
      duplicates: 12,
      refused: 0,
      unmapped: 40,
      eventsPerSecond: received / 90_000,
      lastEventAt: received ? new Date(Date.now() - 3000).toISOString() : null,
      silent: false,
      ...more,
    },
  });
  return {
    sources: [
      make('dc-sysmon', 'Domain controllers, Sysmon', 'agri-pdce', 18_204_113, 0, 412),
      make('edge-zeek', 'Edge sensors, Zeek', 'harbour-odce', 92_114_020, 1, 2210),
      make('bwn-fw-02', 'Border firewall', 'water-pdce', 1_204_882, 0, 0, {
        silent: true,
        eventsPerSecond: 0,
        lastEventAt: new Date(Date.now() - 2_460_000).toISOString(),
      }),
      make('cloudtrail', 'CloudTrail', 'census-odce', 804_113, 38, 12),
      make('bastion-ssh', 'Bastion hosts', 'harbour-pdce', 0, 0, 0),
      make('incident-2019', 'Incident of 2019, files', 'harbour-pdce', 41_870, 0, 0, {}, true),
    ],
  };
}

function rules(world: World) {
  const titles = [...new Map(world.alerts.map((alert) => [alert.title, alert])).values()];
  return {
    rules: Array.from({ length: 900 }, (_, n) => {
      const like = titles[n % titles.length];
      return {
        id: `5ef9853e-4d0e-4a70-846f-${String(n).padStart(12, '0')}`,
        title: `${like?.title ?? 'Rule'}${n < titles.length ? '' : `, variant ${Math.floor(n / titles.length)}`}`,
        level: like?.severity ?? 'low',
        status: 'test',
        author: 'J. Farrow, R. Osei',
        logsource: { product: 'windows', category: 'process_access' },
        attack: ['attack.t1003.001'],
        pack: 'house 2026-11',
        enabled: n % 41 !== 3,
        hits: n < 30 ? (30 - n) * 17 : 0,
        lastHitAt: n < 30 ? new Date(Date.now() - n * 400_000).toISOString() : null,
        meanMicroseconds: 0.4 + (n % 13) / 10,
        undecided: n % 97 === 5 ? 3 : 0,
      };
    }),
    faults: [
      {
        file: 'windows/bad_rule.yml',
        line: 14,
        ruleId: null,
        what: 'Modifier "fuzzy" is not known.',
        why: 'The rule would never match as its author meant it.',
      },
    ],
    packs: [
      {
        id: 'p1',
        name: 'house',
        version: '2026-11',
        sha256: '9c1f2d8e77b04c51aa90ee4471ab23c8ff01de9a6671b3355c0a88f27d4ce07a',
        origin: 'folder',
        importedAt: new Date(Date.now() - 9e7).toISOString(),
        active: true,
        rules: 900,
        rejected: 1,
      },
    ],
  };
}

function healthNow() {
  const measuredAt = new Date().toISOString();
  const part = (name: string, state: string, detail: string) => ({ name, state, detail, measuredAt });
  return {
    version: '0.1.0',
    startedAt: new Date(Date.now() - 3.2e8).toISOString(),
    overall: 'degraded',
    parts: [
      part('Records', 'healthy', 'PGlite in this process, last write 2 ms'),
      part('Event store', 'healthy', 'chDB, one writer, 4 readers'),
      part('Spool', 'healthy', '3 segments'),
      part('Syslog UDP', 'degraded', 'The kernel dropped 12 datagrams in the last minute'),
      part('Content', 'unknown', 'No pack was checked for updates since the start'),
    ],
    pipeline: {
      eventsPerSecond: 4210,
      pendingEvents: 2634,
      ingestToAlertMilliseconds: { p50: 312, p99: 1204 },
    },
    storage: {
      spoolBytes: 84_000_000,
      spoolCapBytes: 2_000_000_000,
      diskFreeBytes: 412_000_000_000,
      events: 112_304_221,
      bytesPerEvent: 61.4,
    },
  };
}
