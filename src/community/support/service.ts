import type { Logger } from 'pino';
import { type Authorities, openAuthorities } from './authority.ts';
import type { gatewayFacts } from './contract.ts';
import type { SupportDeps } from './deps.ts';
import { GatewayOff } from './errors.ts';
import { openGateway } from './gateway.ts';
import { type Keeper, keepSessions } from './keeper.ts';
import type { GatewayPlace } from './live.ts';
import type { RecordingLimits } from './recording.ts';
import { fingerprintOf, lineOf } from './ssh/keys.ts';
import type { z } from 'zod';

export type Support = {
  readonly deps: SupportDeps;
  readonly authorities: Authorities;
  readonly keeper: Keeper;
  /** Where engineers connect. @throws {GatewayOff} */
  place(): GatewayPlace;
  facts(): z.infer<typeof gatewayFacts>;
  /** Cuts off who is connected, and stops listening. */
  close(): Promise<void>;
};

export type SupportOptions = {
  /** Where the keys are kept. */
  readonly keys: string;
  /** Null: no gateway here. */
  readonly listen: { readonly host: string; readonly port: number } | null;
  /** How engineers reach it, where that is not where it listens. */
  readonly publicHost: string | undefined;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly recording?: RecordingLimits;
};

/** Opens the keys, the watch over live sessions, and the gateway. */
export async function openSupport(deps: SupportDeps, options: SupportOptions): Promise<Support> {
  const authorities = openAuthorities(options.keys);
  const keeper = await keepSessions(deps, options.log);
  const { listen, log, recording } = options;
  const gateway =
    listen === null
      ? undefined
      : await openGateway({ ...deps, authorities, keeper, log, ...(recording && { recording }) }, listen);
  const host =
    options.publicHost ?? (gateway === undefined || gateway.host === '0.0.0.0' ? 'localhost' : gateway.host);
  return {
    deps,
    authorities,
    keeper,
    place: () => {
      if (gateway === undefined) throw new GatewayOff();
      return { host, port: gateway.port };
    },
    facts: () => ({
      listening: gateway !== undefined,
      host,
      port: gateway?.port ?? 0,
      hostKey: fingerprintOf(authorities.host.blob),
      targetAuthority: lineOf(authorities.targets.blob, 'ironbark-support'),
    }),
    close: async () => {
      await keeper.close();
      await gateway?.close();
    },
  };
}
