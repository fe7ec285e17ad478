import type { Importer } from '#governance/evidence';
import { applicationControlImporters } from './application-control.ts';
import { backupImporters } from './backups.ts';
import { directoryImporters } from './directory.ts';
import { entraImporters } from './entra.ts';
import { intuneImporter } from './intune.ts';
import { registryImporters } from './registry.ts';
import { policyFileImporter } from './registry-pol.ts';
import { scannerImporters } from './scanners.ts';
import { signInLogImporters } from './sign-in-logs.ts';
import { tableImporters } from './tables.ts';
import { windowsEventImporter } from './windows-events.ts';
import { windowsStateImporter } from './windows-state.ts';

/** Every format read here, the narrowest first: the first that takes a file's head reads it. */
export const essentialEightImporters: readonly Importer[] = [
  ...entraImporters,
  ...signInLogImporters,
  ...applicationControlImporters,
  ...scannerImporters,
  ...backupImporters,
  intuneImporter,
  windowsStateImporter,
  windowsEventImporter,
  policyFileImporter,
  ...registryImporters,
  ...directoryImporters,
  ...tableImporters,
];
