/**
 * The process that owns chDB: started by store.ts with the folder as its argument, spoken to over IPC.
 * chDB takes one folder a process and must live in a main thread; a crash of the engine is a crash of this process only.
 * It ends when its parent does.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { faultOf } from '../engine-errors.ts';
import { EventsNewer } from '../errors.ts';
import { type Connection, openConnection } from './connection.ts';
import { startEngine } from './engine.ts';
import { mergeBehindOthers } from './merge-priority.ts';
import type { Request, Response } from './messages.ts';
import { Running } from './running.ts';
import { Readers } from './readers.ts';
import { openWriter } from './writer.ts';

const folder = process.argv[2] ?? '';
/** A holder of the folder that was killed needs a moment to be gone. */
const waitForFolderMilliseconds = 30_000;

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group: the parent decides when this one ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

const say = (response: Response): void => {
  process.send?.(response);
};

try {
  const writer = await openWriter(await openWhenFree());
  mergeBehindOthers();
  const readers = new Readers(() => openConnection(folder));
  const running = new Running(openConnection(folder));
  const work = (request: Request): Promise<string> => {
    switch (request.kind) {
      case 'insert':
        return writer.insert(request.file, request.columns, request.rows).then(() => '');
      case 'read':
        return running.run(request.name, readers.read(request));
      case 'cancel':
        return running.cancel(request.read).then(() => '');
    }
  };
  process.on('message', (request: Request) => {
    work(request).then(
      (answer) => say({ kind: 'done', id: request.id, answer }),
      (error: unknown) => say({ kind: 'failed', id: request.id, fault: faultOf(error) }),
    );
  });
  say({ kind: 'ready' });
} catch (error) {
  if (!(error instanceof EventsNewer)) throw error;
  process.send?.({ kind: 'newer', found: String(error.facts['found']) } satisfies Response, () =>
    process.exit(0),
  );
}

async function openWhenFree(): Promise<Connection> {
  const start = Date.now();
  for (;;) {
    let engine: ReturnType<typeof startEngine> | undefined;
    try {
      engine = startEngine(folder);
      const connection = openConnection(folder);
      await connection.run('SELECT 1 FORMAT Null');
      return connection;
    } catch (error) {
      engine?.close();
      if (Date.now() - start > waitForFolderMilliseconds) throw error;
      await pause(200);
    }
  }
}
