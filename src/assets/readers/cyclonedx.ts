import { XMLParser } from 'fast-xml-parser';
import { fieldsOf } from '../fields.ts';
import { keysOf } from '../keys.ts';
import type { AssetKind } from '../contract.ts';
import { decodeText, encodingRemark, parseJson } from './decode.ts';
import {
  type AssetRow,
  caps,
  listOf,
  member,
  type Package,
  packageOf,
  type Reader,
  type RefusedRow,
  textOf,
  Unreadable,
} from './record.ts';

/**
 * A bill of materials, CycloneDX 1.0 to 1.7 as JSON or XML: what it describes is the asset, its components the software. With
 * `host` named, the components are what that host holds.
 * @see ECMA-424
 */
export const readCycloneDx: Reader = (bytes, { host }) => {
  const { text, westernLines } = decodeText(bytes);
  const isXml = text.trimStart().startsWith('<');
  const bom = isXml ? fromXml(text) : fromJson(text);
  const refused: RefusedRow[] = [];
  const packages: Package[] = [];
  const refs = new Set<string>();
  const walk = (list: readonly unknown[], depth: number): void => {
    if (depth > caps.depth) throw new Unreadable('Its components are nested too deeply.');
    for (const component of list) {
      const at = packages.length + refused.length + 1;
      const fault = faultOf(component, refs);
      const name = [textOf(component, 'group'), textOf(component, 'name')].filter(Boolean).join('/');
      const one = fault === undefined ? packageFrom(component, name) : undefined;
      if (one === undefined)
        refused.push({ line: at, name: name.slice(0, 200), why: [fault ?? 'The component has no name.'] });
      else packages.push(one);
      if (packages.length > caps.packagesOfOne * 5)
        throw new Unreadable(`It lists more than ${caps.packagesOfOne * 5} components.`);
      walk(listOf(component, 'components'), depth + 1);
    }
  };
  walk(bom.components, 0);
  const row = describedBy(bom, host, packages);
  return { rows: [row], refused, remarks: encodingRemark(westernLines) };
};

type Bom = { subject: unknown; components: readonly unknown[]; at: string | undefined };
const versions = /^1\.[0-7]$/;

function fromJson(text: string): Bom {
  const bom = parseJson(text);
  if (textOf(bom, 'SPDXID') !== undefined || textOf(bom, 'spdxVersion') !== undefined)
    throw new Unreadable('It is an SPDX document. Export it as CycloneDX.');
  if (textOf(bom, 'payloadType') !== undefined)
    throw new Unreadable('It is a signed envelope. Take the CycloneDX document out of it.');
  if (textOf(bom, 'bomFormat') !== 'CycloneDX')
    throw new Unreadable('It is no CycloneDX document: "bomFormat" does not say so.');
  const version = textOf(bom, 'specVersion') ?? '';
  if (!versions.test(version))
    throw new Unreadable(
      `CycloneDX "${version.slice(0, 20)}" is not among the versions we know, 1.0 to 1.7.`,
    );
  const components = member(bom, 'components');
  if (components !== undefined && !Array.isArray(components))
    throw new Unreadable('"components" is no list.');
  const metadata = member(bom, 'metadata');
  return {
    subject: member(metadata, 'component'),
    components: components ?? [],
    at: timeOf(textOf(metadata, 'timestamp')),
  };
}

function timeOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text) || Number.isNaN(time))
    throw new Unreadable(`Its timestamp "${text.slice(0, 40)}" is no time.`);
  return new Date(time).toISOString();
}

