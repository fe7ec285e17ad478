/**
 * The demo: an invented community with a story of attack, replayed through the real doors, so that everything the page
 * shows has come the way real logs come. Not here: anything that only the demo has; it uses the services people use.
 * INVARIANT: what the demo makes is labelled as demo, and it can't be started once a provider is set up.
 */
export { createDemo, type Demo, type DemoDeps } from './demo.ts';
export { settle } from './people.ts';
export { agree } from './agree.ts';
export { type GateHouse, tellGate } from './gate.ts';
export { tellProve } from './prove/tell.ts';
export type { ProveHouse } from './prove/house.ts';
