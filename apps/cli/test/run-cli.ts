import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Runs the program from source: a fresh clone has no build. */
const NODE_ARGUMENTS = [
  ...['--import', import.meta.resolve('tsx')],
  ...['--import', import.meta.resolve('./tsx-in-threads.mjs')],
  '--conditions=@fastweights/source',
];
const PROGRAM = path.join(folder, 'src/bin.ts');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves once this has been printed; rejects if the program ends without. */
  printed(text: string): Promise<void>;
}

export function startCli(args: readonly string[], nodeArguments: readonly string[] = []): Running {
  return start(process.execPath, [...NODE_ARGUMENTS, ...nodeArguments, PROGRAM, ...args]);
}

/** Runs a module; its imports are relative to apps/cli. */
export function startScript(source: string, nodeArguments: readonly string[] = []): Running {
  const args = [...NODE_ARGUMENTS, ...nodeArguments, '--input-type=module', '--eval', source];
  return start(process.execPath, args);
}

export function runCli(args: readonly string[], input = ''): Promise<Ended> {
  const { child, ended } = startCli(args);
  child.stdin?.end(input);
  return ended;
}

/** Runs a line of shell in which `$CLI` is the program. */
export function runShell(line: string, input = ''): Promise<Ended> {
  const cli = [process.execPath, ...NODE_ARGUMENTS, PROGRAM].map((part) => `'${part}'`).join(' ');
  const { child, ended } = start('sh', ['-c', line.replaceAll('$CLI', cli)]);
  child.stdin?.end(input);
  return ended;
}

function start(command: string, args: readonly string[]): Running {
  const { npm_lifecycle_event: _, npm_package_name: __, ...env } = process.env;
  const child = spawn(command, args, { cwd: folder, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  // A program that refuses its arguments does not read what it is given.
  child.stdin.on('error', () => {});
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stdout.includes(text)) resolve();
        };
        child.stdout.on('data', look);
        ended.then(
          () => reject(new Error(`"${text}" was never printed: ${stdout}${stderr}`)),
          reject,
        );
        look();
      }),
  };
}
