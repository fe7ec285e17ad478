import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  applyPipelines,
  type CorrelationRule,
  compile,
  createRuleset,
  defaultLimits,
  mapField,
  parseCorrelations,
  parsePipelines,
  type Pipeline,
  placeholdersOf,
  type Rule,
  type RuleFault,
  type Ruleset,
  type SourceFile,
} from '@ironbark/sigma';

export type LoadedRules = {
  readonly ruleset: Ruleset;
  readonly correlations: readonly CorrelationRule[];
  readonly faults: readonly RuleFault[];
};

/** Rules of folders and files, through the pipelines; every rule is active or has a fault. */
export async function loadRules(
  paths: readonly string[],
  pipelines: readonly Pipeline[],
): Promise<LoadedRules> {
  const { files, faults: unread } = await readYaml(paths);
  const compiled = compile(files, { placeholders: placeholdersOf(pipelines) });
  const mapped = applyPipelines(pipelines, compiled.rules);
  const correlations = parseCorrelations(compiled.correlations, compiled.rules);
  return {
    ruleset: mapped.rules === compiled.rules ? compiled.ruleset : createRuleset(mapped.rules),
    correlations: correlations.correlations.map((one) => mappedGroups(one, compiled.rules, pipelines)),
    faults: [...unread, ...compiled.faults, ...mapped.faults, ...correlations.faults],
  };
}

/** A correlation groups by what its rules' events have, under the names those have. */
function mappedGroups(
  correlation: CorrelationRule,
  rules: readonly Rule[],
  pipelines: readonly Pipeline[],
): CorrelationRule {
  if (pipelines.length === 0) return correlation;
  const members = correlation.members.map((member) => {
    const rule = rules.find(({ id }) => id === member.id);
    return rule === undefined
      ? member
      : {
          ...member,
          groupFields: member.groupFields.map((field) => mapField(pipelines, rule, field)[0] ?? field),
        };
  });
  return { ...correlation, members };
}

/** @param shipped folder of the pipelines that come along, which a bare name means */
export async function loadPipelines(
  names: readonly string[],
  shipped: string,
): Promise<{ pipelines: readonly Pipeline[]; faults: readonly RuleFault[] }> {
  const files = await Promise.all(
    names.map(async (name) => {
      const path = /^[a-z0-9-]+$/.test(name) ? join(shipped, `${name}.yml`) : name;
      return { path, text: await readFile(path, 'utf8') };
    }),
  );
  return parsePipelines(files);
}

async function readYaml(paths: readonly string[]): Promise<{ files: SourceFile[]; faults: RuleFault[] }> {
  const files: SourceFile[] = [];
  const faults: RuleFault[] = [];
  for (const path of await yamlFiles(paths)) {
    const { size } = await stat(path);
    // Four bytes a character at most: beyond that the parser would refuse it anyway, and it need not be read.
    if (size > defaultLimits.fileLength * 4) {
      faults.push({
        file: path,
        line: 1,
        ruleId: null,
        what: 'file-too-large',
        why: `The file has ${size} bytes. Split it.`,
      });
    } else files.push({ path, text: await readFile(path, 'utf8') });
  }
  return { files, faults };
}

async function yamlFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (!(await stat(path)).isDirectory()) found.push(path);
    else {
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      for (const entry of entries)
        if (entry.isFile() && /\.ya?ml$/.test(entry.name)) found.push(join(entry.parentPath, entry.name));
    }
  }
  return found.sort();
}
