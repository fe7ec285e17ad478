import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Level, LogSource, RuleFault } from '@ironbark/sigma';
import type { Call, Command } from './command.ts';
import { findInputs, type Input } from './detect/inputs.ts';
import { progressBar } from './detect/progress.ts';
import { loadPipelines, loadRules } from './detect/rules.ts';
import { levels, type Match, scan, type Sums } from './detect/scan.ts';
import { timeline } from './detect/timeline.ts';
import { UsageError } from './errors.ts';
import { plain } from './table.ts';

/** The highest level that matched; 0 where nothing did. */
const levelCodes: Readonly<Record<Level, number>> = {
  informational: 10,
  low: 11,
  medium: 12,
  high: 13,
  critical: 14,
};

export const command: Command = {
  name: 'detect',
  summary: 'Run Sigma rules over files of events; no server is needed.',
  args: 'EVENTS...',
  options: {
    rules: {
      value: 'DIR',
      about: 'Rules: a folder or a file; may be given several times.',
      many: true,
      required: true,
    },
    logsource: {
      value: 'P/C/S',
      about: "What the events are where they don't say: product/category/service, empty where open.",
    },
    pipeline: {
      value: 'FILE',
      about:
        'Field map: a file, or one of windows-4688, winlogbeat-ecs, ocsf-columns, okta, gcp-audit, google-workspace.',
      many: true,
    },
    level: {
      value: 'LEVEL',
      about: 'Only rules of this level and above: informational, low, medium, high, critical.',
    },
    timeline: { value: 'FILE', about: 'Write a page with a picture of levels over time.' },
    faults: { about: 'List every rule that can’t be used, and why; without it the first 10.' },
  },
  notes: [
    'EVENTS are files, folders or - for standard input: NDJSON, JSON, EVTX as JSON, EVTX (with evtxexport), plain lines; .gz too.',
    'Exit codes: 0 nothing matched, 10 informational, 11 low, 12 medium, 13 high, 14 critical (the highest that matched);',
    '1 something could not be read and nothing matched, 2 wrong usage.',
  ],
  examples: [
    'ironbark detect --rules sigma/rules logs/ --timeline report.html',
    'zcat dns.log.gz | ironbark detect --rules rules --logsource zeek//dns --json -',
    'ironbark detect --rules rules --level high logs/ || [ $? -lt 13 ]',
  ],
  run: (call) => detect(call),
};

async function detect(call: Call): Promise<number> {
  const { io, text, texts, json } = call;
  const atLeast = levelOf(text('level'));
  const declared = logsourceOf(text('logsource'));
  const { pipelines, faults: pipelineFaults } = await files(() =>
    loadPipelines(texts('pipeline'), join(io.root, 'packages/sigma/pipelines')),
  );
  const [fault] = pipelineFaults;
  if (fault) throw new UsageError(`${fault.file}:${fault.line}: ${fault.why}`);
  const rules = await files(() => loadRules(texts('rules'), pipelines));
  tellFaults(rules.faults, call);
  if (rules.ruleset.rules.length === 0)
    throw new UsageError('There is no rule that can be used: --rules names a folder or file of Sigma rules.');
  const inputs = await files(() => findInputs(call.args, io.stdin));
  if (inputs.length === 0)
    throw new UsageError(
      'There are no files of events here. Folders are searched for .json, .jsonl, .ndjson, .log, .txt, .evtx and their .gz.',
    );

  const picture = timeline();
  const bar = progressBar(io.terminal === true && !json ? io.err : undefined, totalBytes(inputs));
  let unreadTold = 0;
  const sums = await scan(inputs, {
    rules,
    declared,
    atLeast,
    onMatch: (match) => {
      picture.add(match);
      bar.above(() => io.out(json ? `${jsonLine(match)}\n` : `${tableLine(match)}\n`));
    },
    onUnread: (file, line, why) => {
      if (++unreadTold <= 20)
        bar.above(() =>
          io.err(
            json
              ? `${JSON.stringify({ file, line, unread: why })}\n`
              : `${plain(file)}${line === null ? '' : `:${line}`}: not read: ${plain(why)}\n`,
          ),
        );
    },
    onBytes: bar.add,
    signal: call.signal,
  });
  bar.end();
  const target = text('timeline');
  if (target !== undefined)
    await files(() =>
      writeFile(
        target,
        picture.html(
          `Matches in ${inputs.length === 1 ? (inputs[0]?.name ?? '') : `${inputs.length} files`}`,
        ),
      ),
    );
  call.remark(summary(sums, rules.ruleset.rules.length, rules.faults.length));
  return exitCode(sums);
}

