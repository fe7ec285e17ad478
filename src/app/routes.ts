import { z } from 'zod';
import type { Routes } from '#platform/http';
import { type Health, health } from './contract.ts';

type Deps = {
  readonly health: () => Promise<Health>;
  readonly exploreDemo: () => Promise<void>;
};

/** What is of the whole system and of no module. */
export const systemRoutes =
  (deps: Deps): Routes =>
  async (http) => {
    http.get(
      '/api/health',
      {
        config: { permission: 'health.read' },
        schema: { summary: 'How the parts are, now', tags: ['operations'], response: { 200: health } },
      },
      () => deps.health(),
    );
    http.post(
      '/api/setup/demo',
      {
        config: { permission: 'community.manage' },
        schema: {
          summary: 'Build the demo: an invented community with a story of attack, through the real doors',
          tags: ['community'],
          response: { 201: z.object({ demo: z.literal(true) }) },
        },
      },
      async (_request, reply) => {
        await deps.exploreDemo();
        return reply.code(201).send({ demo: true });
      },
    );
  };
