/**
 * What may happen to information assets, how probable it is and why: the engine's answers about our own inventory, controls
 * and vulnerabilities, kept so that each can be made again; and the register in which people decide what to do.
 * Not here: the arithmetic (packages/risk), the inventory (assets), how controls stand (governance/controls).
 * INVARIANT: an acceptance holds only while the upper end of the risk's interval is below its ceiling; lapsed is for good.
 */
export type { RiskDeps } from './deps.ts';
export { helpers } from './drawing/helpers.ts';
export * from './errors.ts';
export { feedKinds } from './feed-kinds.ts';
export type { Safeguard } from './inputs.ts';
export { importFindings } from './findings.ts';
export { acceptRisk, addRisk, registerOf } from './register.ts';
export { riskRoutes } from './routes.ts';
export { riskOf, runRisk } from './runs.ts';
export { RiskThread } from './thread.ts';
