import { describe, expect, it } from 'vitest';
import {
  drawsSeeded,
  followsTheArrows,
  isComplete,
  leavesBackendsAlone,
  listsItsImports,
  rules,
  staysInside,
} from './boundaries.ts';
import { type Manifest, readWorkspace, type WorkspacePackage } from './workspace.ts';

describe('this repository', () => {
  const workspace = readWorkspace();

  it('is really read', () => {
    expect(workspace.map(({ manifest }) => manifest.name)).toEqual(
      expect.arrayContaining(['@fastweights/core', 'fastweights']),
    );
    for (const { folder, sources } of workspace) {
      expect(Object.keys(sources), folder).not.toEqual([]);
    }
  });

  for (const [name, rule] of Object.entries(rules)) {
    it(name, () => {
      expect(workspace.flatMap(rule)).toEqual([]);
    });
  }
});

/** A package that no rule objects to, but for what is given. */
function madeUp(
  folder: string,
  manifest: Partial<Manifest> = {},
  code = '',
  file = 'src/index.ts',
): WorkspacePackage {
  const name = folder
    .replace(/^(packages\/|(?=bench))/, '@fastweights/')
    .replace('apps/cli', 'fastweights');
  const faultless = {
    name,
    license: 'MIT',
    type: 'module',
    engines: { node: '>=20.19' },
    exports: {},
    publishConfig: {},
    scripts: { build: '-', typecheck: '-', lint: '-', test: '-', 'check:packages': '-' },
  };
  return { folder, manifest: { ...faultless, ...manifest }, sources: { [file]: code } };
}

const withCode = (folder: string, code: string): WorkspacePackage => madeUp(folder, {}, code);

describe('followsTheArrows', () => {
  it.each([
    ['dependencies', 'package.json'],
    ['peerDependencies', 'package.json'],
    ['optionalDependencies', 'package.json'],
    ['devDependencies', 'package.json (devDependencies)'],
  ])('finds a forbidden arrow in %s', (field, where) => {
    const pkg = madeUp('packages/cells', { [field]: { '@fastweights/trainers': 'workspace:^' } });
    expect(followsTheArrows(pkg)).toEqual([
      `packages/cells/${where}: @fastweights/cells → @fastweights/trainers is not an allowed arrow`,
    ]);
  });

  it.each([
    "import { a } from '@fastweights/cells';",
    "import type { a } from '@fastweights/cells';",
    "import '@fastweights/cells';",
    "import { a } from '@fastweights/cells/deep';",
    "export { a } from '@fastweights/cells';",
    "export * from '@fastweights/cells';",
    "const a = await import('@fastweights/cells');",
    'const a = await import(`@fastweights/cells`);',
    "type A = import('@fastweights/cells').A;",
    "import a = require('@fastweights/cells');",
    "const a = require('@fastweights/cells');",
    "const a = import.meta.resolve('@fastweights/cells');",
  ])('finds a forbidden arrow in %s', (code) => {
    expect(followsTheArrows(withCode('packages/core', `\n${code}`))).toEqual([
      'packages/core/src/index.ts:2: @fastweights/core → @fastweights/cells is not an allowed arrow',
    ]);
  });

  it('is not fooled by comments and strings', () => {
    const code = `
      // import '@fastweights/cells';
      /** {@link import('@fastweights/cells')} */
      const text = "import '@fastweights/cells'";`;
    expect(followsTheArrows(withCode('packages/core', code))).toEqual([]);
  });

  it('lets apps import everything, and packages what the table says', () => {
    const code = "import '@fastweights/core'; import '@fastweights/trainers';";
    expect(followsTheArrows(withCode('apps/cli', code))).toEqual([]);
    expect(followsTheArrows(withCode('packages/sweeps', code))).toEqual([]);
  });

  it('lets the bench import everything, test helpers too, and nobody the bench', () => {
    const code = "import '@fastweights/contract'; import '@fastweights/trainers';";
    expect(followsTheArrows(withCode('bench', code))).toEqual([]);
    const other = withCode('packages/trainers', "import '@fastweights/bench';");
    expect(followsTheArrows(other)).toHaveLength(1);
  });

  it('keeps packages from importing an app', () => {
    expect(followsTheArrows(withCode('packages/sweeps', "import 'fastweights';"))).toHaveLength(1);
  });

  it('keeps the test helpers out of src and dependencies', () => {
    const testing = { '@fastweights/testing': 'workspace:^' };
    const code = "import '@fastweights/testing';";
    for (const folder of ['packages/core', 'apps/cli']) {
      expect(followsTheArrows(madeUp(folder, { devDependencies: testing }))).toEqual([]);
      expect(followsTheArrows(madeUp(folder, { dependencies: testing }))).toHaveLength(1);
      expect(followsTheArrows(withCode(folder, code))).toHaveLength(1);
    }
    expect(followsTheArrows(withCode('packages/testing', code))).toEqual([]);
  });

  it('asks for a place in the table', () => {
    expect(followsTheArrows(madeUp('packages/novelty'))).toEqual([
      'packages/novelty/package.json: @fastweights/novelty is not in the table of arrows',
    ]);
  });
});

