// Runs the tests, then every other check, and ends with a line that counts the tests. Exit code 0, or 2 where something
// failed: any other means that this script itself broke or was killed, and .ci/run writes that line.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const pnpm = ['--yes', 'pnpm@10.34.9'];
const env = {
  ...process.env,
  CI: 'true',
  TURBO_TELEMETRY_DISABLED: '1',
  // The tests build tfjs-node, where PyPI can be reached, and say so where it cannot.
  FASTWEIGHTS_TFJS_NODE: '1',
};
const folder = mkdtempSync(path.join(tmpdir(), 'fastweights-ci-'));
const report = path.join(folder, 'tests.json');

try {
  const tests = await npx([
    'test',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    `--reporter=${fileURLToPath(import.meta.resolve('./skipped-tests.mjs'))}`,
  ]);
  const counts = readCounts();
  if (tests.code !== 0 || counts.failed > 0) {
    finish({ ...counts, failed: Math.max(1, counts.failed) }, 'pnpm test');
  } else {
    const checks = await npx(['run', 'check']);
    const failed = /^Failed:\s+(.+)/m.exec(stripVTControlCharacters(checks.output))?.[1];
    if (checks.code !== 0) finish({ ...counts, failed: 1 }, failed ?? 'pnpm run check');
    else finish(counts);
  }
} catch (error) {
  console.error(error);
  finish({ passed: 0, failed: 1, skipped: 0 }, 'scripts/ci.mjs');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Shows what the command prints, and returns it. */
function npx(args) {
  console.log(`\n$ npx ${[...pnpm, ...args].join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn('npx', [...pnpm, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
      process.stdout.write(text);
    });
    child.stderr.pipe(process.stderr);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** A file that fails before its first test counts as one failed test; without a report nothing has run. */
function readCounts() {
  try {
    const { testResults, ...counts } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    );
    return {
      passed: counts.numPassedTests,
      failed: counts.numFailedTests + broken.length,
      skipped: counts.numPendingTests + counts.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function finish({ passed, failed, skipped }, where) {
  if (where) console.log(`\nfailed: ${where}`);
  const parts = [
    `${passed} passed`,
    `${failed} failed`,
    ...(skipped ? [`${skipped} skipped`] : []),
  ];
  console.log(parts.join(', '));
  process.exitCode = failed ? 2 : 0;
}
