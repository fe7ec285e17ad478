import fc from 'fast-check';
import writeWorkbook from 'write-excel-file/node';
import { describe, expect, test } from 'vitest';
import { rpmName } from './packages.ts';
import { readFile } from './read.ts';
import { Unreadable } from './record.ts';

const read = (file: string | Uint8Array, format: Parameters<typeof readFile>[1] = 'auto', host?: string) =>
  readFile(typeof file === 'string' ? Buffer.from(file) : file, format, { fileName: '', host });
const keys = (row: { keys: readonly { kind: string; value: string }[] } | undefined) =>
  row?.keys.map(({ kind, value }) => `${kind} ${value}`);
const result = (table: string, rows: object[], more: object = {}) =>
  JSON.stringify({
    name: `pack_inventory_${table}`,
    hostIdentifier: 'web1',
    snapshot: rows,
    action: 'snapshot',
    unixTime: 1_777_881_600,
    ...more,
  });

describe('CSV', () => {
  test('a byte order mark, semicolons, quotes and any line ends are read; the line is where the row starts', async () => {
    const { rows, refused } = await read(
      '\uFEFFKind;Name;Serial number\rhost;"Web;\n1";ABC-1234\r\nnonsense;x;\n',
    );
    expect(rows).toMatchObject([{ line: 2, name: 'Web;\n1', keys: [{ kind: 'serial', value: 'abc-1234' }] }]);
    expect(refused).toMatchObject([{ line: 4, name: 'x' }]);
  });
  test('lines of another encoding are read, and told', async () => {
    const { rows, remarks } = await read(
      Buffer.concat([
        Buffer.from('kind,name\nsite,Zürich\nsite,'),
        Buffer.from([0x4d, 0xfc, 0x6e]),
        Buffer.from('chen\n'),
      ]),
    );
    expect(rows.map(({ name }) => name)).toEqual(['Zürich', 'München']);
    expect(remarks[0]).toMatch(/^1 lines are no UTF-8/);
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('kind,name\nsite,Wien\n', 'utf16le')]);
    expect((await read(wide)).rows[0]?.name).toBe('Wien');
  });
  test('a cell that begins like a formula is a text', async () => {
    const { rows } = await read(`kind,name,owner\nsite,"=cmd|'/c calc'!A1",'+61 2\n`);
    expect(rows[0]).toMatchObject({ name: "=cmd|'/c calc'!A1", fields: { owner: '+61 2' } });
  });
  test('every fault of a row is named', async () => {
    const { refused } = await read(
      'kind,name,classification,availability,exposure,depends on\nhost,a,COSMIC,lots,moon,nobody\n',
    );
    expect(refused[0]?.why).toHaveLength(4);
  });
  test('what is no table of ours is refused whole', async () => {
    await expect(read('a,b\n1,2\n', 'csv')).rejects.toThrow(/"name" or "hostname"/);
    await expect(read('name,name\n1,2\n', 'csv')).rejects.toThrow(/twice/);
    await expect(read('name,"kind\n1,2\n', 'csv')).rejects.toThrow(/never closed/);
    await expect(read(Buffer.from([0, 1, 2, 3]), 'csv')).rejects.toThrow(/no text/);
  });
  test('dependencies are read with their degrees', async () => {
    const { rows } = await read(
      'kind,name,depends on\ninformation,Payroll,host:db1=0.9/0.9/1; site:Canberra\n',
    );
    expect(rows[0]?.links).toMatchObject([
      { name: 'db1', to: [{ kind: 'hostname', value: 'db1' }], c: 90, i: 90, a: 100 },
      { name: 'Canberra', to: [{ kind: 'name', value: 'site:canberra' }], c: 100 },
    ]);
  });
});

