import type { Tx } from '#platform/records';
import type { SystemControl } from './catalogue.ts';
import { systemControls } from './store-systems.ts';

/**
 * Every control a system is assessed against: of the active edition of each framework, the profile's, with what tailoring
 * took in; what it left out is listed too, and says so. In the order of the catalogue, the ISM first.
 * A control's id is there once: an edition whose ids are those of another active framework can't be activated.
 */
export const controlsOf = (tx: Tx, environment: string): Promise<SystemControl[]> =>
  systemControls(tx, environment, { guidance: true });

/** The same without guidance, which is most of the bytes. */
export const controlListOf = (tx: Tx, environment: string): Promise<SystemControl[]> =>
  systemControls(tx, environment, { guidance: false });

export const controlOf = async (
  tx: Tx,
  environment: string,
  control: string,
): Promise<SystemControl | undefined> =>
  (await systemControls(tx, environment, { guidance: true, control }))[0];
