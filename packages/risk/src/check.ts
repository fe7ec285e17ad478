import {
  attackKinds,
  controlStatuses,
  dependencyId,
  dimensions,
  exposureZones,
  lostAt,
  parametersOf,
  reachId,
  reachKinds,
  threatKinds,
  type RiskModel,
} from './model.ts';
import { Faults, type ModelFault, type Shape } from './shape.ts';

export type { ModelFault } from './shape.ts';

/** More than anybody's system has, and what the engine's memory is bounded by. */
export const modelCaps = {
  assets: 50_000,
  edges: 500_000,
  findings: 500_000,
  controls: 5_000,
  idCharacters: 300,
  faults: 200,
} as const;

export type Checked =
  | { readonly ok: true; readonly model: RiskModel }
  | { readonly ok: false; readonly faults: readonly ModelFault[] };

const day = 'a moment such as 2026-11-02T08:00:00Z';

/** Whether a value from outside is a model. Every fault names its place; at most 200 are listed. Nothing is corrected. */
export function checkModel(value: unknown): Checked {
  const faults = new Faults(modelCaps.faults);
  const root = faults.object(value, '');
  if (root === undefined) return { ok: false, faults: faults.list };
  if (root['format'] !== 'ironbark-risk-1') faults.add('format', 'must be "ironbark-risk-1"');
  faults.moment(root['asOf'], 'asOf', day);
  checkParameters(faults, root['parameters']);

  const assets = named(faults, root['assets'], 'assets', modelCaps.assets, (one, at) => {
    faults.oneOf(one['kind'], `${at}.kind`, ['information', 'supporting']);
    const { exposure } = one;
    if (one['name'] !== undefined) faults.text(one['name'], `${at}.name`, 2000);
    if (typeof exposure === 'number') faults.probability(exposure, `${at}.exposure`);
    else if (exposure !== undefined) faults.oneOf(exposure, `${at}.exposure`, exposureZones);
    checkValues(faults, one['values'], `${at}.values`);
  });
  const asset = (id: unknown, at: string): void => {
    if (typeof id !== 'string' || !assets.has(id)) faults.add(at, `names no asset: ${faults.quoted(id)}`);
  };
  const groups = checkGroups(faults, root['groups'], asset);
  checkDependencies(faults, root['dependencies'], asset, groups);
  checkReach(faults, root['reach'], asset);
  named(faults, root['findings'] ?? [], 'findings', modelCaps.findings, (one, at) => {
    asset(one['asset'], `${at}.asset`);
    if (one['epss'] !== undefined) faults.probability(one['epss'], `${at}.epss`);
    if (one['cvss'] !== undefined) faults.range(one['cvss'], `${at}.cvss`, 0, 10);
    for (const flag of ['kev', 'seen'])
      if (one[flag] !== undefined) faults.boolean(one[flag], `${at}.${flag}`);
    checkWork(faults, one, at);
  });
  named(faults, root['threats'] ?? [], 'threats', modelCaps.findings, (one, at) => {
    asset(one['asset'], `${at}.asset`);
    faults.oneOf(one['kind'], `${at}.kind`, threatKinds);
    likelihood(faults, one['likelihood'], `${at}.likelihood`);
    if (one['strikes'] !== undefined) faults.someOf(one['strikes'], `${at}.strikes`, dimensions);
    checkWork(faults, one, at);
  });
  named(faults, root['controls'] ?? [], 'controls', modelCaps.controls, (one, at) => {
    checkControl(faults, one, at, asset);
  });
  if (faults.list.length > 0) return { ok: false, faults: faults.list };
  // Every field the engine reads was looked at above.
  return { ok: true, model: value as RiskModel };
}

function named(
  faults: Faults,
  value: unknown,
  path: string,
  cap: number,
  check: (one: Shape, at: string) => void,
): Set<string> {
  const ids = new Set<string>();
  for (const [i, item] of faults.listOf(value, path, cap).entries()) {
    const at = `${path}[${i}]`;
    const one = faults.object(item, at);
    if (one === undefined) continue;
    const id = one['id'];
    if (faults.text(id, `${at}.id`, modelCaps.idCharacters)) {
      if (ids.has(id)) faults.add(`${at}.id`, `is there twice: ${faults.quoted(id)}`);
      ids.add(id);
    }
    check(one, at);
  }
  return ids;
}

