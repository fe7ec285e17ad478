import type { Evaluator } from '#governance/evidence';
import type { Host } from './hosts.ts';
import { type Checked, either, every, oneOf, settingEvaluator, type Settings } from './settings.ts';

const edge = 'hklm\\software\\policies\\microsoft\\edge';
const chrome = 'hklm\\software\\policies\\google\\chrome';
const workstation = (host: Host): boolean => host.windows && host.role === 'workstation';
const windows = (host: Host): boolean => host.windows;
const machine = {
  version: 2,
  scope: 'machine',
  what: 'Windows hosts',
  hosts: windows,
  ceiling: 'direct',
  bring: ['a registry export of each host (windows.settings)'],
} as const;

/** Content blockers by the ids of their extension: uBlock Origin and uBlock Origin Lite, of Chrome's and of Edge's shop. */
const blockers = [
  'cjpalhdlnbpafiamejdnhcphjbkeiagm',
  'ddkjiahejlhfcafbddmgiahcphecmpfh',
  'odfafepnkmbhccpbejgmiehpchacaeak',
  'cimighlppcgcoapaliogpjjdehbnofhn',
];

function adverts(settings: Settings): Checked {
  const forced = Array.from({ length: 50 }, (_, at) =>
    [edge, chrome].map((browser) => settings.get(`${browser}\\extensioninstallforcelist\\${at + 1}`)),
  )
    .flat()
    .filter((value) => typeof value === 'string');
  if (forced.some((value) => blockers.some((id) => value.startsWith(id)))) return { is: 'good' };
  // SOURCE: ASD's Blueprint: Edge's own advert blocking is no effective mitigation. A gateway may do it, unseen here.
  return {
    is: 'open',
    why:
      settings.get(`${edge}\\adssettingforintrusiveadssites`) === 2
        ? 'Edge’s own advert blocking isn’t enough, and a filter elsewhere isn’t seen'
        : 'no content blocker is forced on the browser, and a filter elsewhere isn’t seen',
  };
}

function browserLocked(settings: Settings): Checked {
  const ofEdge = [
    'smartscreenenabled',
    'preventsmartscreenpromptoverride',
    'preventsmartscreenpromptoverrideforfiles',
  ];
  const ofChrome: Checked[] = hasAny(settings, chrome)
    ? [
        oneOf(settings, `${chrome}\\safebrowsingprotectionlevel`, [1, 2]),
        oneOf(settings, `${chrome}\\disablesafebrowsingproceedanyway`, [1]),
      ]
    : [];
  return every([...ofEdge.map((name) => oneOf(settings, `${edge}\\${name}`, [1])), ...ofChrome]);
}
const chromeNames = [
  'safebrowsingprotectionlevel',
  'disablesafebrowsingproceedanyway',
  'extensioninstallforcelist\\1',
];
const hasAny = (settings: Settings, browser: string): boolean =>
  chromeNames.some((name) => settings.get(`${browser}\\${name}`) !== undefined);

export const machineSettingEvaluators: readonly Evaluator[] = [
  settingEvaluator({
    ...machine,
    id: 'e8.browser.locked',
    title: 'Browser protection can’t be changed or overridden',
    controls: ['ism-1585'],
    hosts: workstation,
    what: 'workstations',
    does: 'keep people from changing the browser’s protection',
    // The settings that protect most stand for all of them.
    ceiling: 'proxy',
    check: browserLocked,
  }),
  settingEvaluator({
    ...machine,
    id: 'e8.browser.adverts',
    title: 'A content blocker is forced on browsers',
    controls: ['ism-1485'],
    hosts: workstation,
    what: 'workstations',
    does: 'force a content blocker on the browser',
    ceiling: 'proxy',
    check: adverts,
    bring: ['the gateway’s filter policy with a statement by its owner', ...machine.bring],
  }),
  settingEvaluator({
    ...machine,
    id: 'e8.lsa.protected',
    title: 'The local security authority is protected',
    controls: ['ism-1861'],
    does: 'protect the local security authority',
    // The setting, and not that it runs.
    ceiling: 'proxy',
    check: (settings) => oneOf(settings, 'hklm\\system\\currentcontrolset\\control\\lsa\\runasppl', [1, 2]),
  }),
  settingEvaluator({
    ...machine,
    id: 'e8.credential-guard.remote',
    title: 'Remote Credential Guard is allowed',
    controls: ['ism-1897'],
    does: 'offer Remote Credential Guard',
    ceiling: 'proxy',
    check: (settings) =>
      either([
        oneOf(
          settings,
          'hklm\\software\\policies\\microsoft\\windows\\credentialsdelegation\\allowprotectedcreds',
          [1],
        ),
        oneOf(settings, 'hklm\\system\\currentcontrolset\\control\\lsa\\disablerestrictedadmin', [0]),
      ]),
  }),
  settingEvaluator({
    ...machine,
    id: 'e8.drivers.blocklist',
    title: 'The vulnerable driver list is on',
    controls: ['ism-1659'],
    does: 'have the vulnerable driver list on',
    ceiling: 'proxy',
    check: (settings) =>
      oneOf(
        settings,
        'hklm\\system\\currentcontrolset\\control\\ci\\config\\vulnerabledriverblocklistenable',
        [1],
      ),
  }),
];
