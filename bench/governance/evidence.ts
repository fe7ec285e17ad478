/**
 * 1,073 controls judged anew over 1,000,000 facts, and one new fact: node bench/governance/evidence.ts [facts]
 * On PGlite in a folder, through the services that the routes call. 600,000 facts are events of four kinds (100 summing
 * evaluators), 400,000 are states of forty kinds (973 plain evaluators). Beside it, JSON.parse of the same facts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { openRecords } from '#platform/records';
import { systemAccess } from '#platform/scope';
import { evaluateEvidence } from '../../src/governance/evidence/evaluate.ts';
import {
  type Evaluator,
  type Fact,
  type Failing,
  failingCap,
  summing,
} from '../../src/governance/evidence/evaluator.ts';
import type { EvidenceKind } from '../../src/governance/evidence/importer.ts';
import { judgementsOf } from '../../src/governance/evidence/judgements.ts';
import { takeFile } from '../../src/governance/evidence/take.ts';
import { environment, openEvidence } from '../../src/governance/evidence/testing.ts';

const controls = 1073;
const facts = Number(process.argv[2] ?? 1_000_000);
const streams = 4;
const snapshots = 40;
const perCollection = 10_000;
const access = systemAccess('bench');

const kindOf = (kind: string, grows: EvidenceKind['grows']): EvidenceKind => ({
  kind,
  title: kind,
  how: '',
  validDays: 30,
  grows,
  ceiling: 'direct',
});
const streamKinds = Array.from({ length: streams }, (_, at) => kindOf(`bench.stream${at}`, 'stream'));
const snapshotKinds = Array.from({ length: snapshots }, (_, at) => kindOf(`bench.state${at}`, 'snapshot'));

type Sum = { readonly tested: number; readonly failed: number; readonly failing: readonly string[] };

/** Both kinds of evaluator ask the same of a fact: a member below a number of their own. */
const judged = (tested: number, failed: number, failing: readonly Failing[]) =>
  failed === 0
    ? ({ status: 'satisfied', confidence: 'direct', because: `${tested} tested.`, tested } as const)
    : ({
        status: 'not-satisfied',
        confidence: 'direct',
        because: `${failed} of ${tested}.`,
        tested,
        failed,
        failing,
      } as const);
const fails = (fact: Fact, limit: number): boolean => Number(fact.values['score']) >= limit;

function evaluatorOf(at: number): Evaluator {
  const limit = 990 + (at % 20);
  const about = {
    id: `bench.${at}`,
    version: 1,
    title: `bench ${at}`,
    controls: [`ism-${String(at).padStart(4, '0')}`],
    ceiling: 'direct' as const,
  };
  if (at >= 100) {
    const kind = snapshotKinds[at % snapshots]?.kind ?? '';
    return {
      ...about,
      kinds: [kind],
      evaluate(input) {
        let [tested, failed] = [0, 0];
        const failing: Failing[] = [];
        for (const { fact } of input.facts(kind)) {
          tested++;
          if (!fails(fact, limit)) continue;
          failed++;
          if (failing.length < failingCap) failing.push({ subject: fact.subject, why: 'score' });
        }
        return judged(tested, failed, failing);
      },
    };
  }
  const kind = streamKinds[at % streams]?.kind ?? '';
  return summing<Sum & { readonly [name: string]: number | readonly string[] }>({
    ...about,
    kinds: [kind],
    begin: () => {
      let [tested, failed] = [0, 0];
      const failing: string[] = [];
      return {
        add(fact) {
          tested++;
          if (!fails(fact, limit)) return;
          failed++;
          if (failing.length < failingCap) failing.push(fact.subject);
        },
        sum: () => ({ tested, failed, failing }),
      };
    },
    judge(input) {
      const sums = input.sums(kind);
      const count = (of: 'tested' | 'failed'): number => sums.reduce((all, { sum }) => all + sum[of], 0);
      const failing = sums.flatMap(({ sum }) => sum.failing).slice(0, failingCap);
      return judged(
        count('tested'),
        count('failed'),
        failing.map((subject) => ({ subject, why: 'score' })),
      );
    },
  });
}

function linesOf(kind: string, from: number, count: number): string {
  const lines: string[] = [];
  for (let at = from; at < from + count; at++)
    lines.push(
      `{"subject":"host-${at % 5000}.example","at":"2026-05-03T${String(at % 24).padStart(2, '0')}:00:00Z","values":{"score":${(at * 7919) % 1000},"user":"person-${at % 900}","method":"passkey","ok":${at % 3 > 0},"of":"${kind}"}}`,
    );
  return lines.join('\n');
}

async function timed<T>(work: () => Promise<T>): Promise<{ wall: number; cpu: number; value: T }> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const value = await work();
  const used = process.cpuUsage(cpu);
  return { wall: performance.now() - began, cpu: (used.user + used.system) / 1000, value };
}

