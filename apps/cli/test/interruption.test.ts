import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Running, startScript } from './run-cli.ts';

const SCRIPT = `
  import { listenForSignals } from './src/interruption.ts';
  const interruption = listenForSignals();
  interruption.signal.addEventListener('abort', () => console.log('first', interruption.exitCode()));
  setTimeout(() => console.log('still here'), 30_000);
  console.log('ready');
`;

let running: Running | undefined;
afterEach(() => running?.child.kill('SIGKILL'));

async function started(): Promise<Running> {
  running = startScript(SCRIPT);
  await running.printed('ready');
  return running;
}

describe('listenForSignals', { timeout: 20_000 }, () => {
  it('tells of the first signal, and ends the process with the second', async () => {
    const { child, printed, ended } = await started();
    child.kill('SIGINT');
    await printed('first 130');
    await wait(350);
    expect(child.exitCode).toBeNull();
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143, stdout: 'ready\nfirst 130\n' });
  });

  it('takes a signal that comes twice at once for one, as Ctrl-C does through pnpm', async () => {
    const { child, printed } = await started();
    child.kill('SIGINT');
    await printed('first 130');
    child.kill('SIGINT');
    await wait(200);
    expect(child.exitCode).toBeNull();
  });
});
