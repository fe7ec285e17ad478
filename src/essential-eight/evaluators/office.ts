import type { Evaluator } from '#governance/evidence';
import type { Host } from './hosts.ts';
import { type Checked, either, every, oneOf, settingEvaluator, type Settings } from './settings.ts';

const office = 'hkcu\\software\\policies\\microsoft\\office\\16.0';
const always = ['word', 'excel', 'powerpoint'] as const;
/** Not on every host that has Office; what isn't set there says nothing. */
const sometimes = ['access', 'visio'] as const;

/** Where Office is; where the inventory doesn't say, on every Windows workstation. */
const hasOffice = (host: Host): boolean => host.office ?? (host.windows && host.role === 'workstation');
const people = {
  scope: 'user',
  hosts: hasOffice,
  what: 'hosts with Office',
  ceiling: 'direct',
  bring: ['a registry export of each host with ProfileList and every hive loaded (windows.settings)'],
} as const;

/** VBA switched off for all of Office. SOURCE: Office policy "Disable VBA for Office applications", VBAOff */
const vbaOff = (settings: Settings): Checked => oneOf(settings, `${office}\\common\\vbaoff`, [1]);
/** SOURCE: VBAWarnings: 1 all run, 2 ask, 3 signed only, 4 none */
const warnings = (settings: Settings, app: string, good: readonly number[]): Checked =>
  oneOf(settings, `${office}\\${app}\\security\\vbawarnings`, good);
const inAlways = (check: (app: string) => Checked): Checked => every(always.map(check));
const setSomewhere = (settings: Settings, app: string, name: string, good: readonly number[]): Checked => {
  const checked = oneOf(settings, `${office}\\${app}\\security\\${name}`, good);
  return checked.is === 'missing'
    ? { is: 'open', why: `${checked.why}, and nobody says whether it is there` }
    : checked;
};

export const officeEvaluators: readonly Evaluator[] = [
  settingEvaluator({
    ...people,
    id: 'e8.macros.internet',
    version: 2,
    title: 'Macros from the internet are blocked',
    controls: ['ism-1488'],
    does: 'block macros in files from the internet',
    check: (settings) =>
      either([
        every([
          ...always.map((app) =>
            oneOf(settings, `${office}\\${app}\\security\\blockcontentexecutionfrominternet`, [1]),
          ),
          ...sometimes.map((app) => setSomewhere(settings, app, 'blockcontentexecutionfrominternet', [1])),
        ]),
        vbaOff(settings),
      ]),
  }),
  settingEvaluator({
    ...people,
    id: 'e8.macros.locked',
    version: 2,
    title: 'Macro settings are fixed by policy',
    controls: ['ism-1489'],
    does: 'fix the macro settings by policy',
    check: (settings) => either([inAlways((app) => warnings(settings, app, [2, 3, 4])), vbaOff(settings)]),
  }),
  settingEvaluator({
    ...people,
    id: 'e8.office.locked',
    version: 1,
    title: 'Office’s security settings are fixed by policy',
    controls: ['ism-1823'],
    does: 'fix Office’s security settings by policy',
    // Those of macros and of files from the internet stand for all of them.
    ceiling: 'partial',
    check: (settings) =>
      every([
        either([inAlways((app) => warnings(settings, app, [2, 3, 4])), vbaOff(settings)]),
        inAlways((app) =>
          // SOURCE: Office policy "Do not open files from the Internet zone in Protected View": 0 opens them protected.
          oneOf(settings, `${office}\\${app}\\security\\protectedview\\disableinternetfilesinpv`, [0]),
        ),
      ]),
  }),
  settingEvaluator({
    ...people,
    id: 'e8.macros.off',
    version: 2,
    title: 'Macros are off for whoever has no need',
    controls: ['ism-1671'],
    // Who has a need is a person's word; where everybody's are off, nobody has to be asked.
    does: 'have macros off for everybody',
    check: (settings) => {
      const off = either([inAlways((app) => warnings(settings, app, [4])), vbaOff(settings)]);
      return off.is === 'good' || off.is === 'open'
        ? off
        : { is: 'open', why: `${off.why}, and nobody says whether the person needs macros` };
    },
    bring: ['the register of people who need macros, in a statement by the control’s owner', ...people.bring],
  }),
  settingEvaluator({
    ...people,
    id: 'e8.macros.scanned',
    version: 2,
    title: 'Macros are scanned while they run',
    controls: ['ism-1672'],
    does: 'scan macros while they run',
    check: (settings) => {
      const key = `${office}\\common\\security\\macroruntimescanscope`;
      // 1 leaves out what is trusted: an assessor has to say whether that is enough.
      if (settings.get(key) === 1) return { is: 'open', why: 'only documents of low trust are scanned' };
      return either([oneOf(settings, key, [2]), vbaOff(settings)]);
    },
  }),
  settingEvaluator({
    ...people,
    id: 'e8.macros.trusted-only',
    version: 2,
    title: 'Only trusted macros run',
    controls: ['ism-1674'],
    does: 'run only macros that are signed, or none',
    check: (settings) => either([inAlways((app) => warnings(settings, app, [3, 4])), vbaOff(settings)]),
  }),
  settingEvaluator({
    ...people,
    id: 'e8.macros.no-waving-through',
    version: 2,
    title: 'Nobody can wave a macro through',
    controls: ['ism-1675', 'ism-1891'],
    does: 'leave no macro to be waved through',
    check: (settings) => {
      const off = either([inAlways((app) => warnings(settings, app, [4])), vbaOff(settings)]);
      if (off.is === 'good' || off.is === 'open') return off;
      const asks = always.some((app) => settings.get(`${office}\\${app}\\security\\vbawarnings`) === 2);
      return asks
        ? { is: 'bad', why: 'Office asks whether to run a macro' }
        : { is: 'open', why: 'signed macros run, and which signatures count isn’t among these settings' };
    },
    bring: ['the trusted publisher and signature settings, looked at by an assessor', ...people.bring],
  }),
  settingEvaluator({
    ...people,
    id: 'e8.office.packages',
    version: 2,
    title: 'Office opens no embedded packages',
    controls: ['ism-1542'],
    does: 'open no embedded packages',
    check: (settings) =>
      inAlways((app) =>
        // SOURCE: PackagerPrompt 2: no prompt, objects don't run. Not a policy key: people could change it.
        oneOf(settings, `hkcu\\software\\microsoft\\office\\16.0\\${app}\\security\\packagerprompt`, [2]),
      ),
    ceiling: 'partial',
  }),
];
