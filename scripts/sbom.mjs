// Writes docs/sbom.cdx.json: what ships, from the lock (CycloneDX 1.5). `--check` says whether it still agrees.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, stop } from './toolchain.mjs';

const target = join(root, 'docs', 'sbom.cdx.json');
const made = spawnSync(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'],
  { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
if (made.status !== 0) stop(`npm sbom failed: ${made.stderr}`);
const sbom = JSON.parse(made.stdout);
// Without the parts that change at every run, so that equal locks give equal files.
delete sbom.serialNumber;
delete sbom.metadata.timestamp;
delete sbom.metadata.tools;
sbom.metadata.component.name = 'ironbark';
sbom.components.sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
sbom.dependencies?.sort((a, b) => (a.ref < b.ref ? -1 : 1));
const text = `${JSON.stringify(sbom, null, 1)}\n`;

// Their package.json names no licence in the form npm reads; their LICENSE file is the MIT text.
for (const part of sbom.components)
  if (
    ['buildcheck', 'cpu-features', 'png-js', 'ssh2'].includes(part.name) &&
    (part.licenses ?? []).length === 0
  )
    part.licenses = [{ license: { id: 'MIT' } }];

const refused = sbom.components.filter((part) =>
  (part.licenses ?? []).some((entry) =>
    /\b(A?GPL|SSPL|LGPL|BUSL)\b/i.test(entry.license?.id ?? entry.license?.name ?? entry.expression ?? ''),
  ),
);
if (refused.length > 0)
  stop(`These parts may not ship under Apache-2.0: ${refused.map((part) => part['bom-ref']).join(', ')}`);
const unnamed = sbom.components.filter((part) => (part.licenses ?? []).length === 0);
if (unnamed.length > 0)
  stop(`These parts name no licence: ${unnamed.map((part) => part['bom-ref']).join(', ')}`);

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text)
    stop('docs/sbom.cdx.json does not agree with package-lock.json: run node scripts/sbom.mjs.');
} else {
  writeFileSync(target, text);
  process.stdout.write(`${sbom.components.length} components\n`);
}
