// `npm test`: installs what the tests need, runs every check and every test, and closes with "N passed, N failed".
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { environment, install, pinnedNode, root, run, stop } from './toolchain.mjs';
import { prepareSystem } from './test-system.mjs';

install();
prepareSystem();

const cache = join(root, '.cache');
mkdirSync(cache, { recursive: true });
const env = environment({ CI: process.env.CI ?? '' });
const bin = (name) => join(root, 'node_modules', '.bin', name);
const counts = { passed: 0, failed: 0, skipped: 0 };

/** A check is a command that exits 0; it counts as one. */
function check(name, command, args) {
  process.stdout.write(`\n── ${name}\n`);
  const started = Date.now();
  const result = run(command, args, { env });
  const ok = result.status === 0;
  counts[ok ? 'passed' : 'failed'] += 1;
  process.stdout.write(
    `${ok ? 'passed' : 'FAILED'}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
}

check('format', bin('biome'), ['format', '.']);
check('types', bin('tsc'), ['--noEmit', '-p', '.']);
check('types of the page', bin('tsc'), ['--noEmit', '-p', 'web']);
check('lint', bin('oxlint'), ['--type-aware', '--deny-warnings']);
check('unused code', bin('knip'), []);
check('the page builds', bin('vite'), ['build', 'web', '--logLevel', 'warn']);

const report = join(cache, 'tests.json');
rmSync(report, { force: true });
process.stdout.write('\n── tests\n');
const tests = run(
  pinnedNode,
  [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  { env },
);
if (existsSync(report)) {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  counts.passed += numPassedTests;
  counts.failed += numFailedTests;
  counts.skipped += numPendingTests;
  // A file that fails before its first test has no failed test of its own.
  if (numFailedTests === 0 && numFailedTestSuites > 0) counts.failed += numFailedTestSuites;
  for (const file of testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'failed')
        process.stdout.write(`FAILED  ${file.name.slice(root.length + 1)}: ${test.fullName}\n`);
      if (test.status === 'pending' || test.status === 'skipped')
        process.stdout.write(`skipped ${file.name.slice(root.length + 1)}: ${test.fullName}\n`);
    }
  }
} else {
  counts.failed += 1;
}
if (tests.status !== 0 && counts.failed === 0) counts.failed += 1;

const outside = process.env.IRONBARK_SHARED ?? join(root, '..', 'shared');
if (counts.skipped > 0 && existsSync(join(outside, 'data'))) {
  process.stdout.write(
    `\nFAILED: ${counts.skipped} tests were skipped although the outside data is there (${outside}).\n`,
  );
  counts.failed += 1;
} else if (counts.skipped > 0) {
  process.stdout.write(
    `\n${counts.skipped} tests need outside data that is not beside this checkout; they were skipped.\n`,
  );
}

process.stdout.write(
  `\n${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`,
);
if (counts.passed === 0) stop('No test ran.');
process.exit(counts.failed === 0 ? 0 : 1);
