import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { cp, mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Packages by name, and where they are on disk. */
export interface ProjectPackages {
  readonly linked?: Readonly<Record<string, string>>;
  /** Copied rather than linked: what they import is then looked up in the project, not where they came from. */
  readonly copied?: Readonly<Record<string, string>>;
}

/** Makes a user's project elsewhere on disk, with only these packages in its node_modules. */
export async function createProject(root: string, packages: ProjectPackages): Promise<string> {
  const modules = path.join(root, 'node_modules');
  const place = async (name: string): Promise<string> => {
    const target = path.join(modules, name);
    await mkdir(path.dirname(target), { recursive: true });
    return target;
  };
  for (const [name, from] of Object.entries(packages.linked ?? {})) {
    await symlink(await realpath(from), await place(name));
  }
  for (const [name, from] of Object.entries(packages.copied ?? {})) {
    for (const part of ['src', 'package.json']) {
      await cp(path.join(from, part), path.join(await place(name), part), { recursive: true });
    }
  }
  await mkdir(modules, { recursive: true });
  await writeFile(path.join(root, 'package.json'), '{ "type": "module" }');
  return root;
}

export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const moduleArguments = (code: string): string[] => [
  ...['--import', import.meta.resolve('tsx'), '--conditions=@fastweights/source'],
  ...['--input-type=module', '-e', code],
];

/** Starts a module in a Node process of its own, to talk to it, or to kill it. */
export const startModule = (cwd: string, code: string): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, moduleArguments(code), { cwd });

/** Runs a module in a Node process of its own; our packages are taken from their sources. */
export function runModule(
  cwd: string,
  code: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProcessResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      moduleArguments(code),
      { cwd, env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