describe('osquery', () => {
  const system = result('system_info', [
    {
      hostname: 'web1.acme.example',
      hardware_uuid: 'EC2A1111-2222-3333-4444-555555555555',
      hardware_serial: 'Not Specified',
      cpu_brand: 'x',
    },
  ]);
  const os = result('os_version', [
    { name: 'Debian GNU/Linux', version: '12 (bookworm)', major: '12', minor: '0', platform: 'debian' },
  ]);
  const debs = result('deb_packages', [
    {
      name: 'openssl',
      version: '3.0.16-1~deb12u1',
      arch: 'amd64',
      source: '',
      status: 'install ok installed',
    },
    {
      name: 'libc6',
      version: '2.36-9+deb12u10',
      arch: 'amd64',
      source: 'glibc',
      status: 'install ok installed',
    },
    { name: 'gone', version: '1', arch: 'amd64', source: '', status: 'deinstall ok config-files' },
  ]);
  test('a results log becomes one host with keys, fields and software', async () => {
    const addresses = result('interface_addresses', [
      { interface: 'lo', address: '127.0.0.1', mask: '' },
      { interface: 'eth0', address: '10.0.0.9', mask: '' },
      { interface: 'eth0', address: 'fe80::1%eth0', mask: '' },
    ]);
    const macs = result('interface_details', [
      { interface: 'eth0', mac: '00:50:56:aa:bb:cc' },
      { interface: 'docker0', mac: '02:42:ac:11:00:02' },
    ]);
    const { rows, refused } = await read([system, os, debs, addresses, macs].join('\n'));
    expect(refused).toEqual([]);
    expect(rows).toHaveLength(1);
    expect(keys(rows[0])).toEqual(
      [
        'fqdn web1.acme.example',
        'hostname web1',
        'mac 00:50:56:aa:bb:cc',
        'machine-id 11112aec-2222-3333-4444-555555555555',
      ].map((key) => (key.startsWith('machine') ? expect.stringMatching(/^machine-id /) : key)),
    );
    expect(rows[0]).toMatchObject({
      at: '2026-05-04T08:00:00.000Z',
      fields: { os: 'Debian GNU/Linux', addresses: '10.0.0.9' },
    });
    expect(rows[0]?.software?.map(({ purl, origin }) => [purl, origin])).toEqual([
      ['pkg:deb/debian/openssl@3.0.16-1~deb12u1?arch=amd64&distro=debian-12', 'openssl 3.0.16-1~deb12u1'],
      ['pkg:deb/debian/libc6@2.36-9+deb12u10?arch=amd64&distro=debian-12', 'glibc 2.36-9+deb12u10'],
    ]);
  });
  test('half a line at the end is refused, and the lines before it stand', async () => {
    const { rows, refused } = await read(`${system}\n${debs.slice(0, -40)}`);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.software).toBeUndefined();
    expect(refused).toMatchObject([{ line: 2, why: [expect.stringMatching(/cut off/)] }]);
  });
  test('differential results add and remove, and a batch does both', async () => {
    const row = (name: string) => ({ name, version: '1', arch: 'amd64', source: '', revision: '1' });
    const diff = (action: string, name: string) =>
      JSON.stringify({ name: 'deb_packages', hostIdentifier: 'web1', action, columns: row(name) });
    const batch = JSON.stringify({
      name: 'deb_packages',
      hostIdentifier: 'web1',
      diffResults: { added: [row('c')], removed: [row('a')] },
    });
    const { rows } = await read(
      [diff('added', 'a'), diff('added', 'b'), diff('removed', 'b'), batch].join('\n'),
    );
    expect(rows[0]?.software?.map(({ name }) => name)).toEqual(['c']);
  });
  test('answers to a distributed query, and what osqueryi prints, are read', async () => {
    const answer = JSON.stringify({
      node_key: 'k',
      host_identifier: 'app2',
      queries: {
        q1: [
          { uid: '1001', username: 'ann', shell: '/bin/bash', directory: '/home/ann' },
          { uid: '33', username: 'www-data', shell: '/usr/sbin/nologin', directory: '/' },
        ],
        q2: [{ name: '7-Zip', version: '24.09', publisher: 'Igor' }],
      },
    });
    const { rows } = await read(answer);
    expect(rows.map(({ kind, name }) => [kind, name])).toEqual([
      ['host', 'app2'],
      ['account', 'app2\\ann'],
    ]);
    expect(rows[0]?.software).toMatchObject([{ type: 'program', name: '7-Zip', purl: '' }]);
    const printed = '[\n {"hostname":"db3","hardware_uuid":"","cpu_brand":"x"}\n]';
    await expect(read(printed, 'osquery')).resolves.toMatchObject({
      refused: [{ why: [expect.stringMatching(/name the host/)] }],
    });
    expect((await read(printed, 'osquery', 'db3')).rows[0]?.name).toBe('db3');
  });
});

