import type {
  AcceptConnection,
  Client,
  ClientChannel,
  Connection,
  PseudoTtyInfo,
  RejectConnection,
  ServerChannel,
  Session as SshSession,
} from 'ssh2';
import type { Admitted, GatewayDeps } from './gateway-deps.ts';
import { endSession } from './live.ts';
import { type Recorder, type RecordingLimits, startRecording } from './recording.ts';
import { system } from './change.ts';
import { connectTarget } from './ssh/target.ts';

export type Opening = {
  readonly connection: Connection;
  readonly accept: AcceptConnection<SshSession>;
  readonly reject: RejectConnection;
  readonly admitted: Admitted;
  /** Aborts with why, when the connection is to end. */
  readonly ended: AbortSignal;
  readonly end: (why: string) => void;
  /** The engineer did something. */
  readonly active: () => void;
};
type Deps = GatewayDeps & { readonly recording: RecordingLimits };
type Size = { cols: number; rows: number };

const maxChannels = 4;
const maxCommandBytes = 16 * 1024;
const maxSide = 1000;
const environment = /^(LANG|LC_[A-Z]{1,20})$/;
/** How many channels each connection has open. */
const channelsOf = new WeakMap<Connection, number>();

/**
 * One channel of an engineer: a terminal or one command, handed on to the target and recorded. No files, no forwarding,
 * no agent: what is not answered here is refused by ssh2 itself.
 */
export function openSession(deps: Deps, opening: Opening): void {
  const { connection, ended } = opening;
  const open = channelsOf.get(connection) ?? 0;
  if (open >= maxChannels || ended.aborted) return opening.reject();
  channelsOf.set(connection, open + 1);
  const session = opening.accept();
  session.once('close', () => channelsOf.set(connection, (channelsOf.get(connection) ?? 1) - 1));
  let terminal: PseudoTtyInfo | undefined;
  let resized: (size: Size) => void = () => undefined;
  let begun = false;
  const env: Record<string, string> = {};
  session.on('pty', (accept, reject, info) => {
    if (!isSize(info)) return reject();
    terminal = info;
    accept();
  });
  session.on('window-change', (accept, _reject, info) => {
    if (isSize(info)) {
      if (terminal !== undefined) terminal = { ...terminal, ...info };
      resized(info);
    }
    // Sent without wanting an answer, by every client there is.
    accept?.();
  });
  session.on('env', (accept, reject, { key, val }) => {
    if (!environment.test(key) || val.length > 100) return reject?.();
    env[key] = val;
    accept?.();
  });
  const begin = (accept: () => ServerChannel, reject: () => void, command: string | null): void => {
    if (begun) return reject();
    begun = true;
    const given = { command, terminal, env, onResize: (heard: (size: Size) => void) => (resized = heard) };
    const channel = accept();
    void carry(deps, opening, channel, given).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      deps.log.warn({ err: error, session: opening.admitted.session.id }, 'an SSH channel failed');
      say(channel, `The gateway could not go on: ${why}.`);
      channel.exit(255);
      channel.close();
    });
  };
  session.on('shell', (accept, reject) => begin(accept, reject, null));
  session.on('exec', (accept, reject, { command }) => {
    if (Buffer.byteLength(command) > maxCommandBytes) return reject();
    begin(accept, reject, command);
  });
}

const isSize = ({ cols, rows }: Size): boolean => cols <= maxSide && rows <= maxSide;
const whyOf = ({ reason }: AbortSignal): string =>
  reason instanceof Error ? reason.message : 'the session is over';
const say = (channel: ServerChannel, text: string): void => {
  if (!channel.destroyed) channel.stderr.write(`\r\n[ironbark] ${text}\r\n`);
};

type Given = {
  readonly command: string | null;
  readonly terminal: PseudoTtyInfo | undefined;
  readonly env: Record<string, string>;
  readonly onResize: (heard: (size: Size) => void) => void;
};

