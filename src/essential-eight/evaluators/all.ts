import type { Evaluator } from '#governance/evidence';
import type { Table } from '../table.ts';
import { accountEvaluators } from './accounts.ts';
import { applicationControlEvaluators } from './application-control.ts';
import { backupEvaluators } from './backups.ts';
import { logEvaluators } from './logs.ts';
import { machineSettingEvaluators } from './machine-settings.ts';
import { officeEvaluators } from './office.ts';
import { feedEvaluator, patchEvaluator, scanEvaluator } from './patching.ts';
import { signInEvaluators } from './sign-ins.ts';
import { supportEvaluators } from './support.ts';
import { windowsStateEvaluators } from './windows-state.ts';

/** All of them; those with clocks take these from the table. */
export const essentialEightEvaluators = (table: Table): readonly Evaluator[] => [
  ...table.controls.flatMap((control) => (control.patch ? [patchEvaluator(control, control.patch)] : [])),
  ...table.controls.flatMap((control) => (control.scan ? [scanEvaluator(control, control.scan)] : [])),
  feedEvaluator,
  ...supportEvaluators,
  ...signInEvaluators,
  ...accountEvaluators,
  ...applicationControlEvaluators,
  ...officeEvaluators,
  ...machineSettingEvaluators,
  ...windowsStateEvaluators,
  ...logEvaluators,
  ...backupEvaluators,
];
