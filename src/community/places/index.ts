/**
 * From where and on what people work: which addresses are Australian, exceptions agreed by two, remote-work grants,
 * managed devices. Facts for the gate.
 * Not here: what follows from them (gate).
 * INVARIANT: an address that is on no list is in no country, and an exception that only one has signed holds nothing.
 */
export {
  agreeToException,
  grantRemoteWork,
  importNetworks,
  type PlacesDeps,
  proposeException,
  registerDevice,
} from './places.ts';
export { plainIp } from './ranges.ts';
export { placeRoutes } from './routes.ts';
export {
  countryOf,
  type Device,
  deviceById,
  devices,
  exceptionsInForce,
  type PlaceException,
  placeGrants,
  type RemoteWork,
  remoteWorkInForce,
} from './store.ts';