describe('listsItsImports', () => {
  it('finds an import that is not installed with the package', () => {
    const pkg = madeUp(
      'packages/core',
      { devDependencies: { 'left-pad': '1' } },
      "import 'left-pad/deep';",
    );
    expect(listsItsImports(pkg)).toEqual([
      'packages/core/src/index.ts:1: left-pad is in neither dependencies nor peerDependencies of @fastweights/core',
    ]);
  });

  it('finds a package that hides behind an import map', () => {
    const imports = { '#pad': { node: 'left-pad', default: './dist/pad.js' } };
    expect(listsItsImports(madeUp('packages/core', { imports }, "import '#pad';"))).toEqual([
      'packages/core/package.json (imports): left-pad is in neither dependencies nor peerDependencies of @fastweights/core',
    ]);
  });

  it('accepts dependencies, peers, the package itself and relative files', () => {
    const pkg = madeUp(
      'packages/core',
      { dependencies: { 'left-pad': '1' }, peerDependencies: { '@right/pad': '1' } },
      "import 'left-pad'; import '@right/pad/deep'; import '@fastweights/core'; import './a.ts';",
    );
    expect(listsItsImports(pkg)).toEqual([]);
  });

  it.each(['node:fs', 'node:fs/promises', 'fs'])('keeps %s to the packages on Node', (name) => {
    const code = `import '${name}';`;
    expect(listsItsImports(withCode('packages/cells', code))).toEqual([
      `packages/cells/src/index.ts:1: @fastweights/cells may not import ${name}`,
    ]);
    expect(listsItsImports(withCode('packages/trainers', code))).toEqual([]);
    expect(listsItsImports(withCode('apps/cli', code))).toEqual([]);
    expect(listsItsImports(withCode('packages/core', code))).toHaveLength(1);
    expect(listsItsImports(madeUp('packages/core', {}, code, 'src/node/lock.ts'))).toEqual([]);
  });
});

describe('leavesBackendsAlone', () => {
  it.each([
    '@tensorflow/tfjs',
    '@tensorflow/tfjs/dist/index.js',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-backend-cpu/base',
    '@tensorflow/tfjs-node',
    '@tensorflow/tfjs-node-gpu',
  ])('finds %s outside backends and apps', (name) => {
    const code = `await import('${name}');`;
    expect(leavesBackendsAlone(withCode('packages/trainers', code))).toEqual([
      `packages/trainers/src/index.ts:1: @fastweights/trainers may not import the backend ${name.split('/').slice(0, 2).join('/')}`,
    ]);
    expect(leavesBackendsAlone(withCode('packages/backends', code))).toEqual([]);
    expect(leavesBackendsAlone(withCode('apps/cli', code))).toEqual([]);
  });

  it('leaves the core and layers of tfjs to everybody', () => {
    const code = "import '@tensorflow/tfjs-core'; import '@tensorflow/tfjs-layers';";
    expect(leavesBackendsAlone(withCode('packages/layers', code))).toEqual([]);
  });
});

