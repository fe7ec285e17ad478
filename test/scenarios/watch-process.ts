/** A process that has the whole way open in a folder until it is killed. Says its door's port and the source's token. */
import { openWorld } from '../../src/soc/pipeline/testing.ts';

const [folder = '', rules = '[]', limits = '{}'] = process.argv.slice(2);
// Our own test wrote them.
const world = await openWorld({
  folder,
  rules: JSON.parse(rules) as { path: string; text: string }[],
  limits: JSON.parse(limits) as object,
});
const token = await world.source('crash');
process.stdout.write(`${JSON.stringify({ port: world.ingest.doors[0]?.port, token })}\n`);
process.on('SIGTERM', () => {
  world.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