function checkGroups(
  faults: Faults,
  value: unknown,
  asset: (id: unknown, at: string) => void,
): Map<string, { asset: string; lost: unknown; members: number }> {
  const groups = new Map<string, { asset: string; lost: unknown; members: number }>();
  named(faults, value ?? [], 'groups', modelCaps.assets, (one, at) => {
    asset(one['asset'], `${at}.asset`);
    const lost = one['lost'];
    if (lost !== 'any' && lost !== 'all') {
      const atLeast = faults.object(lost, `${at}.lost`)?.['atLeast'];
      if (typeof atLeast !== 'number' || !Number.isInteger(atLeast) || atLeast < 1)
        faults.add(`${at}.lost`, 'must be "any", "all" or {"atLeast": a whole number from 1}');
    }
    if (one['dimensions'] !== undefined) faults.someOf(one['dimensions'], `${at}.dimensions`, dimensions);
    if (typeof one['id'] === 'string' && typeof one['asset'] === 'string')
      groups.set(one['id'], { asset: one['asset'], lost, members: 0 });
  });
  return groups;
}

function checkDependencies(
  faults: Faults,
  value: unknown,
  asset: (id: unknown, at: string) => void,
  groups: Map<string, { asset: string; lost: unknown; members: number }>,
): void {
  edges(faults, value, 'dependencies', asset, (one, at) => {
    const { degree } = one;
    if (typeof degree === 'number') faults.probability(degree, `${at}.degree`);
    else {
      const by = faults.object(degree, `${at}.degree`) ?? {};
      for (const key of Object.keys(by)) {
        faults.oneOf(key, `${at}.degree`, dimensions);
        faults.probability(by[key], `${at}.degree.${key}`);
      }
    }
    if (one['group'] !== undefined) {
      const group = typeof one['group'] === 'string' ? groups.get(one['group']) : undefined;
      if (group === undefined) faults.add(`${at}.group`, `names no group: ${faults.quoted(one['group'])}`);
      else if (group.asset !== one['from'])
        faults.add(
          `${at}.group`,
          `is a group of ${faults.quoted(group.asset)}, and this depends from another`,
        );
      else group.members++;
    }
    return dependencyId({ from: String(one['from']), to: String(one['to']), degree: 0, ...idOf(one) });
  });
  for (const [id, { lost, members }] of groups) {
    const needed = typeof lost === 'object' && lost !== null && 'atLeast' in lost ? Number(lost.atLeast) : 1;
    if (members < lostAt({ atLeast: needed }, members))
      faults.add('groups', `${faults.quoted(id)} has ${members} members and is lost at ${needed}`);
  }
}

function checkReach(faults: Faults, value: unknown, asset: (id: unknown, at: string) => void): void {
  edges(faults, value, 'reach', asset, (one, at) => {
    faults.oneOf(one['kind'], `${at}.kind`, reachKinds);
    faults.probability(one['step'], `${at}.step`);
    const kind = reachKinds.find((known) => known === one['kind']) ?? 'network';
    return reachId({ from: String(one['from']), to: String(one['to']), kind, step: 0, ...idOf(one) });
  });
}

const idOf = (one: Shape): { id?: string } => (typeof one['id'] === 'string' ? { id: one['id'] } : {});

function edges(
  faults: Faults,
  value: unknown,
  path: string,
  asset: (id: unknown, at: string) => void,
  check: (one: Shape, at: string) => string,
): void {
  const ids = new Set<string>();
  for (const [i, item] of faults.listOf(value ?? [], path, modelCaps.edges).entries()) {
    const at = `${path}[${i}]`;
    const one = faults.object(item, at);
    if (one === undefined) continue;
    if (one['id'] !== undefined) faults.text(one['id'], `${at}.id`, modelCaps.idCharacters);
    asset(one['from'], `${at}.from`);
    asset(one['to'], `${at}.to`);
    const id = check(one, at);
    if (ids.has(id)) faults.add(at, `is there twice: give each an id of its own (${faults.quoted(id)})`);
    ids.add(id);
  }
}

