import type { Tx } from '#platform/records';
import type { EditionControl, SystemControl } from './catalogue.ts';
import { editionControls, editionOf, profilesOf } from './store.ts';
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

/** What an edition and profile would have a system assessed against; undefined where there is none of these. */
export async function controlsOfEdition(
  tx: Tx,
  edition: string,
  profile: string,
): Promise<{ readonly framework: string; readonly controls: readonly EditionControl[] } | undefined> {
  const found = await editionOf(tx, edition);
  const selected = (await profilesOf(tx, edition)).find(({ id }) => id === profile);
  if (found === undefined || selected === undefined) return undefined;
  const wanted = new Set(selected.controls);
  const controls = (await editionControls(tx, edition)).filter(
    ({ id, assessed }) => assessed && wanted.has(id),
  );
  return { framework: found.framework, controls };
}
