import { assetAt, valueShown } from './assets.ts';
import type { Command } from './command.ts';
import { plain, table } from './table.ts';

export const command: Command = {
  name: 'asset show',
  summary: 'Show an asset: what is known of it, who says so, what it depends on.',
  args: 'ASSET',
  examples: ['ironbark asset show web1.acme.example'],
  async run({ args, server, show }) {
    const one = await assetAt(server(), args[0]);
    show(one, () => [
      `${plain(one.name)}, ${one.kind}, ${one.tenancy}, ${one.state}${one.retiredWhy === null ? '' : ` (${plain(one.retiredWhy)})`}`,
      `Value: confidentiality ${valueShown(one.values.c)}, integrity ${valueShown(one.values.i)}, availability ${valueShown(one.values.a)}`,
      '',
      ...table(
        ['FIELD', 'VALUE', 'SOURCE', 'OF', 'OTHERS SAY'],
        one.fields.map((field) => [
          field.name,
          field.value,
          field.source,
          field.at.slice(0, 16),
          field.others.map(({ source, value }) => `${source}: ${value}`).join('; ') || null,
        ]),
      ),
      '',
      ...table(
        ['KEY', 'VALUE', 'SOURCE'],
        one.keys.map(({ kind, value, source }) => [kind, value, source]),
      ),
      '',
      ...table(
        ['EDGE', 'ASSET', 'C/I/A', 'GATE', 'SOURCE'],
        [
          ...one.dependencies.map((edge) => ['depends on', edge] as const),
          ...one.dependants.map((edge) => ['is needed by', edge] as const),
        ].map(([word, edge]) => [
          word,
          edge.asset.name,
          `${edge.c}/${edge.i}/${edge.a}`,
          edge.gate === null
            ? null
            : `${edge.gate.name} (${edge.gate.kind}${edge.gate.k === null ? '' : `, k ${edge.gate.k}`})`,
          edge.source,
        ]),
      ),
      ...one.reaches.map(
        (edge) => `reaches ${plain(edge.asset.name)} by ${edge.via}, probability ${edge.probability}`,
      ),
      ...one.reachedFrom.map(
        (edge) => `is reached from ${plain(edge.asset.name)} by ${edge.via}, probability ${edge.probability}`,
      ),
      ...(one.elsewhere > 0 ? [`${one.elsewhere} edges lead to assets outside your scope.`] : []),
      ...one.alike.map((other) => `${plain(other.name)} (${other.id}) also has ${plain(other.by)}.`),
    ]);
  },
};
