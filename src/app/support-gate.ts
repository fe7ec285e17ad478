import { BlockList, isIPv4 } from 'node:net';
import type { Gate } from '#community/gate';
import type { ConnectAnswer, ConnectQuestion } from '#community/support';

type Deps = {
  readonly gate: Pick<Gate, 'evaluate' | 'weigh' | 'ready'>;
  /** Whether only managed devices have this address. */
  readonly managed: (address: string) => boolean;
  readonly now: () => Date;
};

/** What the gate can't open before a session is live; support itself holds it: both approved, in time, not used before. */
const opensWithTheStart = 'support-live';

/**
 * Asks the gate for one engineer of one session. Letting somebody in is a decision that is kept; what is asked before the
 * start, and every few seconds after, is weighed only: the ledger has the start, and the end with its reasons.
 */
export function supportConditions(deps: Deps): (question: ConnectQuestion) => Promise<ConnectAnswer> {
  return async (question) => {
    const { kind, engineer, session, moment } = question;
    const planned = kind === 'planned';
    const request = {
      subject: { type: 'person', id: engineer.person ?? engineer.user },
      action: { name: planned ? 'support.connect' : 'break-glass.connect' },
      resource: { type: planned ? 'support-session' : 'break-glass', id: session },
    };
    const caller = {
      actor: {
        id: 'system',
        name: 'SSH gateway',
        ofProvider: true,
        organisation: '',
        scopeOrNone: undefined,
      },
      face: 'system',
      requestId: session,
      told: toldOf(deps, question),
    } as const;
    if (moment === 'login') return answerOf(await deps.gate.evaluate(caller, request));
    await deps.gate.ready(caller.told);
    const weighed = deps.gate.weigh(caller, request);
    return answerOf({
      ...weighed,
      reasons: weighed.reasons.filter(({ gate }) => moment !== 'start' || gate !== opensWithTheStart),
    });
  };
}

const answerOf = ({ reasons }: Pick<ReturnType<Gate['weigh']>, 'reasons'>): ConnectAnswer => ({
  // A permit has no reason; whatever has one is a denial.
  allowed: reasons.length === 0,
  reasons: reasons.map(({ staff }) => staff),
});

/** What only the gateway knows of the moment; what it does not know it does not tell, and that denies. */
function toldOf({ managed, now }: Deps, { address, signIn }: ConnectQuestion) {
  const known = address !== null && managed(address);
  return {
    ...(address !== null && { address }),
    // Outside these networks nobody knows what device it is.
    ...(known && { device: { managed: true } }),
    ...(address !== null && { remote: !known }),
    ...(signIn !== null && {
      // The gateway itself ends a connection on which nothing was typed for a quarter of an hour.
      session: { beganAt: signIn.at, lastActiveAt: now(), phishingResistant: signIn.passkey },
    }),
  };
}

/** @param networks in CIDR notation */
export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return (address) => list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
