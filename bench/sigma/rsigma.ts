/**
 * `node bench/sigma/rsigma.ts [--build]`: rsigma's own four lanes, through its command line and through this engine, each
 * a process of its own that reads rules and events and writes its matches. Processor time of both, without that of
 * loading the rules (a run over one event). Takes `rsigma` from RSIGMA or PATH; with `--build` cargo installs it into a
 * folder of the system's temporary ones, which takes an hour on a small machine. Without either it says so and ends well.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { corpus, ruleFiles } from '../../packages/sigma/test/corpus.ts';

// The last version that builds with rustc 1.95.
const version = '0.23.0';
const copies = 8;
const rounds = 2;
const lanes = ['structured_windows', 'raw_windows', 'sysmon_file_event', 'cisco_syslog'] as const;

function found(command: string): string | undefined {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return command;
  } catch {
    return undefined;
  }
}

function rsigma(): string | undefined {
  const given = process.env['RSIGMA'] ?? 'rsigma';
  const there = found(given);
  if (there !== undefined) return there;
  if (!process.argv.includes('--build') || found('cargo') === undefined) return undefined;
  const root = join(tmpdir(), `rsigma-${version}`);
  const features = ['--features', 'daachorse-index'];
  execFileSync(
    'cargo',
    ['install', 'rsigma', '--version', version, '--locked', ...features, '--root', root],
    {
      stdio: 'inherit',
    },
  );
  return join(root, 'bin', 'rsigma');
}

/** Seconds of processor time of the command and its threads. */
function seconds(command: readonly string[]): number {
  const quoted = command.map((part) => `'${part.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const out = execFileSync('bash', ['-c', `${quoted} > /dev/null 2>&1; times`], { encoding: 'utf8' });
  // The second line is of the children: 0m1.234s 0m0.056s.
  const children = out.trim().split('\n')[1] ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );
}

/** What one.ts says itself, from after its first event on: reading rules takes it seconds, too many to be subtracted. */
function ownSeconds(command: readonly string[]): number {
  const [program = '', ...rest] = command;
  const { stderr } = spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  return Number(stderr.trim().split('\n').at(-1));
}

const least = (measure: () => number): number => Math.min(...Array.from({ length: rounds }, measure));

function main(): void {
  if (corpus === undefined) {
    console.log('The detection data is not there: put it beside the checkout or set IRONBARK_SHARED.');
    return;
  }
  const theirs = rsigma();
  if (theirs === undefined) {
    console.log('No rsigma here: set RSIGMA to its program, or run with --build where cargo is installed.');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'rsigma-bench-'));
  try {
    const rules = join(folder, 'rules');
    for (const { path, text } of ruleFiles(['rules/'])) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    console.log(execFileSync(theirs, ['--version'], { encoding: 'utf8' }).trim());
    console.log('lane                  rules asked   rsigma events/s     this events/s   this : rsigma');
    const one = join(folder, 'one.ndjson');
    const many = join(folder, 'many.ndjson');
    for (const lane of lanes) {
      const text = gunzipSync(readFileSync(join(corpus, 'bench', `rsigma-${lane}.ndjson.gz`))).toString();
      const lines = text.trimEnd().split('\n');
      writeFileSync(one, `${lines[0]}\n`);
      writeFileSync(many, `${lines.join('\n')}\n`.repeat(copies));
      const events = lines.length * copies - 1;
      for (const mode of ['all', 'routed'] as const) {
        const routing = mode === 'routed' ? ['--logsource-routing'] : [];
        const evaluate = (file: string): number =>
          seconds([theirs, 'engine', 'eval', '-r', rules, ...routing, '-e', `@${file}`]);
        const their = events / (least(() => evaluate(many)) - least(() => evaluate(one)));
        const script = fileURLToPath(new URL('./one.ts', import.meta.url));
        const our = events / least(() => ownSeconds([process.execPath, script, rules, many, mode]));
        const shown = (value: number): string => Math.round(value).toLocaleString('en-AU').padStart(18);
        console.log(
          `${lane.padEnd(22)}${mode.padEnd(10)}${shown(their)}${shown(our)}${(our / their).toFixed(2).padStart(16)}`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
