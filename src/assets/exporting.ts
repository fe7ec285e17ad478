import type { Actor } from '#identity';
import type { AssetDeps } from './deps.ts';
import type { Key } from './keys.ts';
import { ownFormat, type OwnAsset } from './readers/own.ts';
import { dependencies, gates, reaches } from './store-edges.ts';
import { installed } from './store-software.ts';
import { allKeys, roots } from './store.ts';

/** Everything in scope, in the form that `import --format ironbark` takes. What lies outside the scope is left out. */
export function exportAssets(deps: AssetDeps, actor: Actor, tenancy: string | undefined): Promise<string> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const all = (await roots(tx, scope)).filter((one) => tenancy === undefined || one.tenancy === tenancy);
    const keys = Map.groupBy(await allKeys(tx, scope), ({ asset }) => asset);
    const keysOf = (id: string): Key[] => (keys.get(id) ?? []).map(({ key }) => key);
    const names = new Map(all.map(({ id, name }) => [id, name]));
    const depends = Map.groupBy(await dependencies(tx, scope), ({ dependant }) => dependant);
    const gateOf = new Map((await gates(tx, scope)).map((one) => [`${one.dependant} ${one.name}`, one]));
    const steps = Map.groupBy(await reaches(tx, scope), ({ from }) => from);
    const software = Map.groupBy(await installed(tx, scope), ({ asset }) => asset);
    const assets = all.map((one): OwnAsset => {
      const lists = software.get(one.id);
      return {
        kind: one.kind,
        name: one.name,
        keys: keysOf(one.id),
        fields: { ...one.fields },
        seenAt: one.seenAt?.toISOString() ?? null,
        ...(lists && {
          software: lists.map(({ type, name, version, architecture, origin, purl }) => ({
            type,
            name,
            version,
            architecture,
            origin,
            purl,
          })),
        }),
        dependsOn: (depends.get(one.id) ?? []).flatMap(({ dependency, c, i, a, gate }) => {
          const name = names.get(dependency);
          const found = gate === null ? undefined : gateOf.get(`${one.id} ${gate}`);
          // The table holds no other degrees.
          const degrees = { c, i, a } as Pick<OwnAsset['dependsOn'][number], 'c' | 'i' | 'a'>;
          return name === undefined
            ? []
            : [
                {
                  name,
                  to: keysOf(dependency),
                  ...degrees,
                  ...(found && { gate: { name: found.name, kind: found.kind, k: found.k } }),
                },
              ];
        }),
        reaches: (steps.get(one.id) ?? []).flatMap(({ to, via, probability }) => {
          const name = names.get(to);
          return name === undefined ? [] : [{ name, to: keysOf(to), via, probability }];
        }),
      };
    });
    return JSON.stringify({ format: ownFormat, exportedAt: deps.clock.now().toISOString(), assets }, null, 1);
  });
}

const heads = [
  'kind',
  'name',
  'hostname',
  'domain',
  'machine id',
  'serial',
  'mac',
  'cloud instance',
  'sid',
  'purl',
  'owner',
  'custodian',
  'classification',
  'confidentiality',
  'integrity',
  'availability',
  'exposure',
  'description',
  'os',
  'os version',
  'vendor',
  'model',
  'addresses',
  'location',
  'depends on',
  'last seen',
  'tenancy',
] as const;

/** A table of our own columns, for spreadsheets; software is not in it. */
export function exportTable(deps: AssetDeps, actor: Actor, tenancy: string | undefined): Promise<string> {
  const { scope } = actor;
  return deps.records.transaction(scope, async (tx) => {
    const every = await roots(tx, scope);
    const known = new Map(every.map((one) => [one.id, one]));
    const keys = Map.groupBy(await allKeys(tx, scope), ({ asset }) => asset);
    const depends = Map.groupBy(await dependencies(tx, scope), ({ dependant }) => dependant);
    const lines = every
      .filter((one) => tenancy === undefined || one.tenancy === tenancy)
      .map((one) => {
        const { fields } = one;
        const key = (kind: string): string =>
          (keys.get(one.id) ?? [])
            .flatMap(({ key: own }) => (own.kind === kind ? [own.value] : []))
            .join(' ');
        const links = (depends.get(one.id) ?? []).flatMap(({ dependency, c, i, a }) => {
          const on = known.get(dependency);
          return on === undefined
            ? []
            : [`${on.kind}:${on.fields.hostname ?? on.name}=${c / 100}/${i / 100}/${a / 100}`];
        });
        const cells: Readonly<Record<(typeof heads)[number], string | undefined>> = {
          kind: one.kind,
          name: one.name,
          hostname: fields.hostname,
          domain: fields.domain,
          'machine id': key('machine-id'),
          serial: key('serial'),
          mac: key('mac'),
          'cloud instance': key('cloud-instance'),
          sid: key('sid'),
          purl: key('purl'),
          owner: fields.owner,
          custodian: fields.custodian,
          classification: fields.classification,
          confidentiality: fields.confidentiality,
          integrity: fields.integrity,
          availability: fields.availability,
          exposure: fields.exposure,
          description: fields.description,
          os: fields.os,
          'os version': fields.osVersion,
          vendor: fields.vendor,
          model: fields.model,
          addresses: fields.addresses,
          location: fields.location,
          'depends on': links.join('; '),
          'last seen': one.seenAt?.toISOString(),
          tenancy: one.tenancy,
        };
        return heads.map((head) => quoted(cells[head] ?? '')).join(',');
      });
    return `\uFEFF${[heads.join(','), ...lines].join('\r\n')}\r\n`;
  });
}

/** What a spreadsheet would work out gets a quote before it, which our import takes away again. */
export function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
