import type { Parameter } from '../generated/types.ts';

// `{{ insert: param, ac-1_prm_1 }}` as NIST writes it, and the older `{{ ac-1_prm_1 }}`.
const insertion =
  /\{\{\s*(?:insert:\s*(?:param|parameter)\s*,\s*)?([\p{L}_][\p{L}\p{N}.\-_]{0,200})\s*\}\}/gu;
const maxNesting = 8;

/**
 * Prose with its parameters as a reader wants them: values where they are set, else the selection, else the label, in
 * NIST's words ("[Assignment: …]", "[Selection: …]"). What names no parameter stays as it is written.
 */
export function withParams(prose: string, params: ReadonlyMap<string, Parameter>, depth = 0): string {
  if (params.size === 0 || !prose.includes('{{')) return prose;
  return prose.replaceAll(insertion, (written, id: string) => {
    const param = params.get(id);
    return param === undefined || depth >= maxNesting ? written : textOf(param, params, depth + 1);
  });
}

function textOf(param: Parameter, params: ReadonlyMap<string, Parameter>, depth: number): string {
  if (param.values !== undefined && param.values.length > 0)
    return param.values.map((value) => withParams(value, params, depth)).join(', ');
  if (param.select !== undefined) {
    const choices = (param.select.choice ?? []).map((choice) => withParams(choice, params, depth));
    const many = param.select['how-many'] === 'one-or-more' ? ' (one or more)' : '';
    return `[Selection${many}: ${choices.join('; ')}]`;
  }
  return `[Assignment: ${param.label ?? param.id}]`;
}
