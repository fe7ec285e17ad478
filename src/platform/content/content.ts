import { Conflict, NotFound } from '#platform/errors';
import type { Tx } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { remove, rollBack, setActive, usePack } from './activate.ts';
import { addPack, bringPack, type GivenPack } from './add-pack.ts';
import type { AddedPack, ContentList, PackDetail, PackDiff } from './contract.ts';
import type { ContentDeps, ContentKeeper } from './deps.ts';
import { allowed, fetchPack } from './fetch-pack.ts';
import { FetchRefused } from './errors.ts';
import { fileSha256, type PackFile } from './pack-files.ts';
import { readPackBytes } from './read-pack.ts';
import { getPack, listPacks, packActivations, packFaults, packFiles } from './store.ts';
import { addKey, allKeys, removeKey } from './trust.ts';
import { packView } from './view.ts';

const access = systemAccess('content packs are of no tenancy');
const mostChanges = 2000;

export type Content = ReturnType<typeof createContent>;

/** The one way for everything that is imported. Who may: the routes, and each kind's own permission. */
export function createContent(deps: ContentDeps) {
  return {
    list: () => list(deps),
    detail: (id: string) => detail(deps, id),
    diff: (id: string, withId: string) => diff(deps, id, withId),
    add: (actor: ContentKeeper, given: GivenPack) => addPack(deps, actor, given),
    bring: (actor: ContentKeeper, given: Parameters<typeof bringPack>[2]) => bringPack(deps, actor, given),
    fetch: (actor: ContentKeeper, url: string, given: Omit<GivenPack, 'file' | 'origin' | 'content'>) =>
      addFromMirror(deps, actor, url, given),
    setActive: (actor: ContentKeeper, id: string, wanted: { active: boolean; older?: boolean }) =>
      setActive(deps, actor, id, wanted),
    rollBack: (actor: ContentKeeper, what: { kind: string; name: string }) => rollBack(deps, actor, what),
    use: (tx: Tx, actor: ContentKeeper, id: string) => usePack(deps, tx, actor, id),
    remove: (actor: ContentKeeper, id: string) => remove(deps, actor, id),
    trust: (actor: ContentKeeper, name: string, pem: string) => addKey(deps, actor, name, pem),
    distrust: (actor: ContentKeeper, id: string) => removeKey(deps, actor, id),
  };
}

function list(deps: ContentDeps): Promise<ContentList> {
  return deps.records.transaction(access, async (tx) => {
    const keys = await allKeys(deps, tx);
    const packs = await listPacks(tx);
    return {
      packs: packs.map((pack) => packView(pack, packs, keys)),
      kinds: deps.kinds.map(({ kind, title }) => ({ kind, title })),
      keys,
      plain: deps.plain,
      mirrors: [...deps.mirrors],
    };
  });
}

/** @throws {NotFound} */
function detail(deps: ContentDeps, id: string): Promise<PackDetail> {
  return deps.records.transaction(access, async (tx) => {
    const pack = await getPack(tx, id);
    const versions = await listPacks(tx, pack.kind);
    const named = new Map(versions.map((one) => [one.id, one.version]));
    return {
      ...packView(pack, versions, await allKeys(deps, tx)),
      content: (await packFiles(tx, id)).map(({ path, text }) => ({
        path,
        sha256: fileSha256(text),
        bytes: Buffer.byteLength(text),
      })),
      faults: await packFaults(tx, id),
      activations: (await packActivations(tx, pack.kind, pack.name)).map(({ packId, at, by }) => ({
        packId,
        version: named.get(packId) ?? '',
        at: at.toISOString(),
        by,
      })),
    };
  });
}

/** From the version `withId` to the version `id`. @throws {NotFound} {Conflict} where they are not of one name */
async function diff(deps: ContentDeps, id: string, withId: string): Promise<PackDiff> {
  const [to, from] = await deps.records.transaction(access, async (tx) => [
    await load(deps, tx, id),
    await load(deps, tx, withId),
  ]);
  if (to === undefined || from === undefined) throw new NotFound('content pack', id);
  if (to.pack.kind !== from.pack.kind)
    throw new Conflict('Two packs of different kinds have nothing to compare.', { id, with: withId });
  const kind = deps.kinds.find((one) => one.kind === to.pack.kind);
  const changes = await kind?.diff?.(from.files, to.files);
  return {
    from: from.pack,
    to: to.pack,
    files: diffFiles(from.files, to.files),
    changes:
      changes
        ?.slice(0, mostChanges)
        .map(({ why, ...one }) => ({ ...one, ...(why !== undefined && { why }) })) ?? null,
    more: Math.max(0, (changes?.length ?? 0) - mostChanges),
  };
}

async function load(deps: ContentDeps, tx: Tx, id: string) {
  const pack = await getPack(tx, id);
  return {
    pack: packView(pack, await listPacks(tx, pack.kind), await allKeys(deps, tx)),
    files: await packFiles(tx, id),
  };
}

function diffFiles(before: readonly PackFile[], after: readonly PackFile[]): PackDiff['files'] {
  const was = new Map(before.map(({ path, text }) => [path, text]));
  const is = new Set(after.map(({ path }) => path));
  return [
    ...before.flatMap(({ path }) => (is.has(path) ? [] : [{ change: 'removed' as const, path }])),
    ...after.flatMap(({ path, text }) => {
      const old = was.get(path);
      if (old === text) return [];
      return [{ change: old === undefined ? ('added' as const) : ('changed' as const), path }];
    }),
  ];
}

/** A person asked the server to fetch it. INVARIANT: it goes nowhere that the configuration does not name. */
async function addFromMirror(
  deps: ContentDeps,
  actor: ContentKeeper,
  address: string,
  given: Omit<GivenPack, 'file' | 'origin' | 'content'>,
): Promise<AddedPack> {
  const url = allowed(address);
  if (!deps.mirrors.includes(url.origin))
    throw new FetchRefused(
      `${url.origin} is no mirror of the configuration (contentMirrors), and the server fetches from nowhere else. Fetch it yourself and send the file, or have the mirror added.`,
      { origin: url.origin },
    );
  const { name, bytes } = await fetchPack(url.href);
  return addPack(deps, actor, {
    ...given,
    file: name,
    origin: `${url.origin}${url.pathname}`,
    content: await readPackBytes(name, bytes),
  });
}
