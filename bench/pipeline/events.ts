import { gzipLines } from '../../test/corpus.ts';
import { sharedData } from '../../test/shared.ts';

/** Recorded Windows events where they are beside the project (every so many-th line, so that all kinds are there); else made up. */
export async function eventLines(count: number): Promise<string[]> {
  const data = sharedData('detection');
  if (data === undefined) return Array.from({ length: count }, (_, n) => madeUp(n));
  const lines: string[] = [];
  const total = 235_476;
  const step = Math.max(1, Math.floor(total / count));
  let at = 0;
  for await (const line of gzipLines(`${data}/events/windows-otrf.ndjson.gz`)) {
    if (at++ % step === 0) lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}

const programs = [
  'svchost.exe',
  'explorer.exe',
  'chrome.exe',
  'powershell.exe',
  'cmd.exe',
  'backup.exe',
  'teams.exe',
  'rundll32.exe',
];

/** Like Sysmon's events 1, 3, 7, 10, 11 and 13 in length, fields and variety of values. */
function madeUp(n: number): string {
  const program = programs[(n * 7919) % programs.length] ?? 'a.exe';
  const guid = `{b34bc01c-${(n % 9973).toString(16).padStart(4, '0')}-5f69-4900-000000000900}`;
  const common = {
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    Hostname: `ws-${n % 200}.example`,
    UtcTime: '2026-11-20 01:02:03.004',
    ProcessGuid: guid,
    ProcessId: 1000 + (n % 30_000),
    Image: `C:\\Windows\\System32\\${program}`,
    User: `EXAMPLE\\user${n % 300}`,
    RuleName: '-',
    Severity: 'INFO',
    SeverityValue: 2,
    Keywords: -9223372036854775808,
    ProviderGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
    RecordNumber: n,
    ThreadID: 4048,
  };
  const kinds = [
    {
      EventID: 1,
      CommandLine: `"C:\\Windows\\System32\\${program}" -k netsvcs -p ${n}`,
      ParentImage: 'C:\\Windows\\System32\\services.exe',
      ParentCommandLine: 'services.exe',
      IntegrityLevel: 'System',
      Hashes: hashes(n),
      CurrentDirectory: 'C:\\Windows\\system32\\',
      OriginalFileName: program,
      Company: 'Example',
      Product: 'Example',
      Description: 'Example program',
    },
    {
      EventID: 3,
      Protocol: 'tcp',
      Initiated: 'true',
      SourceIp: `10.0.${n % 250}.7`,
      SourcePort: 50_000 + (n % 9000),
      DestinationIp: `203.0.113.${n % 250}`,
      DestinationPort: 443,
      DestinationHostname: `host${n % 500}.example`,
    },
    {
      EventID: 7,
      ImageLoaded: `C:\\Windows\\System32\\module${n % 900}.dll`,
      Hashes: hashes(n),
      Signed: 'true',
      Signature: 'Example',
      SignatureStatus: 'Valid',
    },
    {
      EventID: 10,
      SourceImage: `C:\\Windows\\System32\\${program}`,
      TargetImage: 'C:\\Windows\\System32\\svchost.exe',
      GrantedAccess: '0x1000',
      CallTrace: Array.from(
        { length: 12 },
        (_, at) => `C:\\Windows\\SYSTEM32\\ntdll.dll+${(n * (at + 3)).toString(16)}`,
      ).join('|'),
    },
    {
      EventID: 11,
      TargetFilename: `C:\\Users\\user${n % 300}\\AppData\\Local\\Temp\\${n}.tmp`,
      CreationUtcTime: '2026-11-20 01:02:03.004',
    },
    {
      EventID: 13,
      EventType: 'SetValue',
      TargetObject: `HKLM\\System\\CurrentControlSet\\Services\\service${n % 400}\\Start`,
      Details: 'DWORD (0x00000002)',
    },
  ];
  return JSON.stringify({ ...common, ...kinds[n % kinds.length] });
}

function hashes(n: number): string {
  const hex = (length: number): string =>
    (n * 2_654_435_761).toString(16).padStart(length, 'a').slice(0, length).toUpperCase();
  return `SHA1=${hex(40)},MD5=${hex(32)},SHA256=${hex(64)},IMPHASH=${hex(32)}`;
}
