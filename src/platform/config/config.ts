import { parse } from 'yaml';
import { AppError } from '#platform/errors';
import { type Config, type Setting, type SettingName, settings } from './settings.ts';

/** Variables that begin like a setting and are for other programs: the command line, the tests. */
const notSettings = new Set([
  'IRONBARK_CONFIG',
  'IRONBARK_TOKEN',
  'IRONBARK_URL',
  'IRONBARK_SHARED',
  'IRONBARK_SOURCE_TOKEN',
  'IRONBARK_ADDRESS',
]);

export class BadConfig extends AppError {
  readonly code = 'bad-config';
  readonly status = 500;
  constructor(faults: readonly string[], cause?: unknown) {
    super(
      `The configuration can't be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
      { faults },
      cause,
    );
  }
}

export type ConfigSource = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file's text and where it is, for messages. */
  readonly file?: { readonly path: string; readonly text: string };
};

/** One setting as it was found: for `config show`. */
export type Found = {
  readonly name: SettingName;
  readonly value: string;
  readonly from: 'environment' | 'file' | 'default';
};

const entries = Object.entries(settings) as [SettingName, Setting][]; // the keys of `settings` are its names

/**
 * The environment wins over the file, the file over the defaults. What is not known, or does not fit, is refused:
 * all faults at once.
 * @throws {BadConfig}
 */
export function readConfig(source: ConfigSource): { config: Config; found: Found[] } {
  const file = source.file === undefined ? {} : readFile(source.file);
  const faults: string[] = [];
  const names = new Set<string>(entries.map(([name]) => name));
  const variables = new Set(entries.map(([, { env }]) => env));
  for (const name of Object.keys(file)) {
    if (!names.has(name))
      faults.push(`${source.file?.path}: "${name}" is not a setting.${nearest(name, names)}`);
  }
  for (const name of Object.keys(source.env)) {
    if (name.startsWith('IRONBARK_') && !variables.has(name) && !notSettings.has(name))
      faults.push(`${name} is not a setting.${nearest(name, variables)}`);
  }
  const values: Record<string, unknown> = {};
  const found: Found[] = [];
  for (const [name, setting] of entries) {
    const one = pick(name, setting, source.env, file);
    if (one.value === undefined) continue;
    const parsed = setting.schema.safeParse(one.value);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${one.where}: ${parsed.error.issues.map((issue) => issue.message).join(' ')}`);
    found.push({ name, value: setting.secret ? '[secret]' : textOf(one.value), from: one.from });
  }
  if (values['tlsCertificate'] !== undefined && values['tlsKey'] === undefined)
    faults.push('tlsCertificate needs tlsKey beside it.');
  if (faults.length > 0) throw new BadConfig(faults);
  // Each value was parsed by the schema that its type is inferred from.
  return { config: values as Config, found };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function pick(
  name: SettingName,
  { env, fallback }: Setting,
  environment: ConfigSource['env'],
  file: Record<string, unknown>,
): { value: unknown; from: Found['from']; where: string } {
  const set = environment[env];
  if (set !== undefined && set !== '') return { value: set, from: 'environment', where: env };
  if (file[name] !== undefined) return { value: file[name], from: 'file', where: name };
  return { value: fallback, from: 'default', where: name };
}

function readFile({ path, text }: { path: string; text: string }): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new BadConfig(
      [`${path}: ${error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'is not YAML'}`],
      error,
    );
  }
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content))
    throw new BadConfig([`${path}: use one "name: value" a line.`]);
  return { ...content };
}

/** " Did you mean …?" for a word one or two slips away. */
export function nearest(word: string, known: Iterable<string>): string {
  let best: { text: string; slips: number } | undefined;
  for (const text of known) {
    const slips = distance(word.toLowerCase(), text.toLowerCase());
    if (slips <= Math.max(2, text.length / 4) && (best === undefined || slips < best.slips))
      best = { text, slips };
  }
  return best === undefined ? '' : ` Did you mean "${best.text}"?`;
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