describe('lists of packages', () => {
  test('dpkg’s status: what is removed is not there, sources are, a cut paragraph is refused', async () => {
    const { rows, refused } = await read(
      'Package: libc6\nStatus: install ok installed\nArchitecture: amd64\nSource: glibc (2.36-9)\nVersion: 2.36-9+deb12u4\nDescription: a\n b\n .\n c\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: half\nStatus: install ok installed\nArch',
      'auto',
      'web1',
    );
    expect(rows[0]?.software).toEqual([
      {
        type: 'deb',
        name: 'libc6',
        version: '2.36-9+deb12u4',
        architecture: 'amd64',
        origin: 'glibc 2.36-9',
        purl: 'pkg:deb/debian/libc6@2.36-9+deb12u4?arch=amd64',
      },
    ]);
    expect(refused).toMatchObject([{ name: 'half', why: [expect.stringMatching(/cut off/)] }]);
  });
  test('dpkg -l is read with its head, and removed packages are counted', async () => {
    const { rows, remarks } = await read(
      'Desired=Unknown/Install/Remove/Purge/Hold\n| Status=Not/Inst\n|/ Err?=(none)\n||/ Name   Version Architecture Description\n+++-=====\nii  bash  5.2.15-2+b8  amd64  GNU Bourne Again SHell\nhi  libssl3:amd64  3.0.16-1~deb12u1  amd64  x\nrc  old  1.0  amd64  x\n',
      'auto',
      'web1',
    );
    expect(rows[0]?.software?.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'bash 5.2.15-2+b8',
      'libssl3 3.0.16-1~deb12u1',
    ]);
    expect(remarks[0]).toMatch(/^1 packages are removed/);
  });
  test('rpm -qa, and our query format, are read; a list without a host is refused', async () => {
    expect(rpmName('java-17-openjdk-headless-1:17.0.9.0.9-2.el8.x86_64')).toMatchObject({
      name: 'java-17-openjdk-headless',
      version: '1:17.0.9.0.9-2.el8',
    });
    const { rows, refused } = await read(
      'bash-5.1.8-2.fc35.x86_64\ngpg-pubkey-9867c58f-601c49ca.(none)\nnonsense\nopenssl 1 1.1.1k 9.fc35 x86_64 openssl-1.1.1k-9.fc35.src.rpm\n',
      'rpm',
      'web1',
    );
    expect(rows[0]?.software?.map(({ purl }) => purl)).toEqual([
      'pkg:rpm/fedora/bash@5.1.8-2.fc35?arch=x86_64',
      'pkg:rpm/fedora/openssl@1.1.1k-9.fc35?arch=x86_64&epoch=1',
    ]);
    expect(refused.map(({ line }) => line)).toEqual([2, 3]);
    await expect(read('bash-5.1.8-2.fc35.x86_64\n')).rejects.toThrow(/name the host/);
  });
});

describe('CycloneDX', () => {
  const json = (more: object) =>
    JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, ...more });
  const subject = { component: { type: 'application', name: 'shop', version: '2', purl: 'pkg:npm/shop@2' } };
  test('what it describes is the asset, its components the software, nested ones among them', async () => {
    const { rows } = await read(
      json({
        metadata: subject,
        components: [
          {
            type: 'library',
            name: 'a',
            version: '1',
            purl: 'pkg:npm/a@1',
            components: [{ type: 'library', group: 'g', name: 'b' }],
          },
        ],
      }),
    );
    expect(rows).toMatchObject([{ kind: 'application', name: 'shop', fields: { version: '2' } }]);
    expect(keys(rows[0])).toEqual(['name application:shop', 'purl pkg:npm/shop']);
    expect(rows[0]?.software?.map(({ type, name }) => [type, name])).toEqual([
      ['npm', 'a'],
      ['library', 'g/b'],
    ]);
  });
  test('XML is read the same', async () => {
    const xml =
      '<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4"><metadata><component type="application"><name>A &amp; B</name></component></metadata><components><component type="library" bom-ref="x"><name>a</name><version>1.0</version><purl>pkg:npm/a@1.0?x=1&amp;y=2</purl></component></components></bom>';
    const { rows } = await read(xml);
    expect(rows[0]).toMatchObject({
      name: 'A & B',
      software: [{ version: '1.0', purl: 'pkg:npm/a@1.0?x=1&y=2' }],
    });
  });
  test('what is hostile or none of it is refused with a reason', async () => {
    await expect(
      read('<!DOCTYPE a [<!ENTITY x "y">]><bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>', 'cyclonedx'),
    ).rejects.toThrow(/document type/);
    await expect(
      read('<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components>', 'cyclonedx'),
    ).rejects.toThrow(/XML/);
    await expect(read('{"SPDXID":"x"}', 'cyclonedx')).rejects.toThrow(/SPDX/);
    await expect(read(json({ specVersion: '9.9' }), 'cyclonedx')).rejects.toThrow(/versions we know/);
    await expect(read(json({ components: [] }), 'cyclonedx')).rejects.toThrow(
      /does not say what it describes/,
    );
    await expect(read(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 'cyclonedx')).rejects.toThrow(
      /too deeply/,
    );
    await expect(read('<a/>', 'aws')).rejects.toThrow(/XML where JSON is due/);
  });
  test('a component without a type of CycloneDX, or with a reference twice, is refused alone', async () => {
    const { rows, refused } = await read(
      json({
        metadata: subject,
        components: [
          { type: 'spaceship', name: 'a' },
          { type: 'library', name: 'b', 'bom-ref': '1' },
          { type: 'library', name: 'c', 'bom-ref': '1' },
        ],
      }),
    );
    expect(rows[0]?.software).toHaveLength(1);
    expect(refused.map(({ line }) => line)).toEqual([1, 3]);
  });
});

