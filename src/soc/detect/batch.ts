import { hash } from 'node:crypto';
import type { LogSource, SigmaEvent } from '@ironbark/sigma';
import type { EventBlock } from '#platform/events';
import {
  describeEvent,
  type FormatMap,
  type Item,
  type LineReader,
  type Normaliser,
  nowhere,
  type Plan,
  type Planner,
  quality,
} from '#soc/normalise';
import { declaredSource } from './declared.ts';
import type { Exceptions } from './exceptions.ts';
import { type EventUids, uidText } from './event-uid.ts';
import type { BaseHit, BatchInput, BatchOutcome, FrameSlice, Hit, Reject, SourceCount } from './protocol.ts';
import { type ReadItem, readItem, type Unread } from './read-item.ts';
import type { Ruleset } from './ruleset.ts';

export type BatchDeps = {
  readonly rules: Ruleset;
  readonly exceptions: Exceptions;
  readonly maps: readonly FormatMap[];
  readonly planner: Planner;
  readonly lines: LineReader;
  readonly normaliser: Normaliser;
  readonly block: EventBlock;
  readonly uids: EventUids;
  readonly now: () => number;
};

type Found = { hits: Hit[]; baseHits: BaseHit[]; rejects: Reject[]; excepted: number };

/** Months one block may span: each becomes a part on disk. Events of further months take the time they were received. */
const maxMonths = 64;
/** Of a rejected item. */
const keptBytes = 65_536;
/** Of one event: a rule set that fires more often on one event is counted, not listed. */
const maxHitsPerEvent = 200;

/**
 * Parses, recognises, matches and normalises the items of a batch, in order.
 * An item that can't be handled is rejected with its reason; nothing it holds reaches another item.
 */
export function processBatch(deps: BatchDeps, batch: BatchInput): BatchOutcome {
  const started = performance.now();
  const found: Found = { hits: [], baseHits: [], rejects: [], excepted: 0 };
  const counts = new Map<string, SourceCount>();
  const months = new Set<number>();
  let at = 0;
  for (const frame of batch.frames) {
    const count = countOf(counts, frame);
    count.lastReceivedMs = Math.max(count.lastReceivedMs, frame.receivedMs);
    const declared = declaredSource(frame.format, deps.maps);
    const stored = new Set(frame.stored);
    frame.itemBytes.forEach((length, place) => {
      const bytes = Buffer.from(batch.bytes, at, length);
      at += length;
      count.bytes += length;
      count.lastSequence = Math.max(count.lastSequence, frame.firstSequence + place);
      one(deps, frame, place, bytes, { declared, skip: stored.has(place), months, count, found });
    });
  }
  const { rows } = deps.block;
  return {
    block: rows === 0 ? new Uint8Array(0) : deps.block.finish(),
    rows,
    ...found,
    counts: [...counts.values()],
    rulesVersion: deps.rules.version,
    workMilliseconds: performance.now() - started,
  };
}

type Around = {
  readonly declared: LogSource | undefined;
  readonly skip: boolean;
  readonly months: Set<number>;
  readonly count: SourceCount;
  readonly found: Found;
};

function one(deps: BatchDeps, frame: FrameSlice, place: number, bytes: Buffer, around: Around): void {
  const { count, found } = around;
  const refuse = (code: Reject['code'], reason: string): void => {
    count.rejected++;
    found.rejects.push(rejected(frame, place, bytes, code, reason));
  };
  if (frame.tenancy === '') {
    refuse('no-source', 'Its source is not there any more, so nobody owns it.');
    return;
  }
  let read: ReadItem | Unread;
  let plan: Plan;
  let matched: readonly string[];
  try {
    read = readItem(bytes, frame, around.declared, deps.lines);
    if ('code' in read) {
      refuse(read.code, read.reason);
      return;
    }
    plan = deps.planner.planOf(read);
    matched = deps.rules.match(read, read.json);
  } catch (error) {
    refuse(
      'failed',
      (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 300),
    );
    return;
  }
  const sequence = frame.firstSequence + place;
  const item: Item = {
    tenancy: frame.tenancy,
    source: frame.source,
    sequence,
    uid: deps.uids.of(frame.source, sequence),
    clientId: frame.clientIds[place] ?? '',
    receivedMs: frame.receivedMs,
    recorded: frame.recorded,
    raw: read.text,
    keepRaw: read.keepRaw,
    rawHash: hash('sha256', bytes, 'binary'),
    quality: read.quality | (deps.rules.partial ? quality.seenInPart : 0),
    months: around.months,
    maxMonths,
  };
  // From here on a fault leaves half a row in the block: it fails the batch, and whoever sent it finds the item by halves.
  const techniques = matched.length === 0 ? [] : deps.rules.techniques(matched);
  const written = deps.normaliser.write(around.skip ? nowhere : deps.block, read, plan, item, techniques);
  if (matched.length > 0) report(deps, read, plan, item, written.timeMs, matched, around);
  count.stored++;
  if ((written.quality & quality.unmapped) !== 0) count.unmapped++;
}

function report(
  deps: BatchDeps,
  read: SigmaEvent & { readonly text: string },
  plan: Plan,
  item: Item,
  eventMs: number,
  matched: readonly string[],
  { found }: Around,
): void {
  const column = describeEvent(read, plan);
  const about: Record<string, string> = {};
  for (const step of plan.steps) {
    const value = column(step.column.name);
    if (typeof value === 'string') about[step.column.name] = value.slice(0, 1024);
  }
  const eventJson = read.text.trimStart().startsWith('{') ? read.text : JSON.stringify(read.text);
  const common = {
    tenancy: item.tenancy,
    source: item.source,
    sequence: item.sequence,
    eventUid: uidText(item.uid),
    eventMs,
    receivedMs: item.receivedMs,
    about,
    eventJson,
  };
  for (const ruleId of matched.slice(0, maxHitsPerEvent)) {
    const fields = deps.rules.correlated(ruleId, read);
    if (fields !== undefined) found.baseHits.push({ ...common, ruleId, fields });
    if (!deps.rules.alerts(ruleId)) continue;
    if (
      deps.exceptions.silences(
        ruleId,
        item.tenancy,
        deps.now(),
        (field) => column(field) ?? read.fields[field],
      )
    ) {
      found.excepted++;
      continue;
    }
    found.hits.push({ ...common, ruleId, reasons: deps.rules.reasons(ruleId, read) });
  }
}

function rejected(
  frame: FrameSlice,
  place: number,
  bytes: Buffer,
  code: Reject['code'],
  reason: string,
): Reject {
  return {
    source: frame.source,
    tenancy: frame.tenancy,
    sequence: frame.firstSequence + place,
    receivedMs: frame.receivedMs,
    code,
    reason,
    wire: frame.wire,
    peer: frame.peer,
    clientId: frame.clientIds[place] ?? '',
    // A copy: the batch's buffer does not leave the worker.
    bytes: new Uint8Array(bytes.subarray(0, keptBytes)),
    sizeBytes: bytes.length,
  };
}

function countOf(counts: Map<string, SourceCount>, frame: FrameSlice): SourceCount {
  const known = counts.get(frame.source);
  if (known !== undefined) return known;
  const fresh: SourceCount = {
    source: frame.source,
    tenancy: frame.tenancy,
    stored: 0,
    rejected: 0,
    unmapped: 0,
    bytes: 0,
    lastSequence: 0,
    lastReceivedMs: 0,
  };
  counts.set(frame.source, fresh);
  return fresh;
}
