import { describe, expect, test } from 'vitest';
import { imported } from '../testing.ts';

describe('scanners', () => {
  const item = (id: string, family: string, name: string, inside: string, severity = '3') =>
    `<ReportItem port="0" pluginID="${id}" pluginName="${name}" pluginFamily="${family}" severity="${severity}">${inside}</ReportItem>`;
  const nessus = (items: string) =>
    `<?xml version="1.0" ?><NessusClientData_v2><Report name="Weekly"><ReportHost name="192.0.2.7"><HostProperties><tag name="HOST_END_TIMESTAMP">1773900000</tag><tag name="host-fqdn">web1.harbour.example</tag></HostProperties>${items}</ReportHost></Report></NessusClientData_v2>`;

  test('Nessus: the run with its feed and its credentials, and what is missing', async () => {
    const about = item(
      '19506',
      'Settings',
      'Nessus Scan Information',
      '<plugin_output>Plugin feed version : 202603180430\nCredentialed checks : yes, as root</plugin_output>',
      '0',
    );
    const missing = item(
      '200001',
      'Debian Local Security Checks',
      'Debian dsa-1 : openssl',
      '<cve>CVE-2026-1</cve><cve>CVE-2026-2</cve><patch_publication_date>2026/03/01</patch_publication_date>',
      '4',
    );
    const browser = item(
      '200002',
      'Windows',
      'Google Chrome &lt; 140',
      '<cve>CVE-2026-3</cve><patch_publication_date>2026/03/05</patch_publication_date>',
    );
    const note = item('10287', 'General', 'Traceroute', '', '0');
    const read = await imported('weekly.nessus', nessus(about + missing + browser + note));
    expect(read).toMatchObject({ kind: 'scanner.results', refused: [] });
    expect(read?.facts.map(({ subject, at, values }) => [subject, at?.getTime(), values])).toEqual([
      [
        'web1.harbour.example',
        1773900000000,
        {
          what: 'run',
          scanner: 'Nessus',
          feedAt: '2026-03-18T04:30:00.000Z',
          credentialed: true,
          reaches: ['os', 'application'],
        },
      ],
      [
        'web1.harbour.example',
        1773900000000,
        {
          what: 'finding',
          scanner: 'Nessus',
          id: 'nessus-200001',
          cves: ['CVE-2026-1', 'CVE-2026-2'],
          product: 'Debian dsa-1 : openssl',
          component: 'os',
          critical: true,
          released: '2026-03-01T00:00:00.000Z',
        },
      ],
      [
        'web1.harbour.example',
        1773900000000,
        {
          what: 'finding',
          scanner: 'Nessus',
          id: 'nessus-200002',
          cves: ['CVE-2026-3'],
          product: 'Google Chrome < 140',
          component: 'application',
          critical: false,
          released: '2026-03-05T00:00:00.000Z',
        },
      ],
    ]);
  });

  test('Nessus with a document type is refused', async () => {
    expect(await imported('x.nessus', `<!DOCTYPE a SYSTEM "file:///etc/passwd">${nessus('')}`)).toMatchObject(
      { facts: [], refused: [expect.stringContaining('document type')] },
    );
  });

  test('Trivy: packages of the system and others; when a fix came out isn’t in it', async () => {
    const read = await imported(
      't.json',
      JSON.stringify({
        SchemaVersion: 2,
        CreatedAt: '2026-03-19T00:00:00Z',
        ArtifactName: 'web1',
        Results: [
          {
            Class: 'os-pkgs',
            Vulnerabilities: [
              {
                VulnerabilityID: 'CVE-2026-1001',
                PkgName: 'openssl',
                Severity: 'CRITICAL',
                PublishedDate: '2026-03-01T00:00:00Z',
              },
            ],
          },
          { Class: 'lang-pkgs', Vulnerabilities: [{ VulnerabilityID: 'GHSA-x', PkgName: 'left' }] },
          { Class: 'config' },
        ],
      }),
    );
    expect(
      read?.facts.map(({ values }) => [
        values['what'],
        values['component'],
        values['critical'],
        values['cves'],
        values['released'],
      ]),
    ).toEqual([
      ['run', undefined, undefined, undefined, undefined],
      ['finding', 'os', true, ['CVE-2026-1001'], undefined],
      ['finding', 'application', false, [], undefined],
    ]);
  });

  test('Grype: its database’s age, and the day a fix became available', async () => {
    const read = await imported(
      'g.json',
      JSON.stringify({
        matches: [
          {
            vulnerability: {
              id: 'GHSA-1',
              severity: 'Critical',
              fix: { state: 'fixed', available: [{ version: '2', date: '2026-03-02' }] },
            },
            relatedVulnerabilities: [{ id: 'CVE-2026-1002' }],
            matchDetails: [],
            artifact: { name: 'nginx', type: 'deb' },
          },
        ],
        source: { type: 'directory', target: 'web1' },
        descriptor: {
          name: 'grype',
          timestamp: '2026-03-19T00:00:00Z',
          db: { status: { built: '2026-03-18T00:00:00Z' } },
        },
      }),
    );
    expect(read?.facts).toMatchObject([
      { subject: 'web1', values: { what: 'run', feedAt: '2026-03-18T00:00:00.000Z' } },
      {
        values: {
          component: 'os',
          critical: true,
          cves: ['CVE-2026-1002'],
          released: '2026-03-02T00:00:00.000Z',
        },
      },
    ]);
  });

  test('OSV-Scanner: the file is called after the host, and aliases are its CVEs', async () => {
    const at = new Date('2026-03-19T00:00:00Z');
    const read = await imported(
      'web1.json',
      JSON.stringify({
        results: [
          {
            source: { path: '/x', type: 'lockfile' },
            packages: [
              {
                package: { name: 'left', version: '1' },
                vulnerabilities: [{ id: 'GHSA-1', aliases: ['CVE-2026-1003'] }],
              },
            ],
          },
        ],
      }),
      at,
    );
    expect(read?.facts).toMatchObject([
      { subject: 'web1', at },
      { subject: 'web1', values: { product: 'left', cves: ['CVE-2026-1003'] } },
    ]);
  });

  test('the list of exploited vulnerabilities', async () => {
    const read = await imported(
      'kev.json',
      JSON.stringify({
        title: 'x',
        dateReleased: '2026-03-19T00:00:00Z',
        vulnerabilities: [{ cveID: 'CVE-2026-1001', dateAdded: '2026-03-06' }, { cveID: 'CVE-2026-9' }],
      }),
    );
    expect(read).toMatchObject({
      kind: 'vulnerability.exploited',
      facts: [{ subject: 'CVE-2026-1001', at: new Date('2026-03-06') }],
      refused: [expect.any(String)],
      end: { collectedAt: new Date('2026-03-19') },
    });
  });
});

