import { parse } from 'yaml';
import { proveContent } from './content.ts';
import { estateContent } from './estate.ts';
import { atTime, peopleOf, type ProveHouse } from './house.ts';
import { addCertificates, writeDocuments } from './isms.ts';
import { writeRegister } from './register.ts';
import { answer, askExceptions, holdTo, leaveToCustomers, type Told } from './say.ts';
import { ago } from './scans.ts';
import { sendEvidence, takeInventory } from './send.ts';

/** Days ago at which evidence came and the systems were assessed. The last two are on either side of yesterday. */
const moments = [42, 28, 14, 7, 1.2, 0.2] as const;
/** When the inventory was taken once more: what nobody saw for a month is stale. */
const inventoried = 1.2;
/** Before the first there was nothing; what the first scan and jobs tell of began two days earlier. */
const beginning = 44;

/**
 * Six weeks of Prove, told through the services that people use with the clock of each moment, so that there is a trend, an
 * expiry that has passed and one that is near, and a change since yesterday.
 * @param read text of content/demo/<name>
 * @param progress told in words, before each part
 */
export async function tellProve(
  house: ProveHouse,
  read: (name: string) => Promise<string>,
  progress: (words: string) => void,
): Promise<void> {
  const content = proveContent.parse(parse(await read('prove.yaml')));
  const estate = estateContent.parse(parse(await read('estate.yaml')));
  const now = house.clock.now();
  const person = await peopleOf(house, [
    ...new Set([
      'hana@wattle.example',
      'priya@wattle.example',
      ...content.answers.map(({ owner }) => owner),
      ...content.documents.flatMap(({ owner, acknowledged }) => [owner, ...acknowledged]),
      ...Object.values(content.signs),
    ]),
  ]);
  const told: Told = { content, person, now };
  const at = (daysAgo: number): ProveHouse => atTime(house, ago(now, daysAgo));
  const collects = person('dev@wattle.example').actor;

  progress('documents and certificates');
  await writeDocuments(at, told);
  await addCertificates(at, told);
  for (const place of content.environments) {
    progress(`the inventory of ${place}`);
    await holdTo(at(beginning), told, place);
    await takeInventory(at(beginning), collects, estate, place);
  }
  await leaveToCustomers(at(30), told);
  for (const [index, moment] of moments.entries()) {
    progress(`evidence and assessment, ${index + 1} of ${moments.length}`);
    const then = at(moment);
    const from = moments[index - 1] ?? beginning;
    await askExceptions(at, told, { from, to: moment });
    for (const place of content.environments) {
      const sending = { now, from, at: moment };
      if (moment === inventoried) await takeInventory(then, collects, estate, place);
      await sendEvidence(then, collects, estate, place, sending);
      await answer(then, told, place, { from, to: moment });
      await then.assess(then.clock, place);
    }
  }
  progress('the register of risks');
  await writeRegister(at(0.1), told);
}
