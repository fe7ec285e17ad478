import { communityRoutes } from '#community';
import { agreementRoutes, passTime, policyRoutes, receiptRoutes, signingRoutes } from '#community/agreements';
import { identityRoutes, sweepAccounts } from '#identity';
import { clearanceRoutes } from '#community/clearances';
import { organisationRoutes } from '#community/organisations';
import { placeRoutes } from '#community/places';
import { plannedChangeRoutes } from '#community/planned-changes';
import { ledgerRoutes } from '#ledger';
import { contentRoutes } from '#platform/content';
import { agreementsOf } from './agreements.ts';
import { startChores } from './chores.ts';
import { agreementOf } from './agreement-of.ts';
import { contentOf } from './content.ts';
import type { Core } from './core.ts';
import { addDemo } from './demo-wiring.ts';
import { addGate } from './gate.ts';
import { healthOf } from './health.ts';
import { measureWatch } from './measure.ts';
import { addProve } from './prove.ts';
import { systemRoutes } from './routes.ts';
import { inNetworks, supportConditions } from './support-gate.ts';
import { addSupport } from './support-wiring.ts';
import { addWatch } from './watch.ts';

/** Which modules make up the system, and how they find each other. Wiring only. */
export async function addModules(core: Core): Promise<void> {
  const { http } = core;
  const startedAt = core.clock.now();
  await http.add(ledgerRoutes(core));
  await http.add(identityRoutes(core.identity));
  await http.add(communityRoutes(core));
  await http.add(organisationRoutes({ ...core, agreement: agreementOf }));
  await http.add(clearanceRoutes(core));
  await http.add(placeRoutes(core));
  await http.add(plannedChangeRoutes(core));
  const agreements = await agreementsOf(core);
  for (const routes of [policyRoutes, signingRoutes, receiptRoutes, agreementRoutes])
    await http.add(routes(agreements));
  const gate = await addGate(core);
  const content = contentOf(core);
  await http.add(contentRoutes(content));
  const watch = await addWatch(core, content);
  measureWatch(core.metrics, watch);
  await startChores(core, {
    'agreements.time': { everySeconds: 60, run: () => passTime(agreements) },
    'identity.sweep': { everySeconds: 3600, run: () => sweepAccounts(core.identity) },
  });
  await addSupport(
    core,
    supportConditions({
      gate,
      managed: inNetworks(core.config.managedNetworks),
      now: () => core.clock.now(),
    }),
  );
  const prove = await addProve(core, watch, content);
  const demo = await addDemo(core, watch, agreements, { gate, places: core }, prove);
  await http.add(
    systemRoutes({ health: () => healthOf(core, watch, startedAt), exploreDemo: () => demo.explore() }),
  );
}