describe('backups', () => {
  test('Veeam by its interface and as a table', async () => {
    const rest = await imported(
      'v.json',
      JSON.stringify({
        data: [
          {
            name: 'Ledger',
            sessionType: 'BackupJob',
            creationTime: '2026-03-19T00:00:00Z',
            endTime: '2026-03-19T01:00:00Z',
            result: { result: 'Warning' },
          },
          { name: 'Rescan', sessionType: 'Infrastructure', endTime: '2026-03-19T01:00:00Z' },
          { name: 'Running', sessionType: 'BackupJob', endTime: null },
        ],
      }),
    );
    expect(rest).toMatchObject({
      kind: 'backup.runs',
      facts: [{ subject: 'Ledger', at: new Date('2026-03-19T01:00:00Z'), values: { result: 'warning' } }],
      skipped: 1,
      refused: [expect.stringContaining('still run')],
    });
    const csv = await imported(
      'v.csv',
      'JobName,EndTime,Result,Repository\nLedger,2026-03-19T01:00:00,Success,vault-1\nFiles,2026-03-19T02:00:00,Failed,vault-1\n',
    );
    expect(csv?.facts).toMatchObject([
      { subject: 'Ledger', values: { result: 'success', repository: 'vault-1' } },
      { subject: 'Files', values: { result: 'failed' } },
    ]);
  });

  test('restic snapshots and the summary of a backup', async () => {
    const snapshots = await imported(
      'r.json',
      JSON.stringify([
        {
          time: '2026-03-19T01:00:00.5+10:00',
          tree: 'x',
          paths: ['/srv'],
          hostname: 'db1',
          id: 'a',
          short_id: 'a',
        },
        {
          time: '2026-03-19T01:00:00Z',
          tree: 'x',
          paths: ['/srv'],
          hostname: 'db1',
          tags: ['Ledger'],
          id: 'b',
          short_id: 'b',
        },
      ]),
    );
    expect(snapshots?.facts).toMatchObject([
      { subject: 'db1 /srv', at: new Date('2026-03-18T15:00:00.500Z') },
      { subject: 'Ledger' },
    ]);
    const run = await imported(
      'b.json',
      '{"message_type":"status","percent_done":1}\n{"message_type":"summary","snapshot_id":"abc","hostname":"db1","backup_end":"2026-03-19T01:00:00Z"}\n{"message_type":"summary","snapshot_id":"abd"}\n',
    );
    expect(run).toMatchObject({
      facts: [{ subject: 'db1', values: { result: 'success' } }],
      skipped: 1,
      refused: [expect.stringContaining('0.18')],
    });
  });

  test('Velero backups and restores', async () => {
    const backup = await imported(
      'velero.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          {
            apiVersion: 'velero.io/v1',
            kind: 'Backup',
            metadata: { name: 'ledger-20260319010000', labels: { 'velero.io/schedule-name': 'ledger' } },
            spec: { storageLocation: 'vault-1' },
            status: { phase: 'PartiallyFailed', completionTimestamp: '2026-03-19T01:05:00Z' },
          },
        ],
      }),
    );
    expect(backup).toMatchObject({
      kind: 'backup.runs',
      facts: [{ subject: 'ledger', values: { result: 'failed', repository: 'vault-1' } }],
    });
    const restore = await imported(
      'restores.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [
          {
            apiVersion: 'velero.io/v1',
            kind: 'Restore',
            metadata: { name: 'test' },
            spec: { backupName: 'ledger-20260301010000', scheduleName: 'ledger' },
            status: { phase: 'Completed', completionTimestamp: '2026-03-19T01:05:00Z' },
          },
        ],
      }),
    );
    expect(restore).toMatchObject({
      kind: 'backup.restore-tests',
      facts: [{ subject: 'ledger', values: { result: 'success', restoredTo: '2026-03-01T01:00:00.000Z' } }],
    });
  });
});

