import { walkPath } from '../values/fields.ts';
import type { FieldPlan, Plan } from './build.ts';
import { type KnownValue, longestKept, type MemoryBudget, ValueMemory } from './memory.ts';
import { RawScan } from './raw.ts';
import { scanLiterals } from './scan.ts';
import { type EventLimits, EventState, isWide, shortened } from './state.ts';
import { ScanText } from './text.ts';

const longS = '\u017f';
// Keys whose place in the event is remembered; further ones are looked up.
const mostPlaces = 256;

// Units of work: of a key or a value in a list, and of beginning to look at a rule.
const keyUnits = 200;
const lookUnits = 300;

/** A key of events, and what the plan has to do with it. */
type Key = { readonly name: string; readonly field: FieldPlan | undefined };

/**
 * Finds the rules of one plan that are worth a look for an event: walks the event's keys once, takes from memory what
 * is known of values met before, and scans the others for all rules at once.
 */
export class Scanner {
  readonly plan: Plan;
  readonly state: EventState;
  /** Places of the candidates in the plan, after `candidates`. */
  readonly places: Uint32Array;
  private count = 0;
  private readonly ruleStamps: Uint32Array;
  private readonly witnessStamps: Uint32Array;
  /** By field number. */
  private readonly memories: readonly ValueMemory[];
  /** Values of fields that rules name, which any literal may stand in. */
  private readonly named: ScanText;
  /** Values that only keywords look at. */
  private readonly others: ScanText;
  /** By value of `named`: what is being found out about it. */
  private readonly learning: (KnownValue | undefined)[] = [];
  private readonly inNamed: (id: number, value: number) => void;
  private readonly inOthers: (id: number) => void;
  private readonly raw: RawScan | null;
  /** Keywords are looked for in the event at hand. */
  private everywhere = false;
  /** The keys of the last event, in order: the next one most likely has the same. */
  private readonly keys: Key[] = [];
  private left = 0;

  constructor(plan: Plan, limits: EventLimits, budget: MemoryBudget) {
    this.plan = plan;
    this.state = new EventState(plan.fieldCount, plan.itemCount, limits);
    this.named = new ScanText(this.state);
    this.others = new ScanText(this.state);
    this.places = new Uint32Array(plan.rules.length);
    this.ruleStamps = new Uint32Array(plan.rules.length);
    this.witnessStamps = new Uint32Array(plan.witnesses.length);
    this.memories = Array.from({ length: plan.fieldCount }, () => new ValueMemory(budget));
    this.inNamed = (id, value) => {
      this.learning[value]?.witnesses.push(id);
      this.see(id);
    };
    this.inOthers = (id) => this.see(id);
    this.raw = plan.raw === null ? null : new RawScan(plan.raw);
  }

  get truncated(): boolean {
    return this.state.truncated;
  }

  /** @returns undefined where the event's funds did not last to find out */
  holds(place: number): boolean | undefined {
    const { state } = this;
    if (!state.pay(lookUnits)) return undefined;
    const held = this.plan.truths[place]?.(state) ?? false;
    return state.cut ? undefined : held;
  }

  /** Takes note of a rule that was not decided, so that the next is looked at with what is left. */
  undecided(): void {
    this.state.cut = false;
    this.state.truncated = true;
  }

  /** Units of work on the event so far. */
  get spent(): number {
    return this.state.limits.work - this.state.left;
  }

  end(): void {
    this.state.end();
    this.named.end();
    this.others.end();
  }

  /**
   * @param json the text all of `fields` was parsed from, where there is one
   * @returns how many of `places` are worth a look
   */
  candidates(fields: Readonly<Record<string, unknown>>, json?: string): number {
    const { plan, state, named, others } = this;
    const last = state.generation;
    state.begin(fields);
    if (state.generation < last) {
      this.ruleStamps.fill(0);
      this.witnessStamps.fill(0);
    }
    this.count = 0;
    named.begin();
    others.begin();
    this.left = state.limits.eventLength;
    this.everywhere = plan.everywhere && (json === undefined || this.raw === null || this.raw.mayHold(json));
    const { always } = plan;
    for (let at = 0; at < always.length; at++) this.add(always[at]!); // Inside its length.
    this.walk(fields);
    if (named.values > 0) this.scanNamed();
    if (others.values > 0) {
      const wide = others.write();
      scanLiterals(plan.anywhere, others, this.inOthers);
      if (wide !== undefined) this.seeWide(wide);
    }
    if (state.cut) {
      state.truncated = true;
      state.cut = false;
    }
    return this.count;
  }