async function carry(deps: Deps, opening: Opening, channel: ServerChannel, given: Given): Promise<void> {
  const { admitted, ended, end } = opening;
  const { session, engineer, address } = admitted;
  const client = await connectTarget(admitted.system, {
    keyId: `${session.id} ${engineer.user}`,
    authority: deps.authorities.targets.key,
    now: deps.clock.now(),
    signal: ended,
  });
  // From here on every way out closes the target's side too.
  const cut = (): void => void client.destroy();
  const cutSaying = (): void => {
    say(channel, `Ended: ${whyOf(ended)}.`);
    cut();
  };
  ended.addEventListener('abort', cutSaying, { once: true });
  channel.once('close', cut);
  client.on('error', (error) =>
    deps.log.info({ err: error, session: session.id }, 'the target connection failed'),
  );
  try {
    if (ended.aborted) throw ended.reason;
    const recorder = await startRecording(
      deps,
      {
        session,
        engineer,
        system: admitted.system.name,
        kind: given.command === null ? 'shell' : 'exec',
        command: given.command,
        address,
        // SOURCE: RFC 4254, 6.2: zero is no size, and a screen without columns could not be played.
        width: given.terminal?.cols || 80,
        height: given.terminal?.rows || 24,
      },
      (error) => {
        deps.log.error(
          { err: error, session: session.id },
          'a recording could not be kept: the session is ended',
        );
        end('the recording could not be kept');
        void endSession(deps, session.id, {
          actor: system,
          by: 'the gateway',
          code: 'recording-failed',
          reason: 'The recording could not be kept, so the session was ended.',
          detail: error instanceof Error ? error.message : null,
        }).catch((fault: unknown) => deps.log.error({ err: fault }, 'a session could not be ended'));
      },
      deps.recording,
    );
    try {
      await pass(opening, client, channel, recorder, given);
    } finally {
      await recorder.close();
    }
  } finally {
    ended.removeEventListener('abort', cutSaying);
    client.end();
  }
}

/** Bytes both ways until one side closes. Each piece is recorded before it is shown. */
async function pass(
  { ended, active }: Opening,
  client: Client,
  channel: ServerChannel,
  recorder: Recorder,
  given: Given,
): Promise<void> {
  const remote = await openRemote(client, given);
  given.onResize(({ cols, rows }) => {
    if (cols > 0 && rows > 0) recorder.resize(cols, rows);
    remote.setWindow(rows, cols, 0, 0);
  });
  const closed = new Promise<void>((resolve) => {
    remote.once('close', () => resolve());
    channel.once('close', () => resolve());
    ended.addEventListener('abort', () => resolve(), { once: true });
    client.once('close', () => resolve());
  });
  let status: { code: number } | { signal: string } | undefined;
  remote.on('exit', (code: number | null, signal?: string) => {
    status = code === null ? { signal: signal ?? 'TERM' } : { code };
  });
  const forward = (
    from: NodeJS.ReadableStream,
    to: NodeJS.WritableStream,
    note: (bytes: Buffer) => void,
  ): void => {
    from.on('data', (bytes: Buffer) => {
      note(bytes);
      if (!to.write(bytes)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
  };
  forward(remote, channel, (bytes) => recorder.output(bytes));
  forward(remote.stderr, channel.stderr, (bytes) => recorder.output(bytes));
  forward(channel, remote, (bytes) => {
    active();
    recorder.input(bytes);
  });
  channel.on('end', () => remote.end());
  await closed;
  if (!channel.destroyed) {
    if (status !== undefined && 'code' in status) channel.exit(status.code);
    else if (status !== undefined) channel.exit(status.signal.replace(/^SIG/, ''));
    channel.close();
  }
}

function openRemote(client: Client, { command, terminal, env }: Given): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, channel: ClientChannel): void =>
      error ? reject(error) : resolve(channel);
    const pty = terminal && {
      cols: terminal.cols,
      rows: terminal.rows,
      width: 0,
      height: 0,
      term: termOf(terminal),
      modes: terminal.modes,
    };
    if (command === null) client.shell(pty ?? false, { env }, done);
    else client.exec(command, { env, ...(pty && { pty }) }, done);
  });
}

/** ssh2's types leave out the terminal's name, which it hands over. */
const termOf = (terminal: PseudoTtyInfo): string => {
  const { term } = terminal as { term?: unknown };
  return typeof term === 'string' && /^[A-Za-z0-9._+-]{1,64}$/.test(term) ? term : 'xterm-256color';
};
