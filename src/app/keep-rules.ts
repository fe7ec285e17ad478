import type { Logger } from 'pino';
import type { Rules } from '#soc/detect';
import type { Pipeline } from '#soc/pipeline';

/**
 * Gives the pipeline the rules anew after each change, one change at a time; those that come meanwhile are taken together.
 * @returns stop
 */
export async function keepRules({
  rules,
  pipeline,
  log,
}: {
  rules: Pick<Rules, 'running' | 'onChange'>;
  pipeline: Pick<Pipeline, 'reload' | 'rules'>;
  log: Pick<Logger, 'info' | 'error'>;
}): Promise<() => Promise<void>> {
  let stopped = false;
  let wanted = false;
  let under: Promise<void> | undefined;
  const reload = async (): Promise<void> => {
    while (wanted && !stopped) {
      wanted = false;
      try {
        await pipeline.reload(await rules.running());
        const { version, facts, rejected } = pipeline.rules();
        log.info({ version, rules: facts.length, rejected }, 'rules reloaded');
      } catch (error) {
        // The old set goes on; the next change tries again.
        log.error({ err: error }, 'the rules could not be reloaded');
      }
    }
    under = undefined;
  };
  const ask = (): void => {
    wanted = true;
    under ??= reload();
  };
  const stopListening = await rules.onChange(ask);
  // What changed between the start of the pipeline and listening.
  if ((await rules.running()).version !== pipeline.rules().version) ask();
  return async () => {
    stopped = true;
    await stopListening();
    await under;
  };
}
