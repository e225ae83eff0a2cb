// Writes src/self-test-numbers.ts: what the float64 oracle says of the self-test's training step.
//   pnpm --filter @fastweights/backends run generate
import { writeFileSync } from 'node:fs';
import { selfTestOracle } from '../test/self-test-oracle.ts';

const lines = Object.entries(selfTestOracle()).map(
  ([name, values]) => `  ${name}: [${values.map((x) => Number(x.toPrecision(10))).join(', ')}],`,
);
writeFileSync(
  new URL('../src/self-test-numbers.ts', import.meta.url),
  `/** Written by scripts/build-self-test.ts from the float64 oracle; a test holds the two equal. */\n` +
    `export const selfTestNumbers: Readonly<Record<string, readonly number[]>> = {\n${lines.join('\n')}\n};\n`,
);