/** The namespace is the version; the parser leaves it out with the prefixes. */
const schemaOf =
  /<(?:[\w.-]{1,40}:)?bom\s[^>]{0,4000}?xmlns(?::[\w.-]{1,40})?\s*=\s*["']https?:\/\/cyclonedx\.org\/schema\/bom\/(1\.\d+)["']/;

/** No DTD, no entities but XML's own five. */
function fromXml(text: string): Bom {
  if (/<!(DOCTYPE|ENTITY)/i.test(text))
    throw new Unreadable('It holds a document type definition: that is not taken.');
  let root: unknown;
  try {
    root = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      removeNSPrefix: true,
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: { enabled: true, maxTotalExpansions: 10_000_000, maxExpandedLength: caps.bytes },
      isArray: (name) => name === 'component',
      ignoreDeclaration: true,
    }).parse(text, true);
  } catch (error) {
    throw new Unreadable(
      `It is no whole XML document: ${error instanceof Error ? error.message.slice(0, 120) : 'unknown'}`,
    );
  }
  const bom = member(root, 'bom');
  const version = bom === undefined ? undefined : schemaOf.exec(text.slice(0, 16_384))?.[1];
  if (version === undefined)
    throw new Unreadable('It is no CycloneDX document: its root or namespace is another.');
  if (!versions.test(version))
    throw new Unreadable(`CycloneDX "${version}" is not among the versions we know, 1.0 to 1.7.`);
  const metadata = member(bom, 'metadata');
  return {
    subject: plainComponent(listOf(metadata, 'component')[0]),
    components: listOf(member(bom, 'components'), 'component').map(plainComponent),
    at: timeOf(textOf(metadata, 'timestamp')),
  };
}

/** As the JSON form has it. */
function plainComponent(component: unknown): unknown {
  if (component === undefined) return undefined;
  return {
    type: textOf(component, '@type'),
    'bom-ref': textOf(component, '@bom-ref'),
    group: textOf(component, 'group'),
    name: textOf(component, 'name'),
    version: textOf(component, 'version'),
    purl: textOf(component, 'purl'),
    components: listOf(member(component, 'components'), 'component').map(plainComponent),
  };
}

/** SOURCE: CycloneDX 1.7, component type. */
const types = new Set([
  'application',
  'framework',
  'library',
  'container',
  'platform',
  'operating-system',
  'device',
  'device-driver',
  'firmware',
  'file',
  'machine-learning-model',
  'data',
  'cryptographic-asset',
]);

function faultOf(component: unknown, refs: Set<string>): string | undefined {
  if (typeof component !== 'object' || component === null) return 'The component is no object.';
  const type = textOf(component, 'type');
  if (type === undefined || !types.has(type))
    return `The component's type "${(type ?? '').slice(0, 40)}" is none of CycloneDX.`;
  const ref = textOf(component, 'bom-ref');
  if (ref === undefined) return undefined;
  if (refs.has(ref)) return `The reference "${ref.slice(0, 80)}" is there twice.`;
  refs.add(ref);
  return undefined;
}

function packageFrom(component: unknown, name: string): Package | undefined {
  const purl = textOf(component, 'purl');
  const type =
    /^pkg:([a-z0-9.+-]+)\//i.exec(purl ?? '')?.[1]?.toLowerCase() ?? textOf(component, 'type') ?? 'library';
  return packageOf(type, {
    name: textOf(component, 'name') === undefined ? '' : name,
    version: textOf(component, 'version'),
    purl,
  });
}

const kinds: Readonly<Record<string, AssetKind>> = {
  device: 'host',
  data: 'data-store',
  'operating-system': 'host',
};

function describedBy({ subject, at }: Bom, host: string | undefined, software: readonly Package[]): AssetRow {
  const own = textOf(subject, 'name');
  const name = host ?? [textOf(subject, 'group'), own].filter(Boolean).join('/');
  if (name === '' || (host === undefined && own === undefined))
    throw new Unreadable(
      'It does not say what it describes (metadata.component): name the host that holds it.',
    );
  const kind = host !== undefined ? 'host' : (kinds[textOf(subject, 'type') ?? ''] ?? 'application');
  const keys = keysOf({
    kind,
    name,
    hostname: kind === 'host' ? name : undefined,
    purl: host === undefined ? textOf(subject, 'purl') : undefined,
  });
  if (keys.length === 0) throw new Unreadable(`"${name.slice(0, 60)}" is no host's name.`);
  return {
    line: 1,
    name: name.slice(0, 200),
    kind,
    keys,
    at,
    software,
    fields: fieldsOf({
      name: name.slice(0, 200),
      version: host === undefined ? textOf(subject, 'version') : undefined,
      description: host === undefined ? textOf(subject, 'description') : undefined,
      hostname: host,
    }),
  };
}
