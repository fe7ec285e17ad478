/** What was opened, so that it is closed in the opposite order, each part even when one before it failed to. */
export type Closing = {
  /** @returns `part`, to open and keep in one line */
  keep<Part>(part: Part, close: (part: Part) => unknown): Part;
  /** @throws AggregateError after all were tried */
  close(): Promise<void>;
};

export function closing(): Closing {
  const steps: (() => unknown)[] = [];
  return {
    keep(part, close) {
      steps.push(() => close(part));
      return part;
    },
    async close() {
      const failures: unknown[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed.');
    },
  };
}
