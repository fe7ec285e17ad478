import { type DestinationStream, type Logger, pino } from 'pino';

export type LogOptions = {
  readonly level: string;
  /** The standard error output where it is not said: answers are on the standard output. */
  readonly to?: DestinationStream;
};

/** Fields that hold a secret wherever they turn up, one level down too. */
const hidden = ['password', 'secret', 'token', 'cookie', 'authorization', 'set-cookie'];

/** One line of JSON per thing that happened, time in ISO form, errors with their cause and without what is secret. */
export function createLogger({ level, to = pino.destination(2) }: LogOptions): Logger {
  return pino(
    {
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      base: null,
      redact: {
        paths: hidden.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `req.headers["${name}"]`]),
        censor: '[secret]',
      },
      serializers: { err: describe },
    },
    to,
  );
}

type Described = {
  type: string;
  message: string;
  code?: unknown;
  stack: string | undefined;
  cause?: Described;
};

/** With the chain of causes, at most five deep. */
function describe(error: unknown, depth = 0): Described {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: undefined };
  return {
    type: error.name,
    message: error.message,
    ...('code' in error && { code: error.code }),
    stack: error.stack,
    ...(error.cause !== undefined && depth < 5 && { cause: describe(error.cause, depth + 1) }),
  };
}
