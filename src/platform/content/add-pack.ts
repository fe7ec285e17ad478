import { Invalid } from '#platform/errors';
import { systemAccess } from '#platform/scope';
import { activateIn } from './activate.ts';
import type { AddedPack } from './contract.ts';
import { type ContentDeps, type ContentKeeper, mustKeep } from './deps.ts';
import { PackRefused } from './errors.ts';
import { type ContentKind, kindOf, recognise, type ReadContent } from './kinds.ts';
import { type PackFiles, packOf } from './pack-files.ts';
import { openSeal, type Sealed, sealName } from './seal.ts';
import { getPack, listPacks, lockName, savePack, vouchForPack } from './store.ts';
import type { ContentFault, Pack } from './pack.ts';
import { allKeys, mustBeTrusted } from './trust.ts';
import { packView } from './view.ts';

export type GivenPack = {
  /** What the file, folder or address was called. */
  readonly file: string;
  readonly origin: string;
  readonly content: PackFiles;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly activate?: boolean | undefined;
  /** Activate it also where it was made before what was active. */
  readonly older?: boolean | undefined;
  /** It came with the program: no signature needed. */
  readonly shipped?: boolean | undefined;
};

const access = systemAccess('content packs are of no tenancy');
/** What is kept and answered; how many there are in all is in the facts. */
const mostFaults = 2000;

/**
 * Takes a pack in as a version beside the ones before. The same content again is the version that is there.
 * @throws {PackRefused} {PackUntrusted} {PackOlder} {Invalid} {NotAllowed}; nothing is kept then
 */
export async function addPack(deps: ContentDeps, actor: ContentKeeper, given: GivenPack): Promise<AddedPack> {
  const keys = await deps.records.transaction(access, (tx) => allKeys(deps, tx));
  const sealed = open(given, keys);
  const { files } = sealed.content;
  const kind = kindFor(deps, given, sealed.seal, files);
  mustKeep(actor, kind);
  const kept = packOf(kind.keeps === undefined ? files : files.filter(({ path }) => kind.keeps?.(path)));
  const read = await kind.read(kept.files);
  const about = aboutOf(deps, given, sealed.seal, read);
  const signedBy = sealed.seal?.signedBy?.id ?? null;
  mustBeTrusted({ ...about, signedBy, shipped: given.shipped ?? false }, keys, deps.plain);
  const faults = read.faults.slice(0, mostFaults);
  return deps.records.transaction(access, async (tx) => {
    await lockName(tx, kind.kind, about.name);
    const at = deps.clock.now();
    const versions = (await listPacks(tx, kind.kind)).filter(({ name }) => name === about.name);
    const there = versions.find(({ sha256 }) => sha256 === kept.sha256);
    if (there === undefined && signedBy !== null) mustBeNewVersion(about, versions);
    const signedAt =
      signedBy === null || sealed.seal === undefined ? null : new Date(sealed.seal.manifest.createdAt);
    const saved =
      there ??
      (await savePack(
        tx,
        {
          ...about,
          id: deps.ids.uuid(),
          kind: kind.kind,
          origin: given.origin,
          importedAt: at,
          importedBy: actor.name,
          signedBy,
          signedAt,
          shipped: given.shipped ?? false,
          facts: read.faults.length === 0 ? read.facts : { ...read.facts, rejected: read.faults.length },
          faults,
        },
        kept,
      ));
    if (there === undefined) await read.save?.(tx, saved);
    const vouched = there !== undefined && there.signedBy === null && signedBy !== null && signedAt !== null;
    if (vouched) await vouchForPack(tx, saved.id, signedBy, signedAt);
    if (there === undefined || vouched)
      await deps.ledger.record(tx, {
        actor,
        action: vouched ? 'content.vouched' : 'content.added',
        subject: `content-pack/${saved.id}`,
        facts: {
          kind: kind.kind,
          ...about,
          sha256: kept.sha256,
          origin: given.origin,
          signedBy: signedBy ?? 'nobody',
          rejected: read.faults.length,
        },
      });
    if (given.activate === true)
      await activateIn(deps, tx, actor, {
        kind,
        pack: await getPack(tx, saved.id),
        keys,
        older: given.older ?? false,
      });
    const now = await getPack(tx, saved.id);
    return {
      ...packView(now, await listPacks(tx, kind.kind), keys),
      there: there !== undefined,
      faults: cited(faults),
    };
  });
}

