import { countryOf } from '#community/places';
import {
  authzenRoutes,
  doorRoutes,
  type Gate,
  gateRoutes,
  kubernetesRoutes,
  openGate,
  proxiesOf,
} from '#community/gate';
import type { Core } from './core.ts';
import { gateSources } from './gate-sources.ts';

/** Opens the gate over the registers of the community, and its doors. */
export async function addGate(core: Core): Promise<Gate> {
  const { http, clock, log, opened, config } = core;
  const gate = opened.keep(
    await openGate({
      ...core,
      sources: gateSources(clock),
      countryOf,
      failed: (error) =>
        log.error({ err: error }, 'the gate could not read its facts; what it lacks it denies'),
    }),
    (part) => part.close(),
  );
  const origin = (): string => core.identity.origin;
  await http.add(authzenRoutes({ gate, origin }));
  await http.add(doorRoutes({ gate, origin, proxies: proxiesOf(config.trustedProxies) }));
  await http.add(kubernetesRoutes({ gate }));
  await http.add(gateRoutes({ ...core, gate }));
  return gate;
}