describe('VMware', () => {
  const heads = [
    'VM',
    'Powerstate',
    'Template',
    'DNS Name',
    'Primary IP Address',
    'Datacenter',
    'Cluster',
    'Host',
    'SMBIOS UUID',
    'VM UUID',
  ];
  const vm = [
    'WEB1',
    'poweredOn',
    'False',
    'web1.acme.example',
    '10.0.0.5',
    'Canberra',
    '',
    'esx1',
    '42110000-1111-2222-3333-444444444444',
    '',
  ];
  test('RVTools as CSV and as workbook are read alike', async () => {
    const csv = await read([heads, vm, ['T', '', 'True']].map((row) => row.join(',')).join('\n'));
    const book = await writeWorkbook([heads.map((value) => ({ value })), vm.map((value) => ({ value }))], {
      sheet: 'vInfo',
    }).toBuffer();
    const xlsx = await read(book);
    expect(xlsx.rows).toEqual(csv.rows);
    expect(csv.remarks).toEqual(['1 templates were left out: they do not run.']);
    expect(csv.rows.map(({ kind, name }) => [kind, name])).toEqual([
      ['hypervisor', 'esx1'],
      ['host', 'WEB1'],
    ]);
    expect(csv.rows[1]?.links).toMatchObject([{ name: 'esx1', a: 100 }]);
    await expect(read(book.subarray(0, book.length - 30))).rejects.toThrow(/cut off/);
  });
  test('govc’s JSON, of old and new versions, is read', async () => {
    const machine = {
      config: {
        name: 'db1',
        uuid: '42110000-1111-2222-3333-444444444444',
        instanceUuid: '50110000-1111-2222-3333-444444444444',
      },
      guest: {
        hostName: 'db1.acme.example',
        ipAddress: '10.0.0.7',
        net: [{ macAddress: '00:50:56:00:00:01', ipAddress: ['10.0.0.7', 'fe80::1'] }],
      },
      runtime: { host: { type: 'HostSystem', value: 'host-12' }, powerState: 'poweredOn' },
    };
    const host = {
      self: { type: 'HostSystem', value: 'host-12' },
      summary: {
        config: { name: 'esx1.acme.example', product: { version: '8.0.3' } },
        hardware: { vendor: 'Dell', model: 'R750', uuid: '4c4c4544-0000-1111-8222-b4c04f565931' },
      },
    };
    const { rows } = await read(JSON.stringify({ virtualMachines: [machine], hostSystems: [host] }));
    expect(rows.map(({ kind }) => kind)).toEqual(['hypervisor', 'host']);
    expect(rows[1]).toMatchObject({
      fields: { addresses: '10.0.0.7' },
      links: [{ to: [{ kind: 'register', value: 'vmware:host-12' }] }],
    });
    const old = JSON.stringify({
      VirtualMachines: [
        { Config: { Name: 'x', Uuid: '42110000-1111-2222-3333-444444444444' }, Guest: { HostName: 'x' } },
      ],
    });
    expect((await read(old, 'vmware')).rows[0]?.name).toBe('x');
  });
});

