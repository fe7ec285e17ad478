import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { directory } from '#community';
import { withAgreements } from '#community/agreements';
import { createGatekeeper, createPasswords, createSealer, firstLink, type IdentityDeps } from '#identity';
import { carryOldChain, createLedger } from '#ledger';
import { type Clock, systemClock } from '#platform/clock';
import type { Config } from '#platform/config';
import { createHttp, type Http } from '#platform/http';
import { systemIds } from '#platform/ids';
import { openRecords, type Records } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { spareCollections } from '#soc/pipeline';
import { briefAdmissions } from './brief-admissions.ts';
import { type Closing, closing } from './closing.ts';
import type { Core } from './core.ts';
import { identityKey, placesIn, prepareFolder } from './folder.ts';
import { closeLocalDoor, localName, newLocalSecret, openLocalDoor } from '#app/local';
import { startLedgerLog } from './ledger-log.ts';
import { addModules } from './modules.ts';

export type SystemOptions = {
  readonly config: Config;
  /** The project's folder: where content/, web/dist and a relative data folder are. */
  readonly root: string;
  readonly version: string;
  readonly log: Logger;
  /** Left out: the machine's. */
  readonly clock?: Clock;
};

export type System = {
  /** Where browsers reach it. */
  readonly origin: string;
  readonly address: { readonly host: string; readonly port: number };
  /** Makes the first administrator; undefined when there is somebody who can sign in. */
  readonly firstLink: string | undefined;
  /** Rejects when the system can't do its work any more; it is still to be closed. */
  readonly failed: Promise<never>;
  /** Shuts the doors, finishes what was begun, closes the stores. */
  close(): Promise<void>;
};

/**
 * Opens everything, lowest layer first, and listens. What was opened is closed again when a later step fails.
 * @throws {AddressTaken} {RecordsNewer} {DataFolderNewer} {DataFolderInUse} and what the stores' opening throws
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  spareCollections();
  const opened = closing();
  try {
    return await start(options, opened);
  } catch (error) {
    await opened
      .close()
      .catch((closeError: unknown) => options.log.error({ err: closeError }, 'could not close'));
    throw error;
  }
}

async function start(options: SystemOptions, opened: Closing): Promise<System> {
  const { config, root, version, log, clock = systemClock } = options;
  const data = resolve(root, config.data);
  prepareFolder(data);
  const ids = systemIds(clock);
  const records = opened.keep(
    await openRecords(config.databaseUrl ? { url: config.databaseUrl } : { folder: placesIn(data).records }),
    (part) => part.close(),
  );
  log.info({ engine: records.engine }, 'records opened');
  const ledger = createLedger({ clock, records });
  const carried = await carryOldChain({ records, clock });
  if (carried > 0) log.info({ entries: carried }, "carried the ledger's chain of before over into the log");
  const runner = opened.keep(startLedgerLog({ config, data, records, clock, log }), (part) => part.close());
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const tls = readTls(config);
  const scheme = tls ? 'https' : 'http';
  // Port 0 becomes a real one when it listens.
  let { port } = config.listen;
  const origin = () => config.origin ?? `${scheme}://localhost:${port}`;
  const identity: IdentityDeps = {
    records,
    clock,
    ids,
    ledger,
    directory: withAgreements(directory, clock),
    get origin() {
      return origin();
    },
    passwords: createPasswords(),
    sealer: createSealer(identityKey(data)),
  };
  const local = { secret: newLocalSecret(ids), name: localName() };
  const http = await createHttp({
    gatekeeper: briefAdmissions(createGatekeeper(identity, local), clock),
    ids,
    log,
    metrics,
    version,
    readiness: async () => ({ parts: { records: await answers(records) } }),
    webRoot: join(root, 'web', 'dist'),
    ...(tls && { tls }),
  });
  const failure = Promise.withResolvers<never>();
  // Whoever started us listens, or does not; a rejection that nobody hears must not end the process before it is closed.
  failure.promise.catch(() => undefined);
  const core: Core = {
    config,
    data,
    root,
    version,
    log,
    clock,
    ids,
    records,
    ledger,
    runner,
    metrics,
    http,
    identity,
    tls,
    opened,
    fatal: failure.reject,
  };
  await addModules(core);
  const address = await listen(http, config, opened);
  port = address.port;
  openLocalDoor(data, {
    url: `${scheme}://${hostOf(address)}:${address.port}`,
    secret: local.secret,
    pid: process.pid,
    ...(tls && { certificate: tls.certificate }),
  });
  opened.keep(data, closeLocalDoor);
  return {
    origin: origin(),
    address,
    firstLink: await firstLink(identity),
    failed: failure.promise,
    close: () => opened.close(),
  };
}

async function listen(http: Http, config: Config, opened: Closing): Promise<{ host: string; port: number }> {
  opened.keep(http, (part) => part.close());
  return http.listen(config.listen);
}

const answers = (records: Records): Promise<boolean> =>
  records.transaction(systemAccess('readiness'), async () => true).catch(() => false);

function readTls(config: Config): { certificate: string; key: string } | undefined {
  if (config.tlsCertificate === undefined || config.tlsKey === undefined) return undefined;
  return {
    certificate: readFileSync(config.tlsCertificate, 'utf8'),
    key: readFileSync(config.tlsKey, 'utf8'),
  };
}

/** On every interface means on the loopback too. */
function hostOf({ host }: { host: string }): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
