import { readFile } from 'node:fs/promises';
import { checkModel, evaluate } from '@ironbark/risk';
import { helpers } from '#governance/risk';
import { type Command, exitCodes } from './command.ts';
import { UsageError } from './errors.ts';
import { table } from './table.ts';
import { percent } from './risk/words.ts';

export const command: Command = {
  name: 'risk',
  summary: 'Work out the risk of a model in a file, without a server.',
  args: 'FILE',
  options: {
    seed: { value: 'N', about: 'Draws belong to it; the same seed gives the same result. Default 1.' },
    draws: { value: 'N', about: 'Default 20000.' },
  },
  notes: [
    'The format (ironbark-risk-1) is in docs/risk.md. Exits with 1 when the model has faults, and lists them.',
  ],
  examples: ['ironbark risk model.json --json', 'ironbark risk model.json --seed 7 --draws 40000'],
  async run({ args, text, show, remark }) {
    const [file = ''] = args;
    const content = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new UsageError(`"${file}" can't be read: ${error instanceof Error ? error.message : 'unknown'}`);
    });
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch (error) {
      throw new UsageError(`"${file}" is no JSON: ${error instanceof Error ? error.message : 'unknown'}`);
    }
    const checked = checkModel(value);
    if (!checked.ok) {
      for (const { path, message } of checked.faults) remark(`${path} ${message}`);
      show({ faults: checked.faults }, () => []);
      return exitCodes.failed;
    }
    const result = evaluate(checked.model, {
      seed: numberOf(text('seed'), 'seed', 0, 4_294_967_295) ?? 1,
      draws: numberOf(text('draws'), 'draws', 1, 1_000_000) ?? 20_000,
      helpers,
    });
    show(result, () => [
      ...table(
        ['ASSET', 'LOSS OF', 'PROBABILITY', '5 %', '95 %', 'EXPECTED AUD'],
        result.outcomes
          .slice(0, 30)
          .map((one) => [
            one.name,
            one.dimension,
            percent(one.probability),
            percent(one.low),
            percent(one.high),
            Math.round(one.expectedLoss),
          ]),
      ),
      '',
      ...table(
        ['WHAT HELPS MOST', 'HOURS', 'LOSS SAVED AN HOUR', 'PROBABILITY SAVED'],
        result.treatments
          .slice(0, 10)
          .map((one) => [one.title, one.hours, Math.round(one.lossDropPerHour), percent(one.drop)]),
      ),
    ]);
    return exitCodes.done;
  },
};

function numberOf(text: string | undefined, name: string, low: number, high: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < low || value > high)
    throw new UsageError(`--${name} is a whole number from ${low} to ${high}.`);
  return value;
}