describe('tables', () => {
  test('a byte order mark, semicolons, other words for a column, and formulas that stay text', async () => {
    const read = await imported(
      'hosts.csv',
      '\uFEFFHost;Role;Internet facing;OS;Support ends\nweb1;Server;yes;=1+1;2027-01-01\npc1;workstation;no;Windows 11;\n',
    );
    expect(read?.facts).toEqual([
      {
        subject: 'web1',
        values: { role: 'server', internetFacing: true, os: '=1+1', supportEnds: '2027-01-01T00:00:00.000Z' },
      },
      { subject: 'pc1', values: { role: 'workstation', internetFacing: false, os: 'Windows 11' } },
    ]);
  });

  test('a wrong cell refuses its row and says which', async () => {
    const read = await imported(
      'hosts.csv',
      'host,role,internet facing,support ends\nweb1,toaster,yes,\nweb2,server,perhaps,\nweb3,server,yes,03/04/2026\n,server,yes,\n',
    );
    expect(read?.facts).toEqual([]);
    expect(read?.refused).toEqual([
      '"toaster" is no role: write workstation, server, network-device.',
      '"perhaps" is no internetfacing: write yes or no.',
      '"03/04/2026" is no supportends: write a date like 2026-03-31.',
      'There is no host.',
    ]);
  });

  test.each([
    ['access.approvals', 'account,access,validated,by\nadm,privileged,2026-01-01,Ben\n'],
    ['backup.plan', 'data set,newest within hours,kept days\nLedger,24,90\n'],
    ['backup.restore-tests', 'data set,at,result,restored to\nLedger,2026-01-01,success,2025-12-31\n'],
    ['backup.rights', 'repository,account,class,read,write,locked\nvault-1,users,unprivileged,none,no,yes\n'],
    ['discovery.runs', 'network,at,found\n10.0.0.0/24,2026-03-01,12\n'],
    ['software.support', 'host,product,class,support ends\npc1,Reader 9,user-application,2025-01-01\n'],
  ])('%s is told by its columns', async (kind, csv) => {
    expect(await imported('table.csv', csv)).toMatchObject({ kind, facts: [{}], refused: [] });
  });
});
