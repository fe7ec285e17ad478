/** What the server's process and its children take, by /proc: processor time by thread, resident memory. */
import { readdirSync, readFileSync } from 'node:fs';

/** Seconds, user and system. `main`: HTTP, spool, records; `detect`: the workers; `other`: V8's and libuv's own threads. */
export type CpuSeconds = {
  readonly main: number;
  readonly detect: number;
  readonly other: number;
  readonly store: number;
};
/** Resident; and of the server's what its main thread holds: its heap, and bytes outside of it. */
export type MemoryMegabytes = {
  readonly server: number;
  readonly store: number;
  readonly heap: number;
  readonly buffers: number;
};

/** @param except a child that is not part of the product: whoever sends the load */
export function cpuSecondsOf(except: number | undefined): CpuSeconds {
  const seconds = { main: 0, detect: 0, other: 0 };
  for (const thread of readdirSync(`/proc/${process.pid}/task`)) {
    const name = textOf(`/proc/${process.pid}/task/${thread}/comm`).trim();
    const kind = Number(thread) === process.pid ? 'main' : name === 'detect' ? 'detect' : 'other';
    seconds[kind] += secondsIn(`/proc/${process.pid}/task/${thread}/stat`);
  }
  return { ...seconds, store: sum(children(except), (pid) => secondsIn(`/proc/${pid}/stat`)) };
}

export function memoryOf(except: number | undefined): MemoryMegabytes {
  const store = sum(children(except), (pid) => {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  });
  const { rss, heapTotal, external } = process.memoryUsage();
  return { server: rss / 1e6, store: store / 1e6, heap: heapTotal / 1e6, buffers: external / 1e6 };
}

function children(except: number | undefined): number[] {
  return readdirSync(`/proc/${process.pid}/task`)
    .flatMap((thread) => textOf(`/proc/${process.pid}/task/${thread}/children`).split(' '))
    .map(Number)
    .filter((pid) => pid > 0 && pid !== except);
}

/** SOURCE: proc_pid_stat(5), fields 14 and 15, in ticks of a hundredth of a second. */
function secondsIn(path: string): number {
  const fields = textOf(path).split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

/** '' for a thread or process that has just ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const sum = (pids: readonly number[], of: (pid: number) => number): number =>
  pids.reduce((total, pid) => total + of(pid), 0);
