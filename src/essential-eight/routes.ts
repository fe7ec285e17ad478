import { z } from 'zod';
import type { Routes } from '#platform/http';
import { maturityDetail, maturityHistory, maturityList, targetInput } from './contract.ts';
import {
  changeTarget,
  type EssentialEightDeps,
  listMaturity,
  maturityOverTime,
  readMaturity,
} from './service.ts';

const tags = ['essential eight'];
const ofEnvironment = z.object({ environment: z.string().max(63) });

export const essentialEightRoutes =
  (deps: EssentialEightDeps): Routes =>
  async (http) => {
    http.get(
      '/api/essential-eight',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'The maturity of every environment, by strategy',
          tags,
          response: { 200: maturityList },
        },
      },
      async ({ actor }) => ({
        environments: await listMaturity(deps, actor),
        others: [...deps.table.others],
      }),
    );
    http.get(
      '/api/essential-eight/:environment',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary:
            'The maturity of an environment: controls, what its target lacks, and what changed since yesterday',
          tags,
          params: ofEnvironment,
          response: { 200: maturityDetail },
        },
      },
      ({ actor, params }) => readMaturity(deps, actor, params.environment),
    );
    http.get(
      '/api/essential-eight/:environment/history',
      {
        config: { permission: 'governance.read' },
        schema: {
          summary: 'How the maturity of an environment went',
          tags,
          params: ofEnvironment,
          querystring: z.object({ days: z.coerce.number().int().min(1).max(1100).default(90) }),
          response: { 200: maturityHistory },
        },
      },
      ({ actor, params, query }) => maturityOverTime(deps, actor, params.environment, query.days),
    );
    http.put(
      '/api/essential-eight/:environment/target',
      {
        config: { permission: 'governance.manage' },
        schema: {
          summary: 'Hold an environment to another level',
          tags,
          params: ofEnvironment,
          body: targetInput,
          response: { 200: maturityList.shape.environments.element },
        },
      },
      ({ actor, params, body }) => changeTarget(deps, actor, params.environment, body.level),
    );
  };