/** What the file system says about a path of the caller's is wrong usage, not a crash. */
async function files<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      typeof error.code === 'string' &&
      /^E[A-Z]+$/.test(error.code)
    )
      throw new UsageError(error.message, {}, error);
    throw error;
  }
}

function levelOf(text: string | undefined): Level {
  const level = levels.find((one) => one === (text ?? 'informational'));
  if (level === undefined) throw new UsageError(`--level is one of ${levels.join(', ')}.`);
  return level;
}

function logsourceOf(text: string | undefined): LogSource | undefined {
  if (text === undefined) return undefined;
  const [product = '', category = '', service = '', more] = text.toLowerCase().split('/');
  if (more !== undefined || (product === '' && category === '' && service === '')) {
    throw new UsageError('--logsource is product/category/service: windows/process_creation, zeek//dns.');
  }
  return {
    ...(product !== '' && { product }),
    ...(category !== '' && { category }),
    ...(service !== '' && { service }),
  };
}

function tellFaults(faults: readonly RuleFault[], { on, json, io }: Call): void {
  const shown = on('faults') || json ? faults : faults.slice(0, 10);
  for (const fault of shown) {
    io.err(
      json
        ? `${JSON.stringify({ fault })}\n`
        : `${plain(fault.file)}:${fault.line}: ${plain(fault.why)} [${fault.what}]\n`,
    );
  }
  if (shown.length < faults.length)
    io.err(`… and ${faults.length - shown.length} more rules that can't be used; --faults lists all.\n`);
}

const totalBytes = (inputs: readonly Input[]): number =>
  inputs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

function jsonLine({ file, line, rule, matched }: Match): string {
  return JSON.stringify({ file, line, rule, matched });
}

function tableLine({ file, line, rule, matched, time }: Match): string {
  const at =
    time === undefined || Math.abs(time) > 8.64e15
      ? '–'.padEnd(20)
      : `${new Date(time).toISOString().slice(0, 19)}Z`;
  const values = Object.entries(matched).map(([field, value]) => `${field}=${String(value)}`);
  const shown = values.join(' ');
  return plain(
    `${rule.level.padEnd(13)} ${at}  ${file}:${line}  ${rule.title}  ${shown.length > 160 ? `${shown.slice(0, 157)}...` : shown}`,
  ).trimEnd();
}

function summary({ events, unread, matches, byLevel }: Sums, active: number, rejected: number): string {
  const found = [...levels]
    .reverse()
    .flatMap((level) => (byLevel[level] === 0 ? [] : [`${byLevel[level]} ${level}`]));
  const parts = [
    `${events} events`,
    `${active} rules`,
    matches === 0 ? 'no matches' : `${matches} matches (${found.join(', ')})`,
  ];
  if (rejected > 0) parts.push(`${rejected} rules not usable`);
  if (unread > 0) parts.push(`${unread} not read`);
  return parts.join(' · ');
}

function exitCode({ byLevel, unread }: Sums): number {
  const highest = levels.findLast((level) => byLevel[level] > 0);
  if (highest !== undefined) return levelCodes[highest];
  return unread > 0 ? 1 : 0;
}
