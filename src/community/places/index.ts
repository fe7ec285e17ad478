/**
 * From where and on what people work: which addresses are Australian, exceptions agreed by two, remote-work grants,
 * managed devices. Facts for the gate.
 * Not here: what follows from them (gate).
 * INVARIANT: an address that is on no list is in no country.
 */
export {
  countryOf,
  type Device,
  deviceById,
  exceptionsInForce,
  type PlaceException,
  type RemoteWork,
  remoteWorkInForce,
} from './store.ts';