describe('clouds', () => {
  test('describe-instances: the terminated are gone, a public address is an exposure', async () => {
    const { rows, refused } = await read(
      JSON.stringify({
        Reservations: [
          {
            Instances: [
              {
                InstanceId: 'i-0123456789abcdef0',
                State: { Name: 'running' },
                PublicIpAddress: '203.0.113.9',
                PrivateIpAddress: '10.0.0.1',
                PrivateDnsName: 'ip-10-0-0-1.ec2.internal',
                Tags: [{ Key: 'Name', Value: 'web' }],
              },
              { InstanceId: 'i-0123456789abcdef1', State: { Name: 'terminated' } },
              { InstanceId: 'nonsense' },
            ],
          },
        ],
      }),
    );
    expect(rows).toMatchObject([
      { name: 'web', fields: { exposure: 'internet', addresses: '10.0.0.1, 203.0.113.9' } },
    ]);
    expect(keys(rows[0])).toContain('cloud-instance i-0123456789abcdef0');
    expect(refused).toMatchObject([{ line: 3 }]);
  });
  test('a Config snapshot: what we have no kind for is counted', async () => {
    const { rows, remarks } = await read(
      JSON.stringify({
        configurationItems: [
          {
            resourceType: 'AWS::S3::Bucket',
            resourceId: 'logs',
            ARN: 'arn:aws:s3:::logs',
            awsRegion: 'ap-southeast-2',
          },
          {
            resourceType: 'AWS::EC2::Instance',
            resourceId: 'i-0123456789abcdef0',
            configuration: JSON.stringify({
              instanceId: 'i-0123456789abcdef0',
              tags: [{ key: 'Name', value: 'web' }],
            }),
          },
          { resourceType: 'AWS::EC2::Volume', resourceId: 'vol-1' },
        ],
      }),
    );
    expect(rows.map(({ kind, name }) => [kind, name])).toEqual([
      ['data-store', 'logs'],
      ['host', 'web'],
    ]);
    expect(remarks).toEqual(['1 resources of other types were left out: AWS::EC2::Volume 1.']);
  });
  test('Azure Resource Graph: JSON, its table form, and the portal’s CSV give the same', async () => {
    const id = '/subscriptions/s1/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1';
    const properties = { vmId: '42110000-1111-2222-3333-444444444444', osProfile: { computerName: 'VM1' } };
    const one = {
      id,
      name: 'vm1',
      type: 'microsoft.compute/virtualmachines',
      location: 'australiaeast',
      subscriptionId: 's1',
      resourceGroup: 'g',
      properties,
    };
    const json = await read(JSON.stringify({ count: 1, data: [one], totalRecords: 1 }));
    const names = Object.keys(one);
    const table = await read(
      JSON.stringify({
        totalRecords: 1,
        data: { columns: names.map((name) => ({ name, type: 'string' })), rows: [Object.values(one)] },
      }),
    );
    const csv = await read(
      `ID,NAME,TYPE,LOCATION,SUBSCRIPTIONID,RESOURCEGROUP,PROPERTIES\n${id},vm1,${one.type},australiaeast,s1,g,"${JSON.stringify(properties).replaceAll('"', '""')}"\n`,
    );
    expect(table.rows).toEqual(json.rows);
    expect(csv.rows).toEqual(json.rows.map((row) => ({ ...row, line: 2 })));
    expect(keys(json.rows[0])).toEqual([
      expect.stringMatching(/^cloud-instance \/subscriptions\/s1/),
      'hostname vm1',
      expect.stringMatching(/^machine-id /),
    ]);
  });
});

test('whatever the bytes, a reader refuses or reads, and does nothing else', async () => {
  const formats = [
    'auto',
    'csv',
    'osquery',
    'dpkg',
    'rpm',
    'cyclonedx',
    'vmware',
    'aws',
    'azure',
    'ironbark',
  ] as const;
  const pieces = fc.constantFrom(
    '{"',
    '":',
    '[',
    ']',
    '{}',
    '"components"',
    '"type"',
    'null',
    '1e999',
    ',',
    '\n',
    'Package: a',
    'ii  a 1 b',
    '<bom xmlns="http://cyclonedx.org/schema/bom/1.4">',
    '</bom>',
    '"hostIdentifier":"a"',
    'kind,name',
    '__proto__',
    '\0',
    '\uFEFF',
    'PK\u0003\u0004',
    '"Reservations":[',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...formats),
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(pieces, { maxLength: 30 }).map((all) => Buffer.from(all.join(''))),
      ),
      async (format, bytes) => {
        try {
          const { rows, refused } = await read(bytes, format, 'host1');
          for (const row of rows) expect(row.keys.length).toBeGreaterThan(0);
          for (const row of refused) expect(row.why.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(Unreadable);
        }
      },
    ),
    { numRuns: 500 },
  );
});
