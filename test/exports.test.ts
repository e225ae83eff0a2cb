import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readWorkspace, root } from './workspace.ts';

// What the public packages export. A name that is added, renamed or removed shows in the snapshot's diff:
// `pnpm test test/exports -u` accepts it, and a changeset tells the users.

interface Entry {
  /** What users import: `@fastweights/core/gradients`. */
  readonly name: string;
  readonly file: string;
}

const entries: Entry[] = readWorkspace()
  .filter(({ manifest }) => !manifest.private)
  .flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
      const file = sourceOf(target);
      return file
        ? [{ name: path.posix.join(manifest.name, subpath), file: path.join(root, folder, file) }]
        : [];
    }),
  );

function sourceOf(target: unknown): string | undefined {
  if (!target || typeof target !== 'object' || !('@fastweights/source' in target)) return undefined;
  return String(target['@fastweights/source']);
}

const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    customConditions: ['@fastweights/source'],
    allowImportingTsExtensions: true,
    noEmit: true,
    noLib: true,
    types: [],
  },
);
const checker = program.getTypeChecker();

function exportedNames(file: string): string[] {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  // A module that only has effects has no symbol.
  return module ? checker.getExportsOfModule(module).map((symbol) => symbol.name) : [];
}

describe('public exports', () => {
  it('entries', () => {
    expect(entries.map(({ name }) => name)).toMatchSnapshot();
  });

  it.each(entries)('$name', async ({ file }) => {
    const values = Object.keys(await import(pathToFileURL(file).href)).sort();
    const types = exportedNames(file)
      .filter((name) => !values.includes(name))
      .sort();
    expect({ values, types }).toMatchSnapshot();
  });
});
