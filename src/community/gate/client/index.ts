/**
 * An enforcement point in TypeScript: asks a gate elsewhere and denies on anything it does not understand.
 * Not here: the gate. It imports nothing, so that it can be copied out of the house.
 * INVARIANT: only `decision: true`, in time and with duties the caller can do, is a permit.
 */
export {
  createGateClient,
  type Duty,
  type GateClientOptions,
  type Question,
  type Verdict,
} from './client.ts';
