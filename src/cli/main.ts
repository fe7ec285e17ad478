import { fileURLToPath } from 'node:url';
import { exitCodes } from './command.ts';
import { runCommandLine } from './run.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one does not wait.
    if (interrupted.signal.aborted) process.exit(exitCodes.interrupted);
    interrupted.abort();
  });
}
// A reader that went away (`ironbark … | head`) is no error.
process.stdout.on('error', () => process.exit(exitCodes.done));

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    env: process.env,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    stdin: process.stdin,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal: process.stderr.isTTY,
  },
  interrupted.signal,
);
