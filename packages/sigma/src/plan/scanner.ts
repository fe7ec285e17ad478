import { walkPath } from '../values/fields.ts';
import type { FieldPlan, Plan } from './build.ts';
import { type ScanText, scanLiterals, separator } from './literals.ts';
import { type EventLimits, EventState, shortened } from './state.ts';

// Fixed and ours, never a rule's: does a text hold anything beyond Latin-1? Immediate for one-byte strings.
const beyondLatin1 = /[\u0100-\uffff]/;
const longS = '\u017f';
const firstBufferBytes = 16 * 1024;

/**
 * Finds the rules of one plan that are worth a look for an event: walks the event's keys once, puts the values that
 * matter into one buffer, and scans that once for all rules.
 */
export class Scanner {
  readonly plan: Plan;
  readonly state: EventState;
  /** Places of the candidates in the plan, after `candidates`. */
  readonly places: Uint32Array;
  private count = 0;
  private readonly ruleStamps: Uint32Array;
  private readonly witnessStamps: Uint32Array;
  private readonly report: (id: number) => void;
  private buffer: Buffer = Buffer.alloc(0);
  private text: ScanText = emptyText(0, 0);
  /** The values after an empty first, so that joining puts a separator in front of each. */
  private parts: string[] = [''];
  private values = 0;
  private length = 0;
  private left = 0;

  constructor(plan: Plan, limits: EventLimits) {
    this.plan = plan;
    this.state = new EventState(plan.fieldCount, limits);
    this.places = new Uint32Array(plan.rules.length);
    this.ruleStamps = new Uint32Array(plan.rules.length);
    this.witnessStamps = new Uint32Array(plan.witnesses.length);
    this.report = (id) => this.see(id);
    this.grow(firstBufferBytes, 64);
  }

  get truncated(): boolean {
    return this.state.truncated;
  }

  holds(place: number): boolean {
    return this.plan.truths[place]?.(this.state) ?? false;
  }

  end(): void {
    this.state.end();
    if (this.buffer.length <= firstBufferBytes * 64) return;
    this.grow(firstBufferBytes, 64);
    this.parts = [''];
  }

  /** @returns how many of `places` are worth a look */
  candidates(fields: Readonly<Record<string, unknown>>): number {
    const { plan, state } = this;
    const last = state.generation;
    state.begin(fields);
    if (state.generation < last) {
      this.ruleStamps.fill(0);
      this.witnessStamps.fill(0);
    }
    this.count = 0;
    this.values = 0;
    this.length = 0;
    this.left = state.limits.eventLength;
    for (const place of plan.always) this.add(place);
    this.walk(fields);
    if (this.values > 0) this.scan();
    return this.count;
  }

  private walk(fields: Readonly<Record<string, unknown>>): void {
    const { plan, state } = this;
    const { everywhere } = plan;
    for (const key in fields) {
      const value = fields[key];
      const field = plan.fields.get(key);
      if (field !== undefined) {
        if (value !== undefined) this.fill(field, value);
      } else if (everywhere) this.keyword(value, 0);
    }
    for (const field of plan.dotted) {
      if (state.stamps[field.number] === state.generation) continue;
      const head = field.path?.[0];
      if (head === undefined || typeof fields[head] !== 'object') continue;
      const value = walkPath(fields, field.path ?? []);
      if (value !== undefined) this.fill(field, value);
    }
  }

  private fill(field: FieldPlan, value: unknown): void {
    const { state } = this;
    const { number } = field;
    state.stamps[number] = state.generation;
    if (field.present >= 0) this.see(field.present);
    if (typeof value === 'string') {
      const { length } = value;
      const text = length <= state.limits.freeLength ? value : this.seen(value);
      state.values[number] = text;
      if (field.exact !== null && length <= 4) this.exact(field.exact, text);
      if (field.scanned || this.plan.everywhere) this.append(number, text);
      return;
    }
    state.values[number] = this.other(field, value, 0);
  }

  /** Numbers, booleans and lists. @returns the value as tests will see it */
  private other(field: FieldPlan, value: unknown, depth: number): unknown {
    if (typeof value === 'string') {
      const text = this.seen(value);
      if (field.exact !== null && text.length <= 4) this.exact(field.exact, text);
      if (field.scanned || this.plan.everywhere) this.append(field.number, text);
      return text;
    }
    if (typeof value === 'number' || typeof value === 'boolean') {
      if (typeof value === 'number' && field.numbers !== null) {
        const witness = field.numbers.get(value);
        if (witness !== undefined) this.see(witness);
      }
      if (field.exact !== null) this.exact(field.exact, String(value));
      if (field.scanned || this.plan.everywhereNumbers) this.append(field.number, String(value));
      return value;
    }
    if (Array.isArray(value)) {
      if (depth > 16) {
        this.state.truncated = true;
        return undefined;
      }
      return value.map((item) => this.other(field, item, depth + 1));
    }
    if (value !== null && this.plan.everywhere) this.keyword(value, depth);
    return value;
  }

