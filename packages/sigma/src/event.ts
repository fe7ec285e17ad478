/** Where events come from, in Sigma's own three words; a rule applies when each of its own is equal. */
export type LogSource = {
  readonly product?: string;
  readonly category?: string;
  readonly service?: string;
};

/** One event as rules see it. */
export type SigmaEvent = {
  /** By the names rules use. Values are JSON values; dotted names walk objects and arrays unless the literal key exists. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Every log source this event belongs to: a Sysmon event 1 is windows/process_creation and windows//sysmon. */
  readonly logsources: readonly LogSource[];
  /** Equal keys have equal `logsources`: the matcher caches a plan by it. */
  readonly routeKey: string;
};
