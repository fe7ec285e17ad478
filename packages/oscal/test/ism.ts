import { readFileSync } from 'node:fs';
import { sharedData } from '../../../test/shared.ts';
import type { Catalog, Profile } from '../src/index.ts';

/** The folder of the ISM editions, where it is there. */
export const ism = sharedData('governance/ism');

// ASD's own files: test/conformance.test.ts holds them to the schema.
export const ismCatalog = (edition: string, file = 'ISM_catalog.json'): Catalog =>
  (JSON.parse(readFileSync(`${ism}/${edition}/${file}`, 'utf8')) as { catalog: Catalog }).catalog;
export const ismProfile = (edition: string, file: string): Profile =>
  (JSON.parse(readFileSync(`${ism}/${edition}/${file}`, 'utf8')) as { profile: Profile }).profile;
