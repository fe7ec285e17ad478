/**
 * What there is to protect, and what that depends on: information assets, supporting assets, their keys, software and edges.
 * Not here: what is wrong with them (vulnerability), what it would cost (governance/risk), the events of hosts (soc).
 * INVARIANT: keys that contradict each other never merge two assets; only a person does, and can undo it.
 */
export type { AssetDeps } from './deps.ts';
export * from './errors.ts';
export { setDependency } from './edges.ts';
export { importAssets } from './importing.ts';
export { type HostsSeen, proposeHosts } from './proposing.ts';
export {
  type Asset,
  type AssetEdges,
  assetsOf,
  type DependencyEdge,
  edgesOf,
  type GateOf,
  type InventoryCount,
  inventoryCount,
  type ReachEdge,
  softwareOf,
} from './reading.ts';
export { assetRoutes } from './routes.ts';
