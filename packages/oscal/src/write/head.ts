import type { BackMatter, Metadata, Property } from '../generated/types.ts';
import { maybe, maybeList } from '../members.ts';
import { writtenVersion } from '../read/models.ts';
import type { Head, PartyInput, ResourceInput } from './input.ts';
import { factsOf, keyOf, oneOwn, ownProps } from './props.ts';
import { momentOf, oneLine, titleOf, tokenOf } from './text.ts';
import { type UuidOf, uuidsOf } from './uuid.ts';

/** What every document of OSCAL has. */
export type Whole = { uuid: string; metadata: Metadata; 'back-matter'?: BackMatter };

/** The members every document starts and ends with, and how its uuids are made. */
export function writeHead(kind: string, head: Head): { whole: Whole; uuid: UuidOf } {
  const uuid = uuidsOf(head.namespace, head.key);
  const responsible = Object.entries(head.responsible ?? {}).filter(([, keys]) => keys.length > 0);
  const metadata: Metadata = {
    title: titleOf(head.title),
    ...maybe('published', head.published === undefined ? undefined : momentOf(head.published)),
    'last-modified': momentOf(head.lastModified),
    version: oneLine(head.version) || '1',
    'oscal-version': writtenVersion,
    ...ownProps({ namespace: head.namespace, key: head.key, ...exactTitle(head.title) }, head.facts),
    ...maybeList(
      'roles',
      responsible.map(([id]) => ({ id: tokenOf(id), title: titleOf(id.replaceAll(/[-_]/g, ' ')) })),
    ),
    ...maybeList(
      'parties',
      head.parties?.map((party) => writeParty(party, uuid)),
    ),
    ...maybeList(
      'responsible-parties',
      responsible.map(([id, keys]) => ({
        'role-id': tokenOf(id),
        'party-uuids': keys.map((key) => uuid('party', key)),
      })),
    ),
    ...maybe('remarks', head.remarks),
  };
  const resources = head.resources?.map((resource) => writeResource(resource, uuid));
  // The document's own uuid is of its content's time: another version of the same document is another document.
  const whole = { uuid: uuid(kind, head.version, momentOf(head.lastModified)), metadata };
  return {
    whole:
      resources === undefined || resources.length === 0 ? whole : { ...whole, 'back-matter': { resources } },
    uuid,
  };
}

/** Reads back what `writeHead` wrote; of another tool's document, what there is. */
export function readHead({ uuid, metadata, 'back-matter': backMatter }: Whole): Head {
  const keys = new Map((metadata.parties ?? []).map((party) => [party.uuid, keyOf(party)]));
  const responsible = (metadata['responsible-parties'] ?? []).map(
    (each) => [each['role-id'], each['party-uuids'].map((party) => keys.get(party) ?? party)] as const,
  );
  return {
    namespace: oneOwn(metadata, 'namespace') ?? `urn:uuid:${uuid}`,
    key: oneOwn(metadata, 'key') ?? uuid,
    title: readTitle(metadata),
    version: metadata.version,
    lastModified: new Date(metadata['last-modified']),
    ...maybe('published', metadata.published === undefined ? undefined : new Date(metadata.published)),
    ...maybeList('parties', metadata.parties?.map(readParty)),
    ...(responsible.length === 0 ? {} : { responsible: Object.fromEntries(responsible) }),
    ...maybe('remarks', metadata.remarks),
    ...factsOf(metadata),
    ...maybeList('resources', backMatter?.resources?.map(readResource)),
  };
}

/** A title that one line cannot hold is kept beside it. */
export const exactTitle = (title: string): { title?: string } => (titleOf(title) === title ? {} : { title });

export const readTitle = (held: { title?: string; props?: readonly Property[] }): string =>
  oneOwn(held, 'title') ?? held.title ?? '';

/** `#key` of a resource of the head as `#uuid`; any other reference as it is. */
export function writeReference(reference: string, head: Head, uuid: UuidOf): string {
  const key = reference.startsWith('#') ? reference.slice(1) : undefined;
  const known = key !== undefined && head.resources?.some((resource) => resource.key === key);
  return key !== undefined && known ? `#${uuid('resource', key)}` : reference;
}

export function readReference(reference: string, { 'back-matter': backMatter }: Whole): string {
  const resource = backMatter?.resources?.find((each) => reference === `#${each.uuid}`);
  return resource === undefined ? reference : `#${keyOf(resource)}`;
}

const writeParty = (party: PartyInput, uuid: UuidOf): NonNullable<Metadata['parties']>[number] => ({
  uuid: uuid('party', party.key),
  type: party.kind,
  name: titleOf(party.name),
  ...ownProps({ key: party.key, ...exactTitle(party.name) }),
  ...maybeList('email-addresses', party.email === undefined ? undefined : [party.email]),
});

const readParty = (party: NonNullable<Metadata['parties']>[number]): PartyInput => ({
  key: keyOf(party),
  kind: party.type,
  name: oneOwn(party, 'title') ?? party.name ?? '',
  ...maybe('email', party['email-addresses']?.[0]),
});

type BackMatterResource = NonNullable<BackMatter['resources']>[number];

function writeResource(resource: ResourceInput, uuid: UuidOf): BackMatterResource {
  const { key, href, mediaType, sha256, base64 } = resource;
  const kind = maybe('media-type', mediaType);
  return {
    uuid: uuid('resource', key),
    title: titleOf(resource.title),
    ...maybe('description', resource.description),
    ...ownProps({ key, ...exactTitle(resource.title) }, resource.facts),
    ...maybeList(
      'rlinks',
      href === undefined
        ? undefined
        : [
            {
              href,
              ...kind,
              ...maybeList(
                'hashes',
                sha256 === undefined ? undefined : [{ algorithm: 'SHA-256', value: sha256 }],
              ),
            },
          ],
    ),
    ...maybe('base64', base64 === undefined ? undefined : { ...kind, value: base64 }),
  };
}

function readResource(resource: BackMatterResource): ResourceInput {
  const link = resource.rlinks?.[0];
  return {
    key: keyOf(resource),
    title: readTitle(resource),
    ...maybe('description', resource.description),
    ...maybe('href', link?.href),
    ...maybe('mediaType', link?.['media-type'] ?? resource.base64?.['media-type']),
    ...maybe('sha256', link?.hashes?.find((hash) => hash.algorithm === 'SHA-256')?.value),
    ...maybe('base64', resource.base64?.value),
    ...factsOf(resource),
  };
}
