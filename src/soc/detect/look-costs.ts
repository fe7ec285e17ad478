/** What a worker found out about one rule since it started. */
export type LookCost = {
  readonly ruleId: string;
  /** How often the index found the rule worth a look. */
  readonly looks: number;
  /** From every 64th event, so that knowing it costs nothing; null where no look was timed. */
  readonly lookMicroseconds: number | null;
  /** Looks without an answer: the event's bound on work was used up. The rule may have missed those events. */
  readonly undecided: number;
};

/** What a look at each rule costs, of all workers of the running set. */
export class LookCosts {
  readonly #byWorker = new Map<number, ReadonlyMap<string, readonly LookCost[]>>();

  /**
   * @param worker replaces what this one said before
   * @param costs may have a rule more than once: one that is run in several forms
   */
  tell(worker: number, costs: readonly LookCost[]): void {
    this.#byWorker.set(
      worker,
      Map.groupBy(costs, ({ ruleId }) => ruleId),
    );
  }

  forget(worker: number): void {
    this.#byWorker.delete(worker);
  }

  /** The mean of all looks; null where none was measured yet. */
  microseconds(ruleId: string): number | null {
    let looks = 0;
    let total = 0;
    for (const cost of this.#of(ruleId)) {
      if (cost.lookMicroseconds === null) continue;
      looks += cost.looks;
      total += cost.looks * cost.lookMicroseconds;
    }
    return looks === 0 ? null : total / looks;
  }

  /** Looks without an answer since the running workers started. */
  undecided(ruleId: string): number {
    return this.#of(ruleId).reduce((sum, cost) => sum + cost.undecided, 0);
  }

  #of(ruleId: string): readonly LookCost[] {
    return [...this.#byWorker.values()].flatMap((costs) => costs.get(ruleId) ?? []);
  }
}