  private walk(fields: Readonly<Record<string, unknown>>): void {
    const { plan, state, keys, everywhere } = this;
    let at = 0;
    for (const name in fields) {
      if (!state.pay(keyUnits)) break;
      const value = fields[name];
      let field: FieldPlan | undefined;
      const expected = keys[at];
      if (expected !== undefined && expected.name === name) field = expected.field;
      else {
        field = plan.fields.get(name);
        if (at < mostPlaces) keys[at] = { name, field };
      }
      at++;
      if (field === undefined) {
        if (everywhere) this.keyword(value, 0);
      } else if (value !== undefined) this.fill(field, value);
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
    state.known[number] = undefined;
    if (field.present >= 0) this.see(field.present);
    if (typeof value !== 'string') {
      state.values[number] = this.other(field, value, 0);
      return;
    }
    const text = value.length <= state.limits.freeLength ? value : this.seen(value);
    state.values[number] = text;
    if (field.exact !== null && text.length <= 4) this.exact(field.exact, text);
    const memory = this.memories[number];
    if (memory !== undefined && text.length <= longestKept && memory.awake)
      this.remember(field, text, memory);
    else if (this.scans(field)) this.append(number, text);
  }

  private remember(field: FieldPlan, text: string, memory: ValueMemory): void {
    const { state } = this;
    const known = memory.find(text);
    if (known === undefined) {
      const fresh: KnownValue = { text, witnesses: [], lowered: undefined, answers: undefined };
      state.known[field.number] = fresh;
      if (this.scans(field)) this.learning[this.append(field.number, text)] = fresh;
      else memory.keep(fresh);
      return;
    }
    state.known[field.number] = known;
    if (known.answers === undefined) memory.answersFor(known, field.items);
    const { witnesses } = known;
    for (let at = 0; at < witnesses.length; at++) this.see(witnesses[at]!); // Inside its length.
  }

  private scans(field: FieldPlan): boolean {
    return this.everywhere ? field.scanned : field.scannedAlone;
  }

  /** Numbers, booleans and lists. @returns the value as tests will see it */
  private other(field: FieldPlan, value: unknown, depth: number): unknown {
    if (typeof value === 'string') {
      const text = this.seen(value);
      if (field.exact !== null && text.length <= 4) this.exact(field.exact, text);
      if (this.scans(field)) this.append(field.number, text);
      return text;
    }
    if (typeof value === 'number' || typeof value === 'boolean') {
      if (typeof value === 'number' && field.numbers !== null) {
        const witness = field.numbers.get(value);
        if (witness !== undefined) this.see(witness);
      }
      if (field.exact !== null) this.exact(field.exact, String(value));
      if (field.numberTexts) this.append(field.number, String(value));
      return value;
    }
    if (Array.isArray(value)) {
      if (depth > 16) {
        this.state.truncated = true;
        return undefined;
      }
      // A list so long that it can't be paid for is seen in its first part.
      const seen: unknown[] = [];
      for (let at = 0; at < value.length && this.state.pay(keyUnits); at++)
        seen.push(this.other(field, value[at], depth + 1));
      return seen;
    }
    if (value !== null && this.everywhere) this.keyword(value, depth);
    return value;
  }

  /** A value no rule names: only keywords look at it. */
  private keyword(value: unknown, depth: number): void {
    if (!this.state.pay(keyUnits)) return;
    if (typeof value === 'string') {
      if (value.length < this.plan.everywhereLeast) return;
      const text = value.length <= this.state.limits.freeLength ? value : this.seen(value);
      this.left -= text.length;
      this.others.append(-1, text);
    } else if (typeof value === 'number' || typeof value === 'boolean') {
      if (this.plan.everywhereNumbers) this.others.append(-1, String(value));
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= 128) this.state.truncated = true;
      else {
        const items: unknown[] = Array.isArray(value) ? value : Object.values(value);
        for (let at = 0; at < items.length && !this.state.cut; at++) this.keyword(items[at], depth + 1);
      }
    }
  }

  private exact(known: ReadonlyMap<string, number>, text: string): void {
    const witness = known.get(text.toLowerCase());
    if (witness !== undefined) this.see(witness);
  }

  /** The value, or what of it the event may still show. */
  private seen(text: string): string {
    const { limits } = this.state;
    if (text.length <= limits.freeLength) return text;
    const longest = isWide(text) ? limits.wideLength : limits.valueLength;
    const most = Math.max(limits.freeLength, Math.min(longest, this.left));
    if (text.length <= most) return text;
    this.state.truncated = true;
    return shortened(text, most);
  }

  private append(owner: number, text: string): number {
    this.left -= text.length;
    const value = this.named.append(owner, text);
    this.learning[value] = undefined;
    return value;
  }

  private scanNamed(): void {
    const { named, learning } = this;
    const wide = named.write();
    scanLiterals(this.plan.literals, named, this.inNamed);
    if (wide !== undefined) {
      this.keepLowered();
      this.seeWide(wide);
      return;
    }
    for (let value = 0; value < named.values; value++) {
      const learned = learning[value];
      if (learned !== undefined) this.memories[named.owners[value]!]?.keep(learned); // Inside its length.
    }
  }

  private keepLowered(): void {
    const { named, state } = this;
    for (let value = 0; value < named.values; value++) {
      const owner = named.owners[value]!; // Inside its length.
      const lower = named.lowerOf(value);
      if (lower !== undefined && typeof state.values[owner] === 'string') state.keepLower(owner, lower);
    }
  }

  /** @param text lower-cased, and not Latin-1: the scan of it may have shown too much */
  private seeWide(text: string): void {
    this.state.exact = false;
    for (const witness of this.plan.wide) this.see(witness);
    // A regex that ignores case takes the long s for an s, which no lower-casing does: look at every rule.
    if (text.includes(longS)) for (let place = 0; place < this.plan.rules.length; place++) this.add(place);
  }

  private see(witness: number): void {
    const { state, plan } = this;
    const { generation } = state;
    if (this.witnessStamps[witness] === generation) return;
    this.witnessStamps[witness] = generation;
    const { triggers, triggerStarts, proven, provenStarts } = plan;
    // All inside their lengths: a witness is a number of this plan.
    for (let at = triggerStarts[witness]!, end = triggerStarts[witness + 1]!; at < end; at++)
      this.add(triggers[at]!);
    for (let at = provenStarts[witness]!, end = provenStarts[witness + 1]!; at < end; at++)
      state.itemStamps[proven[at]!] = generation;
  }

  private add(place: number): void {
    if (this.ruleStamps[place] === this.state.generation) return;
    this.ruleStamps[place] = this.state.generation;
    this.places[this.count++] = place;
  }
}
