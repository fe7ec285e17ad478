import { createRecogniser, loadCompiled } from '../src/index.ts';
import { buildPlan } from '../src/plan/build.ts';
import { appliesTo } from '../src/ruleset.ts';
import { laneTexts } from './lanes.ts';

/** What a worker builds for itself, and how much of it are tables that workers could share. */
export async function runTables(bytes: Uint8Array): Promise<void> {
  const loading = process.threadCpuUsage();
  const rules = loadCompiled(bytes, 'bench')?.rules ?? [];
  const loadMs = milliseconds(loading);
  const recognise = createRecogniser();
  const routes = new Map<string, Parameters<typeof appliesTo>[1][]>();
  for (const text of await laneTexts('events/windows-otrf', 60_000)) {
    const event = recognise(JSON.parse(text));
    if (event.format !== 'unreadable') routes.set(event.routeKey, [...event.logsources]);
  }
  const building = process.threadCpuUsage();
  const plans = [...routes.values()].map((logsources) =>
    buildPlan(
      rules,
      rules.flatMap((rule, number) =>
        logsources.some((logsource) => appliesTo(rule.logsource, logsource)) ? [number] : [],
      ),
    ),
  );
  const planMs = milliseconds(building);
  const seen = new Set<unknown>();
  const tables = plans.reduce((sum, plan) => sum + tableBytes(plan, seen), 0);
  console.log(
    `\nA worker: saved rules ${(bytes.length / 1e6).toFixed(1)} MB (shared) read in ${loadMs.toFixed(0)} ms; ` +
      `${plans.length} plans built in ${planMs.toFixed(0)} ms, their tables ${(tables / 1e6).toFixed(1)} MB`,
  );
}

function milliseconds(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}

function tableBytes(value: unknown, seen: Set<unknown>): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (value instanceof Map)
    return [...value.values()].reduce<number>((sum, one) => sum + tableBytes(one, seen), 0);
  return Object.values(value).reduce<number>((sum, one) => sum + tableBytes(one, seen), 0);
}
