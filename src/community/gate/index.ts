/**
 * The gate: who may do what, where, now; from facts, with every reason and its remedy.
 * Not here: the facts themselves (organisations, clearances, agreements, support keep them) and what happens after a permit.
 * INVARIANT: a permit needs every gate that applies to open; a missing, stale or unreadable fact never opens one.
 */
export { type Policy } from './decide.ts';
export { type DecisionCount, decisionCounts } from './store.ts';
export type { Decision, Obligation, Reason, Remedy } from './decision.ts';
export * from './facts.ts';
export type { CountryOf } from './places.ts';
export { type Proxies, proxiesOf } from './proxies.ts';
export type { AccessRequest, Told } from './request.ts';
export { gateRoutes } from './routes.ts';
export { authzenRoutes } from './routes-authzen.ts';
export { doorRoutes } from './routes-doors.ts';
export { kubernetesRoutes } from './routes-kubernetes.ts';
export { type Answer, type Caller, type Gate, type GateDeps, openGate } from './service.ts';
export type {
  ChangeEntry,
  ClearanceEntry,
  CommencementEntry,
  DeviceEntry,
  FactSources,
  FactTable,
  OrganisationEntry,
  PersonEntry,
  SupportEntry,
  TenancyEntry,
} from './sources.ts';
