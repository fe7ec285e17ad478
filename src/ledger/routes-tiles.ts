import { parseTilePath, type Tile, TlogError } from '@ironbark/tlog';
import { NotAllowed, NotFound } from '#platform/errors';
import type { Routes } from '#platform/http';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { LogReader } from './log-reader.ts';

/**
 * The log as every tool for transparency logs reads it. Hashes say nothing about what was hashed (every leaf commits
 * with a random salt), so they and the checkpoint are public; entries are the provider's.
 * @see c2sp.org/tlog-tiles
 */
export const tileRoutes =
  (reader: LogReader): Routes =>
  async (http) => {
    const params = z.object({ '*': z.string().max(60) });
    http.get(
      '/ledger/checkpoint',
      { config: { permission: 'public' }, schema: { summary: 'The newest checkpoint', tags: ['ledger'] } },
      async (_request, reply) => {
        const checkpoint = await reader.checkpoint();
        if (checkpoint === undefined) throw new NotFound('checkpoint', 'newest');
        return reply
          .type('text/plain; charset=utf-8')
          .header('cache-control', 'no-cache')
          .send(checkpoint.note);
      },
    );
    http.get(
      '/ledger/tile/*',
      {
        config: { permission: 'public' },
        schema: { summary: 'Hashes of the log', tags: ['ledger'], params },
      },
      ({ params: { '*': rest } }, reply) => sendTile(reader, tileOf(`tile/${rest}`, 'hashes'), reply),
    );
    http.get(
      '/ledger/tile/entries/*',
      {
        config: { permission: 'ledger.read' },
        schema: { summary: 'Entries of the log, without their payloads', tags: ['ledger'], params },
      },
      ({ actor, params: { '*': rest } }, reply) => {
        if (!actor.ofProvider) throw new NotAllowed('ledger.read of the provider');
        return sendTile(reader, tileOf(`tile/entries/${rest}`, 'entries'), reply);
      },
    );
  };

function tileOf(path: string, kind: 'hashes' | 'entries'): Tile {
  try {
    const tile = parseTilePath(path);
    if ((tile.level === 'entries') === (kind === 'entries')) return tile;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
  }
  throw new NotFound('tile', path);
}

async function sendTile(reader: LogReader, tile: Tile, reply: FastifyReply): Promise<FastifyReply> {
  const bytes = await reader.tile(tile);
  if (bytes === undefined) throw new NotFound('tile', `${tile.level}/${tile.index}`);
  // What a tile of this width holds never changes.
  return reply
    .type('application/octet-stream')
    .header(
      'cache-control',
      `${tile.level === 'entries' ? 'private' : 'public'}, max-age=31536000, immutable`,
    )
    .send(Buffer.from(bytes));
}