/**
 * What the program itself brings, at every start: activated unless a person has switched the name off.
 */
export async function bringPack(
  deps: ContentDeps,
  actor: ContentKeeper,
  given: Pick<GivenPack, 'content'> & {
    readonly kind: string;
    readonly name: string;
    readonly version: string;
  },
): Promise<AddedPack> {
  const versions = await deps.records.transaction(access, async (tx) =>
    (await listPacks(tx, given.kind)).filter(({ name }) => name === given.name),
  );
  const kind = kindOf(deps.kinds, given.kind);
  const kept = packOf(given.content.files.filter(({ path }) => kind.keeps?.(path) ?? true));
  const there = versions.find(({ sha256 }) => sha256 === kept.sha256);
  const activate = there === undefined && (versions.length === 0 || versions.some(({ active }) => active));
  return addPack(deps, actor, {
    ...given,
    file: given.name,
    origin: 'ships with Ironbark',
    shipped: true,
    activate,
  });
}

type Opened = { readonly content: PackFiles; readonly seal: Sealed | undefined };

function open({ file, content }: GivenPack, keys: Parameters<typeof openSeal>[3]): Opened {
  const paper = content.files.find(({ path }) => path === sealName);
  if (paper === undefined) return { content, seal: undefined };
  const files = content.files.filter((one) => one !== paper);
  if (files.length === 0) throw new PackRefused(file, 'it has a seal and nothing else');
  return { content: packOf(files), seal: openSeal(file, paper.text, files, keys) };
}

function kindFor(
  { kinds }: ContentDeps,
  given: GivenPack,
  seal: Sealed | undefined,
  files: PackFiles['files'],
): ContentKind {
  const said = seal?.manifest.kind;
  if (said !== undefined && given.kind !== undefined && said !== given.kind)
    throw new Invalid(`The pack says that it is of the kind "${said}", not "${given.kind}".`);
  const named = said ?? given.kind;
  return named === undefined ? recognise(kinds, files) : kindOf(kinds, named);
}

function aboutOf(
  deps: ContentDeps,
  given: GivenPack,
  seal: Sealed | undefined,
  read: ReadContent,
): { name: string; version: string } {
  if (seal !== undefined) {
    const { name, version } = seal.manifest;
    for (const [what, said, wanted] of [
      ['name', name, given.name],
      ['version', version, given.version],
    ])
      if (wanted !== undefined && wanted !== said)
        throw new Invalid(
          `The pack says that its ${what} is "${said}". It can't be taken in as "${wanted}".`,
        );
    return { name, version };
  }
  return {
    name: given.name ?? asName(read.name) ?? asName(given.file) ?? 'pack',
    version:
      given.version ?? (read.version?.trim().slice(0, 60) || deps.clock.now().toISOString().slice(0, 10)),
  };
}

/** `./Sigma Rules.tar.gz` is `sigma-rules`. */
export function asName(text: string | undefined): string | undefined {
  const name = (text ?? '')
    .toLowerCase()
    .replace(/\.(zip|tar|tgz|tar\.gz|gz|ya?ml|json|csv)$/, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 63);
  return name === '' ? undefined : name;
}

/** Whoever signs gives each content a version of its own, so that a version means one thing. */
function mustBeNewVersion(about: { name: string; version: string }, versions: readonly Pack[]): void {
  if (versions.some(({ version, signedBy }) => version === about.version && signedBy !== null))
    throw new PackRefused(
      `"${about.name}" ${about.version}`,
      'there is a signed pack of that version already, with other content',
    );
}

const cited = (faults: readonly ContentFault[]) =>
  faults.map(({ file, line, what, why }) => ({ file, what, why, ...(line !== undefined && { line }) }));
