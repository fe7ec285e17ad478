import type { Evaluator } from '#governance/evidence';
import { cadence } from './clock.ts';
import { bringInventory, inventoryOf, namesOf } from './hosts.ts';
import { ceilingOf, type Found, judge, some } from './judge.ts';
import { date, day, text } from './values.ts';

const bringSystems = 'hosts with the day their system’s support ends (inventory.hosts)';

const supportedSystems: Evaluator = {
  id: 'e8.systems.supported',
  version: 2,
  title: 'Operating systems are supported',
  controls: ['ism-1501'],
  kinds: ['inventory.hosts'],
  ceiling: 'direct',
  evaluate: (evidence) => {
    const inventory = inventoryOf(evidence);
    const ends = inventory.hosts.flatMap(({ supportEnds }) =>
      supportEnds && supportEnds > evidence.now ? [supportEnds] : [],
    );
    return judge({
      what: 'hosts',
      does: 'run a supported system',
      of: namesOf(inventory, () => true),
      found: inventory.hosts.map(({ name: subject, os, supportEnds }): Found => {
        if (supportEnds === undefined)
          return { subject, is: 'open', why: 'when its system’s support ends isn’t said' };
        return supportEnds > evidence.now
          ? { subject, is: 'good' }
          : {
              subject,
              is: 'bad',
              why: `support of ${os ?? 'its system'} ended on ${day(supportEnds)}`,
              due: supportEnds,
            };
      }),
      confidence: ceilingOf('direct', evidence.collections('inventory.hosts')),
      bring: [bringSystems],
      bringAll: bringInventory,
      until: ends.sort((a, b) => a.getTime() - b.getTime())[0],
    });
  },
};

const newestSystems: Evaluator = {
  id: 'e8.systems.newest',
  version: 2,
  title: 'Operating systems are the newest release or the one before',
  controls: ['ism-1407'],
  kinds: ['inventory.hosts'],
  ceiling: 'direct',
  evaluate: (evidence) => {
    const inventory = inventoryOf(evidence);
    return judge({
      what: 'hosts',
      does: 'run the newest release or the one before',
      of: namesOf(inventory, () => true),
      found: inventory.hosts.map(({ name: subject, os, behind }): Found => {
        if (behind === undefined)
          return { subject, is: 'open', why: 'how far behind its system is isn’t said' };
        return behind <= 1
          ? { subject, is: 'good' }
          : { subject, is: 'bad', why: `${os ?? 'its system'} is ${behind} releases behind` };
      }),
      confidence: ceilingOf('direct', evidence.collections('inventory.hosts')),
      bring: ['hosts with how many releases behind they are (inventory.hosts)'],
      bringAll: bringInventory,
    });
  },
};

const supportedSoftware = (
  id: string,
  control: string,
  title: string,
  of: string,
  ended: string,
): Evaluator => ({
  id,
  version: 2,
  title,
  controls: [control],
  kinds: ['software.support', 'inventory.hosts'],
  ceiling: 'partial',
  evaluate: (evidence) => {
    const inventory = inventoryOf(evidence);
    const byHost = Map.groupBy(
      evidence.facts('software.support'),
      ({ fact }) => inventory.find(fact.subject)?.name ?? fact.subject,
    );
    return judge({
      what: 'hosts',
      does: ended,
      of: namesOf(inventory, ({ role }) => role !== 'network-device'),
      found: [...byHost].map(([subject, products]): Found => {
        const wanted = products.filter((seen) => (text(seen, 'class') ?? of) === of);
        const dead = wanted.filter((seen) => (date(seen, 'supportEnds') ?? evidence.now) < evidence.now);
        if (dead.length > 0)
          return {
            subject,
            is: 'bad',
            why: some(
              dead.map(
                (seen) =>
                  `${text(seen, 'product') ?? 'a product'}, ended ${day(date(seen, 'supportEnds') ?? evidence.now)}`,
              ),
            ),
          };
        const unsaid = wanted.filter((seen) => date(seen, 'supportEnds') === undefined);
        return unsaid.length > 0
          ? {
              subject,
              is: 'open',
              why: `when support ends isn’t said of ${some(unsaid.map((seen) => text(seen, 'product') ?? 'a product'))}`,
            }
          : { subject, is: 'good' };
      }),
      confidence: ceilingOf('partial', evidence.collections('software.support')),
      bring: ['installed software with the day its support ends (software.support)'],
      bringAll: bringInventory,
    });
  },
});

const discovery: Evaluator = {
  id: 'e8.discovery',
  version: 2,
  title: 'What is on the networks is found every two weeks',
  controls: ['ism-1807'],
  kinds: ['discovery.runs'],
  ceiling: 'direct',
  evaluate: (evidence) => {
    const collections = evidence.collections('discovery.runs');
    const byNetwork = Map.groupBy(evidence.facts('discovery.runs'), ({ fact }) => fact.subject);
    const all = [...byNetwork.values()].flat().flatMap(({ fact }) => fact.at ?? []);
    const knownUntil = new Date(Math.max(0, ...all.map((at) => at.getTime())));
    // Only the sender can say how many networks there are.
    const stated = Math.max(0, ...collections.map(({ population }) => population.of ?? 0));
    return judge({
      what: 'networks',
      does: 'get searched every two weeks',
      of: stated > 0 && byNetwork.size >= stated ? new Set(byNetwork.keys()) : undefined,
      found: [...byNetwork].map(([subject, runs]): Found => {
        const times = runs.flatMap(({ fact }) => fact.at ?? []).sort((a, b) => a.getTime() - b.getTime());
        return { subject, ...cadence(14, times, knownUntil, evidence.now) };
      }),
      confidence: ceilingOf('direct', collections),
      bring: ['discovery runs of each network (discovery.runs)'],
      bringAll: 'how many networks there are, stated when discovery runs are sent',
    });
  },
};

export const supportEvaluators: readonly Evaluator[] = [
  supportedSystems,
  newestSystems,
  supportedSoftware(
    'e8.software.user',
    'ism-1704',
    'Office, browsers, mail, PDF and security products are supported',
    'user-application',
    'have only supported user applications',
  ),
  supportedSoftware(
    'e8.software.other',
    'ism-0304',
    'Other applications are supported',
    'other',
    'have only other applications that are supported',
  ),
  supportedSoftware(
    'e8.software.online',
    'ism-1905',
    'Online services are supported',
    'online-service',
    'have only supported online services',
  ),
  discovery,
];
