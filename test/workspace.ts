import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A package of this repository, as it lies on disk. */
export interface WorkspacePackage {
  /** From the root: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** The texts of all files below src/, by their paths in the package: `src/index.ts`. */
  readonly sources: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly imports?: Readonly<Record<string, unknown>>;
  readonly publishConfig?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export const root: string = path.resolve(import.meta.dirname, '..');

export function readWorkspace(): WorkspacePackage[] {
  return [
    ...['packages', 'apps'].flatMap((group) => list(group).map((name) => `${group}/${name}`)),
    'bench',
  ]
    .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
    .map((folder) => ({
      folder,
      manifest: JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8')),
      sources: readSources(folder),
    }));
}

function readSources(folder: string): Record<string, string> {
  const files = list(`${folder}/src`, { recursive: true }).filter((file) =>
    /\.[cm]?[jt]sx?$/.test(file),
  );
  return Object.fromEntries(
    files.map((file) => [
      `src/${file}`,
      readFileSync(path.join(root, folder, 'src', file), 'utf8'),
    ]),
  );
}

function list(folder: string, options: { recursive?: boolean } = {}): string[] {
  const at = path.join(root, folder);
  return existsSync(at) ? readdirSync(at, { ...options, encoding: 'utf8' }).sort() : [];
}
