import type { Fact, Importer } from '#governance/evidence';
import { holds, hostInName, list, type Named, object, refused, said, string, taken } from './shapes.ts';
import { parseXml } from './xml.ts';

const everyone = ['s-1-1-0', 's-1-5-32-545', 's-1-5-11'];
const mostPaths = 100;

/** Get-AppLockerPolicy -Effective -Xml of a host; the file is called after it. */
const appLocker: Importer = {
  kind: 'application-control.policies',
  name: 'AppLocker policy (XML)',
  onBadRow: 'refuse-file',
  accepts: (head) => holds(head, '<AppLockerPolicy'),
  async *read(file) {
    const host = hostInName(file.name);
    const parsed = parseXml(await file.text());
    if (typeof parsed === 'string') yield refused(1, parsed);
    else if (!('AppLockerPolicy' in parsed)) yield refused(1, 'It is no AppLocker policy.');
    else yield taken(1, lockerFact(host, object(parsed['AppLockerPolicy'])));
    return { source: `AppLocker of ${host}` };
  },
};

function lockerFact(subject: string, policy: Named): Fact {
  const modes: Record<string, string> = {};
  const allowedPaths: Record<string, string[]> = {};
  const denied: string[] = [];
  for (const collection of list(policy['RuleCollection']).map(object)) {
    const type = string(collection['@Type']) ?? '';
    const paths = list(collection['FilePathRule']).map(object);
    const rules = [
      ...paths,
      ...list(collection['FilePublisherRule']).map(object),
      ...list(collection['FileHashRule']).map(object),
    ];
    // A collection without rules lets everything pass, whatever its mode says.
    modes[type] =
      rules.length === 0 ? 'NotConfigured' : (string(collection['@EnforcementMode']) ?? 'NotConfigured');
    allowedPaths[type] = paths
      .filter(
        (rule) =>
          string(rule['@Action']) === 'Allow' &&
          everyone.includes((string(rule['@UserOrGroupSid']) ?? '').toLowerCase()),
      )
      .flatMap(pathsOf)
      .slice(0, mostPaths);
    denied.push(...rules.filter((rule) => string(rule['@Action']) === 'Deny').flatMap(namesOf));
  }
  return {
    subject,
    values: { product: 'applocker', modes, allowedPaths, denied: denied.slice(0, mostPaths) },
  };
}

const conditionsOf = (rule: Named, name: string): readonly Named[] =>
  list(object(rule['Conditions'])[name]).map(object);
const pathsOf = (rule: Named): string[] =>
  conditionsOf(rule, 'FilePathCondition').flatMap((one) => string(one['@Path']) ?? []);
const namesOf = (rule: Named): string[] => [
  ...pathsOf(rule),
  ...conditionsOf(rule, 'FilePublisherCondition').flatMap((one) => string(one['@BinaryName']) ?? []),
];

/** An App Control (WDAC) policy of a host. SOURCE: schema urn:schemas-microsoft-com:sipolicy */
const appControl: Importer = {
  kind: 'application-control.policies',
  name: 'App Control policy (XML)',
  onBadRow: 'refuse-file',
  accepts: (head) => holds(head, '<SiPolicy'),
  async *read(file) {
    const host = hostInName(file.name);
    const parsed = parseXml(await file.text());
    if (typeof parsed === 'string') yield refused(1, parsed);
    else if (!('SiPolicy' in parsed)) yield refused(1, 'It is no App Control policy.');
    else yield taken(1, controlFact(host, object(parsed['SiPolicy'])));
    return { source: `App Control of ${host}` };
  },
};

function controlFact(subject: string, policy: Named): Fact {
  const options = new Set(
    list(object(policy['Rules'])['Rule']).map((rule) => string(object(rule)['Option'])),
  );
  const files = object(policy['FileRules']);
  const denied = list(files['Deny'])
    .map(object)
    .flatMap((rule) => string(rule['@FileName']) ?? string(rule['@FilePath']) ?? []);
  // An Allow rule for any file name in the kernel's scenario (131) lets every driver load.
  const anyFile = new Set(
    list(files['Allow'])
      .map(object)
      .filter((rule) => string(rule['@FileName']) === '*' || string(rule['@FilePath']) === '*')
      .flatMap((rule) => string(rule['@ID']) ?? []),
  );
  const kernel = list(object(policy['SigningScenarios'])['SigningScenario'])
    .map(object)
    .filter((one) => string(one['@Value']) === '131');
  const allowsAllDrivers = kernel.some((one) =>
    list(object(object(one['ProductSigners'])['FileRulesRef'])['FileRuleRef']).some((ref) =>
      anyFile.has(string(object(ref)['@RuleID']) ?? ''),
    ),
  );
  return {
    subject,
    values: said({
      product: 'app-control',
      audit: options.has('Enabled:Audit Mode'),
      userMode: options.has('Enabled:UMCI'),
      scripts: !options.has('Disabled:Script Enforcement'),
      anyPath: options.has('Disabled:Runtime FilePath Rule Protection'),
      denied: [...new Set(denied.map((name) => name.toLowerCase()))].slice(0, 300),
      allowsAllDrivers,
      policy: string(policy['PolicyID']) ?? string(policy['PolicyTypeID']),
    }),
  };
}

export const applicationControlImporters: readonly Importer[] = [appLocker, appControl];
