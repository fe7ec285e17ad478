import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scopeOf, tenancyId } from '#platform/scope';
import { answers } from './answers.ts';
import { addAsset, changeAsset, listText, restoreAsset, retireAsset } from './assets.ts';
import { assetGraph, assetList, mergePreview } from './contract.ts';
import { endDependency, endReach, setDependency, setReach } from './edges.ts';
import { exportAssets, exportTable } from './exporting.ts';
import { AmbiguousAsset } from './errors.ts';
import { findAsset } from './finding.ts';
import { graphText } from './graph.ts';
import { previewMerge } from './merge-preview.ts';
import { mergeAssets, unmergeAssets } from './merging.ts';
import { decideProposals, listProposals, proposeHosts } from './proposing.ts';
import { assetsOf, edgesOf, inventoryCount, softwareOf } from './reading.ts';
import { listSoftware, showAsset } from './showing.ts';
import { engines, type InventoryWorld, openInventory } from './testing.ts';

const odce = scopeOf(['acme-odce', 'wattle-odce', 'beta-odce', 'acme-pdce'].map(tenancyId));
if (odce === undefined) throw new Error('a scope of four');

describe.each(engines())('the inventory on %s', (_engine, open) => {
  let world: InventoryWorld;
  beforeAll(async () => {
    world = await openInventory(await open());
  }, 120_000);
  afterAll(() => world.close());
  const named = async (name: string, tenancy = 'acme-odce') => {
    const found = (await world.list()).find((one) => one.name === name && one.tenancy === tenancy);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };
  const show = (id: string) => showAsset(world.deps, world.provider, id);

  test('a spreadsheet is taken row by row, and a second time changes nothing', async () => {
    const file =
      'kind,name,hostname,owner,classification,availability\nhost,Web 1,web1.acme.example,Ann,PROTECTED,high\ninformation,Payroll,,Ben,OFFICIAL: Sensitive,AUD 10000..50000\n';
    const dry = await world.import(file, { dryRun: 'true' });
    expect(dry).toMatchObject({ format: 'csv', applied: false, counts: { new: 2, refused: 0 } });
    expect(await world.list()).toEqual([]);
    world.changes.length = 0;
    expect(await world.import(file)).toMatchObject({ applied: true, counts: { new: 2 } });
    expect(world.changes).toEqual(['odce']);
    const before = await world.list();
    expect(before.map(({ name, kind, owner }) => [name, kind, owner])).toEqual([
      ['Payroll', 'information', 'Ben'],
      ['Web 1', 'host', 'Ann'],
    ]);
    const entries = (await world.ledger()).length;
    world.clock.advance(3600);
    expect(await world.import(file)).toMatchObject({
      applied: true,
      counts: { unchanged: 2, new: 0, merged: 0 },
      knownSince: '2026-05-04T08:00:00.000Z',
    });
    expect(await world.list()).toEqual(before);
    expect((await world.ledger()).length).toBe(entries);
    const payroll = await show((await named('Payroll')).id);
    expect(payroll.values).toEqual({ c: null, i: null, a: { low: 10_000, high: 50_000 } });
  });

  test('one refused row keeps the whole file out, unless it is asked to be left out', async () => {
    const file = 'kind,name\nhost,good-1\nspaceship,Enterprise\n';
    const report = await world.import(file);
    expect(report).toMatchObject({ applied: false, counts: { new: 1, refused: 1 } });
    expect(report.rows.find(({ outcome }) => outcome === 'refused')).toMatchObject({
      line: 3,
      name: 'Enterprise',
    });
    expect((await world.list()).some(({ name }) => name === 'good-1')).toBe(false);
    expect(await world.import(file, { skipRefused: 'true' })).toMatchObject({ applied: true });
    expect((await named('good-1')).kind).toBe('host');
  });

  test('sources are merged by keys; the more trusted word holds, and what one leaves out is not erased', async () => {
    const osquery = JSON.stringify({
      name: 'pack_inventory_system_info',
      hostIdentifier: 'web1',
      unixTime: Date.parse('2026-05-04T07:00:00Z') / 1000,
      snapshot: [
        {
          hostname: 'web1.acme.example',
          hardware_uuid: '4c4c4544-0042-3510-8054-b4c04f565931',
          hardware_serial: 'ABC1234',
        },
      ],
      action: 'snapshot',
    });
    expect(await world.import(osquery)).toMatchObject({ format: 'osquery', counts: { merged: 1, new: 0 } });
    const rvtools =
      'VM,Powerstate,Template,DNS Name,Primary IP Address,Datacenter,Cluster,Host,OS according to the VMware Tools,SMBIOS UUID,VM UUID\nWEB1-prod,poweredOn,False,,10.0.0.5,Canberra,cl1,esx1.wattle.example,Debian 12,44454c4c-4200-1035-8054-b4c04f565931,500a1111-2222-3333-4444-555566667777\n';
    const report = await world.import(rvtools);
    // The firmware writes the same id in another byte order.
    expect(report.rows.map(({ name, outcome }) => `${name} ${outcome}`).sort()).toEqual([
      'WEB1-prod merged',
      'esx1.wattle.example new',
    ]);
    const web = await show((await named('web1.acme.example')).id);
    expect(web.sources).toEqual(['csv', 'osquery', 'vmware']);
    expect(web.owner).toBe('Ann');
    expect(web.fields.find(({ name }) => name === 'name')).toMatchObject({
      source: 'osquery',
      others: [{ value: 'WEB1-prod' }, { value: 'Web 1' }],
    });
    expect(web.dependencies).toMatchObject([
      { asset: { name: 'esx1.wattle.example', kind: 'hypervisor' }, c: 1, i: 1, a: 0.5 },
    ]);
    // It moved: the edge to the old hypervisor goes with it.
    expect(await world.import(rvtools.replace('esx1', 'esx2'))).toMatchObject({ applied: true });
    expect((await show(web.id)).dependencies.map(({ asset }) => asset.name)).toEqual(['esx2.wattle.example']);
  });

  test('keys that contradict each other are told, and never merged', async () => {
    const file =
      'name,hostname,serial,machine id\nweb1,web1.acme.example,ABC1234,11111111-2222-4333-8444-555555555555\n';
    const report = await world.import(file, { source: 'other' });
    expect(report.counts).toMatchObject({ ambiguous: 1 });
    expect(report.rows[0]?.why.join()).toMatch(
      /serial abc1234 of a known asset, but machine-id .*web1\.acme\.example \(/,
    );
    const apart =
      'name,hostname,machine id\nweb1 copy,web1.acme.example,22222222-2222-4333-8444-555555555555\n';
    const second = await world.import(apart, { source: 'other' });
    expect(second.rows[0]).toMatchObject({ outcome: 'new' });
    expect(second.rows[0]?.why.join()).toMatch(/Kept apart from web1\.acme\.example/);
    // Now the name alone can't tell which.
    const third = await world.import('name,hostname\nweb1,web1.acme.example\n', { source: 'third' });
    expect(third.rows[0]).toMatchObject({ outcome: 'ambiguous', asset: null });
  });

  test('what a person says holds until they take it back', async () => {
    const { id } = await named('web1.acme.example');
    await changeAsset(world.deps, world.acme, id, { owner: 'Cleo', exposure: 'internet' });
    expect(await show(id)).toMatchObject({ owner: 'Cleo', exposure: 'internet' });
    await changeAsset(world.deps, world.acme, id, { owner: null });
    expect(await show(id)).toMatchObject({ owner: 'Ann', exposure: 'internet' });
    const entry = (await world.ledger()).findLast(({ action }) => action === 'asset.changed');
    expect(entry?.facts).toEqual({ owner: { from: 'Cleo', to: null } });
  });

  test('a merge is one asset to every reader, and taking it apart gives back what was', async () => {
    const packages = 'ii  openssl  3.0.16-1~deb12u1  amd64\nii  bash  5.2.15-2+b8  amd64\n';
    await world.import('kind,name,depends on\nhost,twin-a,site:Canberra\nsite,Canberra,\n', {
      source: 'merge',
    });
    await world.import('kind,name,serial,owner\nhost,twin-b,TWIN-B-1,Dee\n', { source: 'merge' });
    await world.import(packages, { host: 'twin-b', source: 'dpkg' });
    const a = await named('twin-a');
    const b = await named('twin-b');
    const before = {
      list: await world.list(),
      a: await show(a.id),
      b: await show(b.id),
      edges: await world.tx((tx) => edgesOf(tx, odce)),
    };
    await mergeAssets(world.deps, world.acme, a.id, { other: b.id, why: 'one machine' });
    const merged = await show(a.id);
    expect(merged).toMatchObject({ owner: 'Dee', packages: 2, merged: [{ id: b.id, why: 'one machine' }] });
    expect((await show(b.id)).id).toBe(a.id);
    expect((await world.list()).some(({ id }) => id === b.id)).toBe(false);
    // By the absorbed one's key an import finds the whole.
    const report = await world.import('kind,name,serial\nhost,twin-b,TWIN-B-1\n', {
      source: 'merge',
      dryRun: 'true',
    });
    expect(report.rows[0]?.asset).toBe(a.id);
    await unmergeAssets(world.deps, world.acme, a.id, { other: b.id, why: 'they are two' });
    const apart = (detail: object) => ({ ...detail, revision: 0, changedAt: '' });
    expect(apart(await show(a.id))).toEqual(apart(before.a));
    expect(apart(await show(b.id))).toEqual(apart(before.b));
    expect(await world.list()).toEqual(before.list);
    expect(await world.tx((tx) => edgesOf(tx, odce))).toEqual(before.edges);
    expect((await world.ledger()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['asset.merged', 'asset.unmerged']),
    );
  });

  test('a merge is shown before it is made: whose word would hold, which keys contradict, what comes with it', async () => {
    const line = 'name,hostname,domain,owner,machine id,depends on\n';
    await world.import(
      `${line}left,left,,Ann,11111111-2222-3333-4444-555555555501,\nright,right,,Ben,11111111-2222-3333-4444-555555555502,host:left=1/1/1\n`,
      { source: 'pair' },
    );
    const [left, right] = [await named('left'), await named('right')];
    await changeAsset(world.deps, world.acme, right.id, { owner: 'Cleo', location: 'Rack 4' });
    const before = await show(left.id);
    const preview = mergePreview.parse(await previewMerge(world.deps, world.acme, left.id, right.id));
    expect(preview).toMatchObject({
      refused: null,
      contradictions: [
        { kept: expect.stringMatching(/^machine-id/), other: expect.stringMatching(/^machine-id/) },
      ],
      brings: { sources: ['pair', 'person'], dependencies: 0, dependants: 0, reach: 0 },
    });
    expect(preview.fields).toContainEqual({
      name: 'owner',
      kept: 'Ann',
      other: 'Cleo',
      after: 'Cleo',
      source: 'person',
    });
    expect(preview.fields).toContainEqual(
      expect.objectContaining({ name: 'location', kept: null, other: 'Rack 4', after: 'Rack 4' }),
    );
    // Nothing was written, and a merge makes of it what was said.
    expect(await show(left.id)).toEqual(before);
    await mergeAssets(world.deps, world.acme, left.id, { other: right.id, why: 'the same machine' });
    const after = await show(left.id);
    for (const field of preview.fields)
      expect(after.fields.find(({ name }) => name === field.name)?.value).toBe(field.after);
    await unmergeAssets(world.deps, world.acme, left.id, { other: right.id, why: 'no' });
    await expect(previewMerge(world.deps, world.beta, left.id, right.id)).rejects.toThrow(
      /outside your scope/,
    );
  });

  test('a kept answer is given as long as nothing changed, to no other scope, and not when a host goes stale', async () => {
    const kept = answers();
    const list = async (actor = world.acme) =>
      assetList.parse(JSON.parse(await listText(world.deps, actor, kept)));
    const first = await listText(world.deps, world.acme, kept);
    expect(JSON.parse(first)).toEqual(
      JSON.parse(
        JSON.stringify({
          assets: await world.list(world.acme),
          total: (await world.list(world.acme)).length,
        }),
      ),
    );
    expect(await listText(world.deps, world.acme, kept)).toBe(first);
    expect((await list(world.beta)).assets.every(({ tenancy }) => tenancy.startsWith('beta-'))).toBe(true);
    const { id } = await named('left');
    await changeAsset(world.deps, world.acme, id, { owner: 'Dora' });
    expect((await list()).assets.find((one) => one.id === id)?.owner).toBe('Dora');
    const graph = await graphText(world.deps, world.acme, kept);
    const right = await named('right');
    await setReach(world.deps, world.provider, id, {
      to: right.id,
      via: 'admin',
      probability: 0.5,
      note: '',
    });
    expect(await graphText(world.deps, world.acme, kept)).not.toBe(graph);
    await endReach(world.deps, world.provider, id, right.id, 'admin');
    expect(await graphText(world.deps, world.acme, kept)).toBe(graph);
    const active = (await list()).assets.find((one) => one.id === id);
    expect(active?.state).toBe('active');
    const later = {
      ...world.deps,
      clock: { now: () => new Date(world.clock.now().getTime() + 31 * 86_400_000) },
    };
    const stale = assetList.parse(JSON.parse(await listText(later, world.acme, kept)));
    expect(stale.assets.find((one) => one.id === id)?.state).toBe('stale');
  });

  test('a merge of a merge comes apart branch by branch', async () => {
    await world.import('kind,name\nhost,m1\nhost,m2\nhost,m3\n', { source: 'branches' });
    const [a, b, c] = await Promise.all(['m1', 'm2', 'm3'].map((name) => named(name)));
    if (!a || !b || !c) throw new Error('three');
    await mergeAssets(world.deps, world.acme, b.id, { other: c.id, why: 'x' });
    await mergeAssets(world.deps, world.acme, a.id, { other: b.id, why: 'x' });
    expect((await show(c.id)).id).toBe(a.id);
    await unmergeAssets(world.deps, world.acme, a.id, { other: b.id, why: 'x' });
    expect((await show(c.id)).id).toBe(b.id);
    expect((await show(a.id)).merged).toEqual([]);
    await expect(mergeAssets(world.deps, world.acme, b.id, { other: c.id, why: 'x' })).rejects.toThrow(
      /one asset already/,
    );
    const site = await named('Canberra');
    await expect(mergeAssets(world.deps, world.acme, a.id, { other: site.id, why: 'x' })).rejects.toThrow(
      /can’t be one/,
    );
  });

  test('software is a list per source: a new list replaces it, an empty file erases nothing', async () => {
    const { id } = await named('twin-b');
    const list = (text = '') => listSoftware(world.deps, world.provider, id, { text, from: 0 });
    expect((await list()).software.map(({ name, version, purl }) => [name, version, purl])).toEqual([
      ['bash', '5.2.15-2+b8', 'pkg:deb/debian/bash@5.2.15-2+b8?arch=amd64'],
      ['openssl', '3.0.16-1~deb12u1', 'pkg:deb/debian/openssl@3.0.16-1~deb12u1?arch=amd64'],
    ]);
    await expect(world.import('\n', { host: 'twin-b', format: 'dpkg' })).rejects.toThrow(/no package/);
    world.clock.advance(60);
    await world.import('ii  openssl  3.0.17-1~deb12u2  amd64\n', { host: 'twin-b' });
    expect((await list()).software.map(({ version }) => version)).toEqual(['3.0.17-1~deb12u2']);
    expect((await list('nothing')).total).toBe(0);
    expect(
      (await world.tx((tx) => softwareOf(tx, odce, [id]))).map(({ asset, name }) => [asset, name]),
    ).toEqual([[id, 'openssl']]);
  });

  test('dependencies have degrees and gates, and a customer’s host may rest on the provider’s', async () => {
    const { id: payroll } = await named('Payroll');
    const { id: web } = await named('web1.acme.example');
    const { id: other } = await named('m1');
    const { id: hypervisor } = await addAsset(world.deps, world.provider, {
      tenancy: 'wattle-odce',
      kind: 'hypervisor',
      name: 'esx9.wattle.example',
    });
    await expect(
      addAsset(world.deps, world.provider, {
        tenancy: 'wattle-odce',
        kind: 'hypervisor',
        name: 'ESX9.wattle.example',
      }),
    ).rejects.toThrow(/already/);
    const gate = { name: 'web pair', kind: 'k-of-n' as const, k: 1 };
    await setDependency(world.deps, world.acme, payroll, { on: web, c: 0.9, i: 0.9, a: 1, gate, note: '' });
    await setDependency(world.deps, world.acme, payroll, { on: other, c: 0.9, i: 0.9, a: 1, gate, note: '' });
    await setDependency(world.deps, world.provider, web, { on: hypervisor, c: 1, i: 1, a: 0.9, note: '' });
    await setReach(world.deps, world.provider, other, {
      to: web,
      via: 'network',
      probability: 0.3,
      note: '',
    });
    await expect(
      setDependency(world.deps, world.acme, web, { on: hypervisor, c: 1, i: 1, a: 1, note: '' }),
    ).rejects.toThrow(/outside your scope/);
    await expect(
      setDependency(world.deps, world.acme, web, { on: web, c: 1, i: 1, a: 1, note: '' }),
    ).rejects.toThrow(/itself/);
    const edges = await world.tx((tx) => edgesOf(tx, odce));
    expect(edges.gates).toEqual([{ dependant: payroll, name: 'web pair', kind: 'k-of-n', k: 1 }]);
    expect(edges.dependencies).toContainEqual({
      dependant: web,
      dependency: hypervisor,
      c: 1,
      i: 1,
      a: 0.9,
      gate: undefined,
    });
    expect(edges.reaches).toEqual([{ from: other, to: web, via: 'network', probability: 0.3 }]);
    // The customer sees that there is something, and not what.
    const seen = await showAsset(world.deps, world.acme, web);
    expect(seen.elsewhere).toBe(1);
    expect(JSON.stringify(seen)).not.toContain('esx9');
    expect(await show(web)).toMatchObject({
      elsewhere: 0,
      dependants: [{ asset: { name: 'Payroll' }, gate }],
    });
    const graph = assetGraph.parse(JSON.parse(await graphText(world.deps, world.acme, answers())));
    expect(graph.names).not.toContain('esx9.wattle.example');
    expect(graph.depends.length % 3).toBe(0);
    await endDependency(world.deps, world.acme, payroll, web);
    await endDependency(world.deps, world.acme, payroll, other);
    expect((await world.tx((tx) => edgesOf(tx, odce))).gates).toEqual([]);
  });

  test('an id, a name or a key finds the one asset it stands for', async () => {
    const find = (text: string) => findAsset(world.deps, world.acme, text);
    const { id } = await named('twin-b');
    expect([await find(id), await find('TWIN-B'), await find('twin-b-1')]).toEqual([{ id }, { id }, { id }]);
    await expect(find('nobody')).rejects.toThrow(/outside your scope/);
    await expect(find('web1')).rejects.toThrow(AmbiguousAsset);
    await expect(findAsset(world.deps, world.beta, id)).rejects.toThrow(/outside your scope/);
  });

  test('another customer sees nothing and changes nothing', async () => {
    const { id } = await named('Payroll');
    expect(await world.list(world.beta)).toEqual([]);
    await expect(showAsset(world.deps, world.beta, id)).rejects.toThrow(/outside your scope/);
    await expect(changeAsset(world.deps, world.beta, id, { owner: 'x' })).rejects.toThrow(
      /outside your scope/,
    );
    await expect(retireAsset(world.deps, world.beta, id, 'x')).rejects.toThrow(/outside your scope/);
    await expect(world.import('name,kind\nx,site\n', {}, world.beta)).rejects.toThrow(/outside your scope/);
    expect(JSON.parse(await exportAssets(world.deps, world.beta, undefined))).toMatchObject({ assets: [] });
    expect(await world.tx((tx) => assetsOf(tx, scopeOf([tenancyId('beta-odce')]) ?? odce))).toEqual([]);
    // Also where a query forgets its tenancies.
    const scope = world.beta.scope;
    for (const table of [
      'asset',
      'observation',
      'asset_key',
      'package',
      'software',
      'dependency',
      'gate',
      'reach',
      'proposal',
      'import',
      'merge',
    ])
      expect(
        await world.deps.records.transaction(
          scope,
          async (tx) => (await sql`select 1 from ${sql.table(`assets.${table}`)}`.execute(tx)).rows,
        ),
      ).toEqual([]);
  });

  test('our own export, imported elsewhere, gives the same inventory', async () => {
    const text = await exportAssets(world.deps, world.acme, 'acme-odce');
    const report = await world.import(text, { tenancy: 'acme-pdce', source: 'carried' });
    expect(report).toMatchObject({ format: 'ironbark', applied: true, counts: { refused: 0 } });
    const carried = JSON.parse(await exportAssets(world.deps, world.acme, 'acme-pdce')) as {
      assets: { name: string; keys: unknown }[];
    };
    const whole = JSON.parse(text) as typeof carried;
    const sorted = ({ assets }: typeof carried) => assets.map((one) => JSON.stringify(one)).sort();
    expect(sorted(carried)).toEqual(sorted(whole));
  });

  test('the table of the export begins no cell with a formula, and reads back the same', async () => {
    await world.import('kind,name,description\nsite,"=HYPERLINK(""http://x"")",@sum\n', {
      source: 'formula',
    });
    const text = await exportTable(world.deps, world.acme, 'acme-odce');
    expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(text).not.toMatch(/(^|[,"\n])[=+@]/m);
    const again = await world.import(text, { dryRun: 'true', source: 'again' });
    expect(again.counts.refused).toBe(0);
    expect(again.rows.find(({ name }) => name.startsWith('=HYPERLINK'))).toMatchObject({ outcome: 'merged' });
  });

  test('what no source has seen for long is stale, what a person retires is retired', async () => {
    const { id } = await named('m1');
    world.clock.advance(40 * 86_400);
    expect(await named('m1')).toMatchObject({ state: 'stale' });
    expect((await named('Canberra')).state).toBe('active');
    await retireAsset(world.deps, world.acme, id, 'scrapped');
    expect(await named('m1')).toMatchObject({ state: 'retired' });
    const again = await world.import('kind,name\nhost,m1\n', { source: 'branches-2' });
    expect(again.rows[0]?.why).toEqual(['It is retired, and was seen again.']);
    await restoreAsset(world.deps, world.acme, id, 'it was not');
    expect(await named('m1')).toMatchObject({ state: 'active' });
    const counts = await world.tx((tx) => inventoryCount(tx, odce, { now: world.clock.now() }));
    const hosts = counts.find((one) => one.tenancy === 'acme-odce' && one.kind === 'host');
    const all = (await world.list()).filter((one) => one.tenancy === 'acme-odce' && one.kind === 'host');
    expect(hosts).toMatchObject({ active: 1, retired: 0, stale: all.length - 1, environment: 'odce' });
  });

  test('hosts seen in events are proposed, and a person takes them in or not', async () => {
    const at = world.clock.now();
    const host = (hostname: string, tenancy = 'acme-odce', events = 5) => ({
      tenancy,
      hostname,
      firstSeenAt: new Date(at.getTime() - 3_600_000),
      lastSeenAt: at,
      events,
    });
    const hosts = [
      host('WEB-NEW'),
      host('web-new'),
      host('10.0.0.1'),
      host('m1'),
      host('printer-9'),
      host('m1', 'beta-odce'),
    ];
    expect(await proposeHosts(world.deps, async () => hosts)).toEqual({ proposed: 3 });
    expect(await proposeHosts(world.deps, async () => hosts)).toEqual({ proposed: 0 });
    const proposed = await listProposals(world.deps, world.acme, 'proposed');
    expect(proposed.map(({ hostname, events }) => [hostname, events])).toEqual([
      ['printer-9', 5],
      ['web-new', 10],
    ]);
    expect(
      (await show((await named('m1')).id)).seenBy.find(({ source }) => source === 'events')?.seenAt,
    ).toBe(at.toISOString());
    await expect(
      decideProposals(world.deps, world.beta, {
        tenancy: 'acme-odce',
        hostnames: ['web-new'],
        decision: 'accept',
        why: '',
      }),
    ).rejects.toThrow(/outside your scope/);
    await decideProposals(world.deps, world.acme, {
      tenancy: 'acme-odce',
      hostnames: ['web-new'],
      decision: 'accept',
      why: '',
    });
    await decideProposals(world.deps, world.acme, {
      tenancy: 'acme-odce',
      hostnames: ['printer-9'],
      decision: 'ignore',
      why: 'a printer',
    });
    expect(await named('web-new')).toMatchObject({ kind: 'host', sources: ['events'] });
    expect(await listProposals(world.deps, world.acme, 'proposed')).toEqual([]);
    expect(await proposeHosts(world.deps, async () => hosts)).toEqual({ proposed: 0 });
    expect((await listProposals(world.deps, world.acme, 'ignored')).map(({ hostname }) => hostname)).toEqual([
      'printer-9',
    ]);
  });

  test('a file from the future, an empty one and one that names no tenancy of ours are refused whole', async () => {
    await expect(
      world.import('name,kind\nx,site\n', { collectedAt: '2099-01-01T00:00:00Z' }),
    ).rejects.toThrow(/future/);
    await expect(world.import('', { format: 'csv' })).rejects.toThrow(/empty/);
    await expect(world.import('name,kind\nx,site\n', { tenancy: 'nobody-odce' })).rejects.toThrow(
      /outside your scope/,
    );
    await expect(world.import('name,kind\nx,site\n', { source: 'person' })).rejects.toThrow(
      /Name the source otherwise/,
    );
    const late = JSON.stringify({
      name: 'system_info',
      hostIdentifier: 'tomorrow',
      unixTime: Date.parse('2099-01-01') / 1000,
      columns: { hostname: 'tomorrow', hardware_uuid: '' },
      action: 'added',
    });
    const report = await world.import(late);
    expect(report.rows[0]).toMatchObject({ outcome: 'refused', why: [expect.stringMatching(/yet to come/)] });
  });
});
