import { parse } from 'yaml';
import type { Clock } from '#platform/clock';
import type { Settled } from './people.ts';
import {
  communityContent,
  type DemoItem,
  seeded,
  type Story,
  storyContent,
  storyUntil,
  type Traffic,
  trafficBetween,
  trafficContent,
} from './story.ts';

/** What the demo asks of the house: the same services that people use, and the address of the same door shippers use. */
export type DemoDeps = {
  readonly clock: Clock;
  /** Text of content/demo/<name>. */
  readonly read: (name: string) => Promise<string>;
  readonly setUpProvider: (provider: { id: string; name: string }) => Promise<unknown>;
  readonly addOrganisation: (organisation: {
    id: string;
    name: string;
    kind: 'customer' | 'partner';
  }) => Promise<unknown>;
  readonly addTenancy: (tenancy: { organisation: string; environment: string }) => Promise<unknown>;
  /** People, offices, clearances, contacts, from content/demo/people.yaml. */
  readonly settle: (provider: string, people: string) => Promise<Settled>;
  /** The policy and what was agreed to. */
  readonly agree: () => Promise<void>;
  /** Where people work from, changes, and what was asked of the gate, from content/demo/gate.yaml. */
  readonly gate: (people: Settled, text: string) => Promise<void>;
  /** Six weeks of what Prove shows. @param read text of content/demo/<name> */
  readonly prove: (read: (name: string) => Promise<string>) => Promise<void>;
  /** Does the work while nothing else looks at Prove as of now. */
  readonly inHistory: (work: () => Promise<void>) => Promise<void>;
  /** @returns the source's token */
  readonly addSource: (source: { id: string; name: string; tenancy: string }) => Promise<string>;
  /** A new token for a source that is there already: the demo keeps none on disk. */
  readonly renewToken: (source: string, tenancy: string) => Promise<string>;
  /** Where `_bulk` is answered, e.g. http://127.0.0.1:8515 */
  readonly door: () => string;
  readonly failed: (error: unknown) => void;
};

export type Demo = {
  /** Sets up the community, tells the day before as history, and goes on live. Resolves when the history is in. */
  explore(): Promise<void>;
  /** After a restart: goes on live. */
  resume(): Promise<void>;
  close(): Promise<void>;
};

const historyHours = 24;
const historyItems = 6_000;
const liveEverySeconds = 5;
const liveItems = 8;
const itemsPerRequest = 500;

export function createDemo(deps: DemoDeps): Demo {
  const stopping = new AbortController();
  let live: Promise<void> = Promise.resolve();

  async function content(): Promise<{ traffic: Traffic; story: Story }> {
    return {
      traffic: trafficContent.parse(JSON.parse(await deps.read('traffic.json'))),
      story: storyContent.parse(JSON.parse(await deps.read('story.json'))),
    };
  }

  async function goOn(traffic: Traffic, tokens: ReadonlyMap<string, string>): Promise<void> {
    const random = seeded(deps.clock.now().getTime());
    while (!stopping.signal.aborted) {
      await pause(liveEverySeconds * 1000, stopping.signal);
      if (stopping.signal.aborted) return;
      const now = deps.clock.now();
      const before = new Date(now.getTime() - liveEverySeconds * 1000);
      // The door may be busy or closing: the next round is new traffic anyway.
      await sendAll(deps.door(), trafficBetween(before, now, liveItems, traffic, random), tokens).catch(
        deps.failed,
      );
    }
  }

  return {
    async explore() {
      const community = communityContent.parse(parse(await deps.read('community.yaml')));
      const { traffic, story } = await content();
      const tokens = new Map<string, string>();
      await deps.inHistory(async () => {
        await deps.setUpProvider(community.provider);
        for (const { environments, ...organisation } of community.organisations) {
          await deps.addOrganisation(organisation);
          for (const environment of environments)
            await deps.addTenancy({ organisation: organisation.id, environment });
        }
        const people = await deps.settle(community.provider.id, await deps.read('people.yaml'));
        await deps.agree();
        await deps.gate(people, await deps.read('gate.yaml'));
        for (const source of community.sources) tokens.set(source.id, await deps.addSource(source));
        await deps.prove(deps.read);
      });

      const now = deps.clock.now();
      const random = seeded(20_261_123);
      const history = [
        ...trafficBetween(
          new Date(now.getTime() - historyHours * 3_600_000),
          now,
          historyItems,
          traffic,
          random,
        ),
        ...storyUntil(now, story, traffic.lists, random),
      ].sort((a, b) => a.at.getTime() - b.at.getTime());
      await sendAll(deps.door(), history, tokens);
      live = goOn(traffic, tokens).catch(deps.failed);
    },

    async resume() {
      const community = communityContent.parse(parse(await deps.read('community.yaml')));
      const { traffic } = await content();
      const tokens = new Map<string, string>();
      for (const source of community.sources)
        tokens.set(source.id, await deps.renewToken(source.id, source.tenancy));
      live = goOn(traffic, tokens).catch(deps.failed);
    },

    async close() {
      stopping.abort();
      await live;
    },
  };
}

/** As any shipper: `_bulk`, one source's token a request, in the order of time. */
async function sendAll(
  door: string,
  items: readonly DemoItem[],
  tokens: ReadonlyMap<string, string>,
): Promise<void> {
  for (let start = 0; start < items.length; start += itemsPerRequest) {
    const bySource = Map.groupBy(items.slice(start, start + itemsPerRequest), (item) => item.source);
    for (const [source, own] of bySource) {
      const body = own.map((item) => `{"create":{}}\n${documentOf(item)}\n`).join('');
      const answer = await fetch(`${door}/_bulk`, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-ndjson',
          authorization: `ApiKey ${tokens.get(source) ?? ''}`,
          'user-agent': 'ironbark-demo',
        },
        body,
      });
      const told = await answer.text();
      if (!answer.ok)
        throw new Error(`the door answered ${answer.status} to the demo's ${source}: ${told.slice(0, 200)}`);
    }
  }
}

/** A text line goes as a file shipper sends it: in `message`. */
const documentOf = (item: DemoItem): string =>
  item.body.startsWith('{')
    ? item.body
    : JSON.stringify({ '@timestamp': item.at.toISOString(), message: item.body });

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
