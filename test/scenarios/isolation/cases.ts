import type { Case } from './case.ts';
import { agreementCases } from './agreements.ts';
import { assetCases } from './assets.ts';
import { certificateCases } from './certificates.ts';
import { communityCases } from './community.ts';
import { contentCases } from './content.ts';
import { controlCases } from './controls.ts';
import { essentialEightCases } from './essential-eight.ts';
import { evidenceCases } from './evidence.ts';
import { frameworkCases } from './frameworks.ts';
import { documentCases } from './documents.ts';
import { gateCases } from './gate.ts';
import { governanceCases } from './governance.ts';
import { identityCases } from './identity.ts';
import { ledgerCases } from './ledger.ts';
import { plannedChangeCases } from './planned-changes.ts';
import { reportCases } from './reports.ts';
import { riskCases } from './risk.ts';
import { socCases } from './soc.ts';
import { supportCases } from './support.ts';
import { systemCases } from './system.ts';

/** How to ask each route for what is Acme's; a module's routes are in the file of its name. */
export const cases: Record<string, Case> = {
  ...agreementCases(),
  ...assetCases(),
  ...certificateCases,
  ...communityCases,
  ...contentCases,
  ...controlCases,
  ...essentialEightCases,
  ...evidenceCases,
  ...documentCases,
  ...gateCases,
  ...governanceCases,
  ...frameworkCases,
  ...identityCases,
  ...ledgerCases,
  ...plannedChangeCases,
  ...reportCases,
  ...riskCases,
  ...socCases,
  ...supportCases(),
  ...systemCases,
};
