// Runs on a borrowed machine with a GPU: proves the webgpu backend and its fused kernels there, and says how fast each
// backend is with them and without.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { type BackendReport, examineBackends, useBackend } from '@fastweights/backends';
import { type Check, contract } from '@fastweights/contract';
import { say } from './command.ts';
import { timeRetrieval } from './time-retrieval.ts';

const [output = 'result.json', ...flags] = process.argv.slice(2);
const software = flags.includes('--software');

const sizes = [20, 50, 100];
// An emulated GPU shows that it runs, and no more.
const pace = software ? { rounds: 1, steps: 2 } : { rounds: 5, steps: 20 };
const job = (units: number) => ({ batchSize: 128, time: 11, units });
const plain = ({ refusal, ...report }: BackendReport) =>
  refusal ? { ...report, refused: refusal.code, reason: refusal.reason } : report;

interface Outcome {
  readonly name: string;
  readonly milliseconds: number;
  readonly error?: string;
}

async function prove({ name, run }: Check): Promise<Outcome> {
  const start = performance.now();
  const error = await run().then(
    () => undefined,
    (reason: Error) => reason.message,
  );
  const milliseconds = Math.round(performance.now() - start);
  const verdict = error === undefined ? 'passed' : 'FAILED';
  say(`${verdict}  ${milliseconds} ms  ${name} ${error ?? ''}`);
  return { name, milliseconds, ...(error !== undefined && { error }) };
}

/** The contract, and whole training steps, with fused kernels or op by op. */
async function examine(fused: boolean) {
  const doctor: Record<string, unknown> = {};
  for (const units of sizes) {
    const reports = await examineBackends({ software, fused, job: job(units) });
    doctor[`${units} units`] = reports.map(plain);
  }
  const choice = await useBackend({ prefer: 'webgpu', software, fused });
  const checks: Outcome[] = [];
  for (const check of contract) checks.push(await prove(check));
  const step: Record<string, unknown> = {};
  for (const units of sizes) step[`${units} units`] = await timeRetrieval(units, pace);
  const failed = checks.filter(({ error }) => error !== undefined).length;
  return {
    webgpu: choice.device,
    fused: choice.fused,
    doctor,
    contract: { passed: checks.length - failed, failed, checks },
    'training step of retrieval, B = 128, T = 11': step,
  };
}

const result: Record<string, unknown> = {
  date: new Date().toISOString(),
  node: process.version,
  cpu: os.cpus()[0]?.model,
  cores: os.cpus().length,
};
let failed = 0;
try {
  for (const fused of [true, false]) {
    const found = await examine(fused);
    result[fused ? 'fused' : 'op by op'] = found;
    failed += found.contract.failed;
  }
} catch (error) {
  failed++;
  result['error'] = (error as Error).message;
}
writeFileSync(output, `${JSON.stringify(result, null, 2)}\n`);
say(JSON.stringify(result, null, 2));
process.exit(failed === 0 ? 0 : 1);
