// Runs on a borrowed machine with a GPU: proves the webgpu backend there, and says how fast each backend is.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { type BackendReport, examineBackends, useBackend } from '@fastweights/backends';
import { contract } from '@fastweights/contract';

const [output = 'result.json', ...flags] = process.argv.slice(2);
const software = flags.includes('--software');

const job = (units: number) => ({ batchSize: 128, time: 11, units });
const plain = ({ refusal, ...report }: BackendReport) =>
  refusal ? { ...report, refused: refusal.code, reason: refusal.reason } : report;

const doctor: Record<string, unknown> = {};
for (const units of [20, 50, 100]) {
  const reports = await examineBackends({ software, job: job(units) });
  doctor[`${units} units`] = reports.map(plain);
}

const checks: { name: string; milliseconds: number; error?: string }[] = [];
const choice = await useBackend({ prefer: 'webgpu', software }).catch((error: Error) => error);
if (!(choice instanceof Error)) {
  for (const { name, run } of contract) {
    const start = performance.now();
    const error = await run().then(
      () => undefined,
      (reason: Error) => reason.message,
    );
    const milliseconds = Math.round(performance.now() - start);
    checks.push({ name, milliseconds, ...(error !== undefined && { error }) });
    console.log(
      `${error === undefined ? 'passed' : 'FAILED'}  ${milliseconds} ms  ${name} ${error ?? ''}`,
    );
  }
}

const failed = checks.filter(({ error }) => error !== undefined).length;
const result = {
  date: new Date().toISOString(),
  node: process.version,
  cpu: os.cpus()[0]?.model,
  cores: os.cpus().length,
  webgpu: choice instanceof Error ? choice.message : choice.device,
  doctor,
  contract: { passed: checks.length - failed, failed, checks },
};
writeFileSync(output, `${JSON.stringify(result, null, 2)}\n`);
console.log(
  JSON.stringify({ ...result, contract: { passed: checks.length - failed, failed } }, null, 2),
);
process.exit(checks.length > 0 && failed === 0 ? 0 : 1);
