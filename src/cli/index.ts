/**
 * The command line: one file a command, the same words and rights as the page.
 * Not here: what a command does beyond asking the running server (and starting it).
 * INVARIANT: what is not understood is refused, with the nearest thing that would be; exit codes are in docs/cli.md.
 */
export type { Call, Command, Io, Option } from './command.ts';
export { runCommandLine } from './run.ts';
