import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** It cannot be built on this machine, and that is nobody's fault. */
export class Skipped extends Error {}

/** A step went wrong; the message ends with the last lines of its log. */
export class Failure extends Error {}

/** A command that failed: all that it printed is in `output`. */
export class CommandFailure extends Failure {
  constructor(command, how, output) {
    super(`${command} (${how})\n${output.trimEnd().split('\n').slice(-40).join('\n')}`);
    this.output = output;
  }
}

/**
 * Makes a folder whole or not at all: under another name, which is changed at the end. An interrupted step is so redone,
 * and of two at once the first wins.
 */
export async function completeFolder(folder, make) {
  await mkdir(path.dirname(folder), { recursive: true });
  await removeAbandoned(folder);
  if (existsSync(folder)) return;
  const unfinished = unfinishedName(folder, process.pid);
  try {
    await mkdir(unfinished);
    await make(unfinished);
    await rename(unfinished, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

const unfinishedName = (folder, pid) => `${folder}.unfinished-${pid}`;

/** What is left of processes that were killed. */
async function removeAbandoned(folder) {
  const parent = path.dirname(folder);
  const prefix = unfinishedName(path.basename(folder), '');
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || isAlive(Number(name.slice(prefix.length)))) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Says what is being done, and afterwards how long it took. */
export async function step(what, work) {
  const start = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/** Runs a command and returns what it prints to stdout. */
export function run(command, args, { cwd, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const line = [command, ...args].join(' ').split('\n')[0];
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let output = '';
    child.stdout.on('data', (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.on('data', (text) => {
      output += text;
    });
    child.on('error', (error) => reject(new CommandFailure(line, error.code, error.message)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new CommandFailure(line, signal ?? `exit code ${code}`, output));
    });
  });
}
