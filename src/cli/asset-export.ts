import { writeFile } from 'node:fs/promises';
import { query } from './client.ts';
import type { Command } from './command.ts';

export const command: Command = {
  name: 'asset export',
  summary: 'Write the inventory out, whole (json) or as a table (csv); both can be imported again.',
  options: {
    format: { about: 'json (as it is left out) or csv.', value: 'FORMAT' },
    tenancy: { about: 'Only of this tenancy.', value: 'TENANCY' },
    out: { about: 'Into this file; left out: on standard output.', value: 'FILE' },
  },
  examples: ['ironbark asset export --format csv --out assets.csv'],
  async run({ text, server, io, remark }) {
    const search = query({ format: text('format'), tenancy: text('tenancy') });
    const bytes = (await server().bytes(`/api/assets/export${search}`)) ?? Buffer.alloc(0);
    const out = text('out');
    if (out === undefined) io.out(bytes.toString('utf8'));
    else {
      await writeFile(out, bytes);
      remark(`Written to ${out}.`);
    }
  },
};
