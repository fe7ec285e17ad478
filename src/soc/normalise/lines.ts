import type { LogSource } from '@ironbark/sigma';
import { parseAudit } from './audit.ts';
import type { FormatMap } from './map.ts';
import { matchTemplate, parseTemplate, type Template } from './template.ts';

/** What the syslog header of a line said; '' where it said nothing. */
export type LineHeader = {
  readonly hostname: string;
  readonly program: string;
  readonly pid: string;
  /** 0 to 7, as text. */
  readonly severity: string;
  readonly facility: string;
  /** ISO 8601. */
  readonly timestamp: string;
};

export type ReadLine = {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly logsources: readonly LogSource[];
  readonly routeKey: string;
};

type Reader = {
  readonly starts: readonly string[];
  readonly audit: boolean;
  readonly templates: readonly {
    readonly template: Template;
    readonly set: Readonly<Record<string, string>>;
  }[];
  readonly logsources: readonly LogSource[];
  readonly routeKey: string;
};

/**
 * Turns a text line into fields: the header's, what the program's templates find in the message, and `message` itself.
 * A line that no map knows still has its message and header.
 */
export class LineReader {
  readonly #byProgram = new Map<string, Reader>();
  readonly #byStart: Reader[] = [];
  readonly #anyProgram: Reader | undefined;

  constructor(maps: readonly FormatMap[]) {
    let any: Reader | undefined;
    for (const map of maps) {
      if (map.lines === undefined) continue;
      const reader = readerOf(map.format, map.lines);
      for (const program of map.lines.programs) this.#byProgram.set(program.toLowerCase(), reader);
      if (reader.starts.length > 0) this.#byStart.push(reader);
      if (map.lines.programs.length === 0 && reader.starts.length === 0) any = reader;
    }
    this.#anyProgram = any;
  }

  read(message: string, header: LineHeader): ReadLine {
    const fields: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(header)) if (value !== '') fields[name] = value;
    fields['message'] = message;
    const reader =
      this.#byStart.find((one) => one.starts.some((start) => message.startsWith(start))) ??
      this.#byProgram.get(header.program.toLowerCase()) ??
      (header.program === '' ? undefined : this.#anyProgram);
    if (reader === undefined) return { fields, logsources: [], routeKey: 'line' };
    // sudo pads its user names.
    const text = message.trimStart();
    if (reader.audit) Object.assign(fields, parseAudit(message));
    for (const { template, set } of reader.templates) {
      const found = matchTemplate(template, text);
      if (found === undefined) continue;
      Object.assign(fields, found, set);
      break;
    }
    return { fields, logsources: reader.logsources, routeKey: reader.routeKey };
  }
}

function readerOf(format: string, lines: NonNullable<FormatMap['lines']>): Reader {
  return {
    starts: lines.starts,
    audit: lines.keyValue === 'audit',
    templates: lines.templates.map((given) => {
      const { text, set } = typeof given === 'string' ? { text: given, set: {} } : given;
      return { template: parseTemplate(text), set };
    }),
    logsources: lines.logsources.map((one) => ({
      ...(one.product === undefined ? {} : { product: one.product }),
      ...(one.category === undefined ? {} : { category: one.category }),
      ...(one.service === undefined ? {} : { service: one.service }),
    })),
    routeKey: `line:${format}`,
  };
}
