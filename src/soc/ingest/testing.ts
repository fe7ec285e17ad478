/** A running ingest for tests: real records, spool, sources and doors. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#platform/clock';
import { systemIds } from '#platform/ids';
import type { Records } from '#platform/records';
import { scopeOf, sourceId, tenancyId } from '#platform/scope';
import { type Frame, openSpool, type Position, type Spool } from '#platform/spool';
import { createSources, type Operator, type Sources } from '#soc/sources';
import {
  createDedupe,
  defaultLimits,
  type DoorKind,
  type Ingest,
  type IngestLimits,
  openIngest,
  recheckItem,
} from './index.ts';

export type World = {
  readonly records: Records;
  readonly spool: Spool;
  readonly sources: Sources;
  readonly ingest: Ingest;
  readonly operator: Operator;
  readonly faults: unknown[];
  port(kind: DoorKind): number;
  /** A source that shows a token. */
  withToken(): Promise<{ id: string; token: string }>;
  balance(id: string): Promise<Awaited<ReturnType<Sources['one']>>['balance']>;
  rejected(id: string): ReturnType<Sources['rejected']>;
  /** Everything of a source in the spool now. */
  frames(id: string): Promise<Frame[]>;
  texts(id: string): Promise<string[]>;
  close(): Promise<void>;
};

let unique = 0;
export const uniqueId = (): string => `source-${process.pid}-${++unique}`;

export async function createWorld(
  records: Records,
  options: {
    spoolCapBytes?: number;
    limits?: Partial<IngestLimits>;
    kinds?: readonly DoorKind[];
    doorPrefix?: string;
  } = {},
): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'ironbark-ingest-'));
  const clock = systemClock;
  const scope = scopeOf([tenancyId('acme-odce')]);
  if (scope === undefined) throw new Error('no scope');
  const operator: Operator = { id: 'jo', kind: 'user', name: 'Jo', scope };
  const faults: unknown[] = [];
  const log = {
    info: () => {},
    warn: () => {},
    error: (facts: object, message: string) => faults.push({ ...facts, message }),
  };
  const spool = await openSpool({ folder, capBytes: options.spoolCapBytes ?? 2e9 });
  const sources = await createSources({
    records,
    spool,
    clock,
    ids: systemIds(clock),
    log,
    ledger: { record: async () => undefined },
    silence: { raise: async () => {}, clear: async () => {} },
    recheck: recheckItem(defaultLimits),
  });
  const kinds = options.kinds ?? ['bulk'];
  const tls = {
    certificate: await readFile(new URL('../../../test/fixtures/tls/server.crt', import.meta.url), 'utf8'),
    key: await readFile(new URL('../../../test/fixtures/tls/server.key', import.meta.url), 'utf8'),
  };
  const ingest = await openIngest({
    spool,
    sources,
    dedupe: createDedupe(),
    clock,
    log,
    doors: kinds.map((kind) => ({
      id: `${options.doorPrefix ?? ''}${kind}`,
      kind,
      host: '127.0.0.1',
      port: 0,
      tls: kind === 'syslog-tls' ? tls : undefined,
    })),
    limits: options.limits ?? {},
  });
  const world: World = {
    records,
    spool,
    sources,
    ingest,
    operator,
    faults,
    port(kind) {
      const door = ingest.doors.find((one) => one.kind === kind);
      if (door === undefined) throw new Error(`no door ${kind}`);
      return door.port;
    },
    async withToken() {
      const id = uniqueId();
      const authentication = { kind: 'token' } as const;
      const { secret } = await sources.create(operator, {
        id,
        name: id,
        tenancy: 'acme-odce',
        authentication,
      });
      return { id, token: secret ?? '' };
    },
    balance: async (id) => (await sources.one(operator, id)).balance,
    rejected: (id) => sources.rejected(operator, id, { limit: 200 }),
    async frames(id) {
      const frames: Frame[] = [];
      const last = spool.lastSequence(sourceId(id));
      let seen = 0;
      const from: Position = { segment: 0, offset: 0 };
      if (last === 0) return frames;
      for await (const { frame } of spool.read(from, new AbortController().signal)) {
        if (frame.source !== id) continue;
        frames.push(frame);
        seen = frame.firstSequence + frame.items.length - 1;
        if (seen >= last) break;
      }
      return frames;
    },
    async texts(id) {
      return (await world.frames(id)).flatMap(({ items }) => items.map((item) => item.toString()));
    },
    async close() {
      await ingest.close();
      await sources.close();
      await spool.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

/** Waits until `look` gives something, and gives it. */
export async function eventually<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error('it did not happen within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