const rows: [string, string][] = [];
const ms = (value: number): string => `${Math.round(value).toLocaleString('en')} ms`;
const note = (what: string, value: string): void => {
  rows.push([what, value]);
  process.stdout.write(`${what.padEnd(62)} ${value}\n`);
};

const folder = mkdtempSync(join(tmpdir(), 'ironbark-bench-evidence-'));
const records = await openRecords({ folder: join(folder, 'records') });
const world = await openEvidence({ records, close: () => records.close() });
const deps = {
  ...world.deps,
  kinds: [...streamKinds, ...snapshotKinds],
  evaluators: Array.from({ length: controls }, (_, at) => evaluatorOf(at)),
};
const send = (kind: string, source: string, text: string) =>
  takeFile(
    deps,
    world.officer,
    { environment, kind, name: 'bench.ndjson', source, dryRun: false },
    Readable.from([Buffer.from(text)]),
  );
try {
  const texts: string[] = [];
  let sent = 0;
  const importing = await timed(async () => {
    const inStreams = Math.floor(facts * 0.6);
    const share = [
      ...streamKinds.map(({ kind }) => [kind, Math.floor(inStreams / streams)] as const),
      ...snapshotKinds.map(({ kind }) => [kind, Math.floor((facts - inStreams) / snapshots)] as const),
    ];
    for (const [kind, count] of share)
      for (let from = 0; from < count; from += perCollection) {
        const text = linesOf(kind, sent, Math.min(perCollection, count - from));
        texts.push(text);
        sent += Math.min(perCollection, count - from);
        await send(kind, `source ${from}`, text);
      }
  });
  const bytes = texts.reduce((all, text) => all + text.length, 0);
  note('facts', sent.toLocaleString('en'));
  note('as NDJSON', `${Math.round(bytes / 1e6)} MB`);
  note('imported (made, parsed, packed, recorded)', `${ms(importing.wall)}, ${ms(importing.cpu)} of CPU`);
  const size = await records.transaction(access, (tx) =>
    sql<{ n: number }>`select sum(length(packed)) as n from governance.evidence_part`.execute(tx),
  );
  note('packed in the database', `${(Number(size.rows[0]?.n) / 1e6).toFixed(1)} MB`);

  const parse = await timed(async () => {
    let members = 0;
    for (const text of texts)
      for (const line of text.split('\n')) members += Object.keys(JSON.parse(line)).length;
    return members;
  });
  note('JSON.parse of the same, line by line', `${ms(parse.wall)}, ${ms(parse.cpu)} of CPU`);

  const runs: { wall: number; cpu: number }[] = [];
  for (let run = 0; run < 3; run++) {
    await records.transaction(access, (tx) => sql`delete from governance.evidence_sum`.execute(tx));
    runs.push(await timed(() => evaluateEvidence(deps, environment, true)));
  }
  const full = runs.reduce((best, one) => (one.wall < best.wall ? one : best));
  note(
    `${controls} controls judged anew, nothing kept (best of 3)`,
    `${ms(full.wall)}, ${ms(full.cpu)} of CPU`,
  );
  note('  of JSON.parse of the same', `${(full.wall / parse.wall).toFixed(2)} times`);
  const again = await timed(() => evaluateEvidence(deps, environment, true));
  note(`${controls} controls judged anew, sums kept`, `${ms(again.wall)}, ${ms(again.cpu)} of CPU`);
  const idle = await timed(() => evaluateEvidence(deps, environment));
  note('assessed with nothing new', `${ms(idle.wall)}, ${ms(idle.cpu)} of CPU`);

  for (const [what, kind] of [
    ['one new event among 150,000, sent and judged', 'bench.stream0'],
    ['one new state among 10,000, sent and judged', 'bench.state0'],
  ] as const) {
    const times: { wall: number; cpu: number }[] = [];
    for (let run = 0; run < 9; run++) {
      const text = `{"subject":"new-${run}","values":{"score":999}}`;
      const one = await timed(async () => {
        await send(kind, `new ${kind} ${run}`, text);
        return evaluateEvidence(deps, environment);
      });
      if (one.value.judged === 0) throw new Error('nothing was judged');
      times.push(one);
    }
    const middle = (of: 'wall' | 'cpu'): string =>
      ms(times.map((one) => one[of]).sort((a, b) => a - b)[4] ?? 0);
    note(what, `median of 9 ${middle('wall')}, ${middle('cpu')} of CPU`);
  }
  const reading = await timed(() =>
    records.transaction(access, (tx) => judgementsOf(tx, environment, world.clock.now())),
  );
  note(`judgements of ${reading.value.size} controls read`, ms(reading.wall));
} finally {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
}