describe('staysInside', () => {
  it.each([
    "import '../../core/src/index.ts';",
    "export * from '../../core/src/index.ts';",
    "await import('../../core/src/index.ts');",
    "new Worker(new URL('../../core/src/index.ts', import.meta.url));",
  ])('finds %s', (code) => {
    expect(staysInside(withCode('packages/cells', code))).toEqual([
      expect.stringMatching(
        /^packages\/cells\/src\/index\.ts:1: .*\.\.\/core\/src\/index\.ts leaves packages\/cells$/,
      ),
    ]);
  });

  it('counts from the folder of the file', () => {
    const code = "import '../../package.json';";
    expect(staysInside(madeUp('packages/cells', {}, code, 'src/deep/a.ts'))).toEqual([]);
    expect(staysInside(madeUp('packages/cells', {}, code, 'src/a.ts'))).toHaveLength(1);
  });

  it('keeps what is for Node out of the rest of core', () => {
    const code = "import { lockFile } from './node/lock.ts'; import './nodes.ts';";
    expect(staysInside(withCode('packages/core', code))).toEqual([
      'packages/core/src/index.ts:1: ./node/lock.ts is for Node alone',
    ]);
    const inside = "import './lock.ts'; import '../node/lock.ts'; import '../errors.ts';";
    expect(staysInside(madeUp('packages/core', {}, inside, 'src/node/index.ts'))).toEqual([]);
    expect(staysInside(withCode('packages/cells', code))).toEqual([]);
  });

  it('finds an import that no rule can check', () => {
    expect(staysInside(withCode('packages/cells', 'await import(name);'))).toEqual([
      'packages/cells/src/index.ts:1: import of a computed name',
    ]);
  });
});

describe('isComplete', () => {
  const bare = { scripts: {} };

  it('asks the same scripts of all packages', () => {
    expect(isComplete(madeUp('packages/testing', { ...bare, private: true }))).toEqual(
      ['build', 'typecheck', 'lint', 'test'].map(
        (script) => `packages/testing/package.json: the script ${script} is missing`,
      ),
    );
    expect(isComplete(madeUp('packages/core', bare))).toContain(
      'packages/core/package.json: the script check:packages is missing',
    );
  });

  it('asks more of public packages', () => {
    const pkg = madeUp('packages/core', { engines: {}, type: 'commonjs' });
    const { license: _l, exports: _e, publishConfig: _p, ...manifest } = pkg.manifest;
    const missing = ['license', 'exports', 'publishConfig', 'engines.node', '"type": "module"'];
    expect(isComplete({ ...pkg, manifest })).toEqual(
      missing.map((what) => `packages/core/package.json: ${what} is missing`),
    );
    expect(isComplete({ ...pkg, manifest: { ...manifest, private: true } })).toEqual([]);
  });

  it('asks of the bench, of which nothing is built, only to be linted and tested', () => {
    expect(isComplete(madeUp('bench', { ...bare, private: true }))).toEqual(
      ['lint', 'test'].map((script) => `bench/package.json: the script ${script} is missing`),
    );
  });

  it('has no objection to a complete package', () => {
    expect(isComplete(madeUp('packages/core'))).toEqual([]);
  });
});

describe('drawsSeeded', () => {
  it.each([
    'const a = Math.random();',
    'const a = globalThis.Math.random();',
    "const a = Math['random']();",
    'const { floor, random: a } = Math;',
    'const a = [1].map(Math.random);',
  ])('finds %s', (code) => {
    expect(drawsSeeded(withCode('packages/core', code))).toEqual([
      'packages/core/src/index.ts:1: Math.random',
    ]);
  });

  it('is not fooled by comments, strings and other names', () => {
    const code = "// Math.random()\nconst a = 'Math.random()' + Math.floor(1) + other.random();";
    expect(drawsSeeded(withCode('packages/core', code))).toEqual([]);
  });
});