  /** A value no rule names: only keywords look at it. */
  private keyword(value: unknown, depth: number): void {
    if (typeof value === 'string') {
      this.append(-1, value.length <= this.state.limits.freeLength ? value : this.seen(value));
    } else if (typeof value === 'number' || typeof value === 'boolean') {
      if (this.plan.everywhereNumbers) this.append(-1, String(value));
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= 128) this.state.truncated = true;
      else if (Array.isArray(value)) for (const item of value) this.keyword(item, depth + 1);
      else for (const item of Object.values(value)) this.keyword(item, depth + 1);
    }
  }

  private exact(known: ReadonlyMap<string, number>, text: string): void {
    const witness = known.get(text.toLowerCase());
    if (witness !== undefined) this.see(witness);
  }

  /** The value, or what of it the event may still show. */
  private seen(text: string): string {
    const { limits } = this.state;
    const most = Math.max(limits.freeLength, Math.min(limits.valueLength, this.left));
    if (text.length <= most) return text;
    this.state.truncated = true;
    return shortened(text, most);
  }

  private append(owner: number, text: string): void {
    const { values } = this;
    if (values + 1 >= this.text.ends.length) this.grow(this.buffer.length, values * 4);
    this.parts[values + 1] = text;
    this.length += 1 + text.length;
    this.left -= text.length;
    this.text.ends[values] = this.length;
    this.text.owners[values] = owner;
    this.values = values + 1;
  }

  private scan(): void {
    const { parts } = this;
    parts.length = this.values + 1;
    let joined = parts.join(separator);
    if (beyondLatin1.test(joined)) joined = this.foldWide();
    const bytes = this.length + 8;
    if (bytes > this.buffer.length) this.grow(2 ** Math.ceil(Math.log2(bytes)), this.text.ends.length);
    const { text, buffer } = this;
    const end = buffer.write(joined, 0, 'latin1');
    // The last separator, and what fills the last word up.
    text.bytes.fill(1, end, end + 8);
    text.length = end + 1;
    text.values = this.values;
    scanLiterals(this.plan.literals, text, this.report);
  }

  /** Lower-cases by the full rules what the byte table can't fold. */
  private foldWide(): string {
    const lowered = this.parts.map((part) => part.toLowerCase());
    this.length = 0;
    for (let value = 0; value < this.values; value++) {
      this.length += 1 + (lowered[value + 1]?.length ?? 0);
      this.text.ends[value] = this.length;
    }
    const joined = lowered.join(separator);
    for (const witness of this.plan.wide) this.see(witness);
    // A regex that ignores case takes the long s for an s, which no lower-casing does: look at every rule.
    if (joined.includes(longS)) for (let place = 0; place < this.plan.rules.length; place++) this.add(place);
    return joined;
  }

  private see(witness: number): void {
    const { generation } = this.state;
    if (this.witnessStamps[witness] === generation) return;
    this.witnessStamps[witness] = generation;
    const { triggers, triggerStarts } = this.plan;
    const end = triggerStarts[witness + 1] ?? 0;
    for (let at = triggerStarts[witness] ?? 0; at < end; at++) this.add(triggers[at] ?? 0);
  }

  private add(place: number): void {
    if (this.ruleStamps[place] === this.state.generation) return;
    this.ruleStamps[place] = this.state.generation;
    this.places[this.count++] = place;
  }

  private grow(bytes: number, values: number): void {
    const memory = new ArrayBuffer(bytes);
    const ends = new Uint32Array(values);
    const owners = new Int32Array(values);
    if (values >= this.text.ends.length) {
      ends.set(this.text.ends);
      owners.set(this.text.owners);
    }
    this.buffer = Buffer.from(memory);
    this.text = {
      bytes: new Uint8Array(memory),
      words: new Uint32Array(memory),
      length: 0,
      ends,
      owners,
      values: 0,
    };
  }
}

function emptyText(bytes: number, values: number): ScanText {
  const memory = new ArrayBuffer(bytes);
  return {
    bytes: new Uint8Array(memory),
    words: new Uint32Array(memory),
    length: 0,
    ends: new Uint32Array(values),
    owners: new Int32Array(values),
    values: 0,
  };
}
