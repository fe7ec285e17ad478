import type { RawDocument, Rule } from '../ast.ts';
import type { LogSource } from '../event.ts';
import { Refusal, type RuleFault } from '../faults.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { resolveActions } from './collections.ts';
import { parseDetection } from './detection.ts';
import { readDocuments, type SourceFile, type YamlDocument } from './documents.ts';
import { isRecord, type Raw, readLogSource, readMetadata } from './metadata.ts';

export type ParseOptions = {
  /** Values for `|expand`: by name, for the rule at hand. Without them such rules are refused, as the spec asks. */
  readonly placeholders?: (
    name: string,
    rule: { readonly logsource: LogSource; readonly id: string },
  ) => readonly string[] | undefined;
  readonly limits?: Partial<Limits>;
};

export type Parsed = {
  readonly rules: readonly Rule[];
  readonly correlations: readonly RawDocument[];
  readonly filters: readonly RawDocument[];
  readonly faults: readonly RuleFault[];
};

/**
 * Rule text in, rules out; every document is in exactly one of the four lists. Of two documents with one id the first
 * stands. Never throws for what is in the texts.
 */
export function parseRules(files: readonly SourceFile[], options: ParseOptions = {}): Parsed {
  const limits = { ...defaultLimits, ...options.limits };
  const rules: Rule[] = [];
  const correlations: RawDocument[] = [];
  const filters: RawDocument[] = [];
  const faults: RuleFault[] = [];
  const owners = new Map<string, string>();

  for (const file of files) {
    const read = readDocuments(file, limits);
    faults.push(...read.faults);
    for (const { source, value, badAction } of resolveActions(read.documents)) {
      const fault = (what: RuleFault['what'], why: string, path: readonly (string | number)[]): void => {
        faults.push({ file: file.path, line: source.locate(path), ruleId: idOf(value), what, why });
      };
      try {
        if (badAction !== undefined)
          throw new Refusal('not-a-rule', `There is no action ${badAction}.`, ['action']);
        if (!isRecord(value)) throw new Refusal('not-a-rule', 'The document is not a map.');
        const id = idOf(value);
        const owner = id === null ? undefined : owners.get(id);
        if (owner !== undefined)
          throw new Refusal('duplicate-id', `The id is already used in ${owner}; that one stands.`, ['id']);
        const document: RawDocument = { file: file.path, line: source.line, document: value };
        if ('correlation' in value) correlations.push(document);
        else if ('filter' in value) filters.push(document);
        else rules.push(parseRule(value, file, source, limits, options));
        if (id !== null) owners.set(id, `${file.path}:${source.line}`);
      } catch (error) {
        if (error instanceof Refusal) fault(error.what, error.message, error.path);
        else
          fault(
            'internal',
            `The rule could not be read: ${error instanceof Error ? error.message : String(error)}`,
            [],
          );
      }
    }
  }
  return { rules, correlations, filters, faults };
}

function parseRule(
  value: Raw,
  file: SourceFile,
  source: YamlDocument,
  limits: Limits,
  options: ParseOptions,
): Rule {
  if (!isRecord(value['detection'])) {
    throw new Refusal('not-a-rule', 'The document has no detection, correlation or filter map.', [
      'detection',
    ]);
  }
  const metadata = readMetadata(value);
  const logsource = readLogSource(value);
  const placeholders = (name: string): readonly string[] | undefined =>
    options.placeholders?.(name, { logsource, id: metadata.id });
  try {
    const detection = parseDetection(value['detection'], { limits, placeholders });
    return { ...metadata, logsource, file: file.path, line: source.line, detection };
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.what, error.message, ['detection', ...error.path]);
    throw error;
  }
}

function idOf(value: unknown): string | null {
  const id = isRecord(value) ? value['id'] : undefined;
  return typeof id === 'string' && id.trim() !== '' ? id.trim() : null;
}
