import type { Routes } from '#platform/http';
import type { Records } from '#platform/records';
import { systemList } from './contract.ts';
import { systemsIn } from './systems.ts';

export const governanceRoutes =
  ({ records }: { readonly records: Records }): Routes =>
  async (http) => {
    http.get(
      '/api/systems',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'The systems that are assessed: an environment each',
          tags: ['governance'],
          response: { 200: systemList },
        },
      },
      async ({ actor }) => ({
        systems: await records.transaction(actor.scope, (tx) => systemsIn(tx, actor.scope)),
      }),
    );
  };