function checkControl(
  faults: Faults,
  one: Shape,
  at: string,
  asset: (id: unknown, at: string) => void,
): void {
  if (typeof one['status'] === 'string') faults.oneOf(one['status'], `${at}.status`, controlStatuses);
  else faults.counts(one['status'], `${at}.status`);
  faults.someOf(one['against'], `${at}.against`, attackKinds);
  if (one['on'] !== 'all')
    for (const [i, id] of faults.listOf(one['on'], `${at}.on`, modelCaps.assets).entries())
      asset(id, `${at}.on[${i}]`);
  if (one['observed'] !== undefined) {
    const observed = faults.object(one['observed'], `${at}.observed`) ?? {};
    for (const key of ['pass', 'fail']) faults.range(observed[key], `${at}.observed.${key}`, 0, 1e12);
    faults.moment(observed['at'], `${at}.observed.at`, day);
  }
  checkWork(faults, one, at);
}

function checkWork(faults: Faults, one: Shape, at: string): void {
  if (one['hours'] !== undefined) faults.range(one['hours'], `${at}.hours`, 0.01, 100_000);
  if (one['asOf'] !== undefined) faults.moment(one['asOf'], `${at}.asOf`, day);
  for (const key of ['title', 'cve', 'treatment'])
    if (one[key] !== undefined) faults.text(one[key], `${at}.${key}`, 2000);
}

function likelihood(faults: Faults, value: unknown, at: string): void {
  if (typeof value === 'number') faults.probability(value, at);
  else faults.counts(value, at);
}

function checkValues(faults: Faults, value: unknown, at: string): void {
  if (value === undefined) return;
  const values = faults.object(value, at) ?? {};
  for (const [key, one] of Object.entries(values)) {
    faults.oneOf(key, at, dimensions);
    if (typeof one === 'number') {
      if (![1, 2, 3, 4, 5].includes(one)) faults.add(`${at}.${key}`, 'a band is 1, 2, 3, 4 or 5');
    } else faults.span(one, `${at}.${key}`);
  }
}

function checkParameters(faults: Faults, value: unknown): void {
  if (value === undefined) return;
  const given = faults.object(value, 'parameters');
  if (given === undefined) return;
  const known = parametersOf({});
  for (const key of Object.keys(given))
    if (!(key in known)) faults.add(`parameters.${key}`, 'is no parameter of this format');
  const whole: Shape = { ...known, ...given };
  faults.range(whole['horizonDays'], 'parameters.horizonDays', 1, 3650);
  for (const key of ['kevFloor', 'seenFloor']) faults.probability(whole[key], `parameters.${key}`);
  faults.counts(whole['epssUnknown'], 'parameters.epssUnknown');
  const zones = faults.object(whole['exposure'], 'parameters.exposure') ?? {};
  for (const zone of exposureZones) faults.probability(zones[zone], `parameters.exposure.${zone}`);
  const statuses = faults.object(whole['effectiveness'], 'parameters.effectiveness') ?? {};
  for (const status of Object.keys(known.effectiveness))
    faults.counts(statuses[status], `parameters.effectiveness.${status}`);
  faults.range(whole['observationHalfLifeDays'], 'parameters.observationHalfLifeDays', 0.01, 100_000);
  faults.range(whole['observationCap'], 'parameters.observationCap', 0, 1e6);
  for (const key of ['hoursPerFinding', 'hoursPerControl'])
    faults.range(whole[key], `parameters.${key}`, 0.01, 100_000);
  const bands = faults.listOf(whole['bands'], 'parameters.bands', 5);
  if (bands.length !== 5) faults.add('parameters.bands', 'must be five');
  for (const [i, band] of bands.entries()) faults.span(band, `parameters.bands[${i}]`);
}
