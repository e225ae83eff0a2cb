import { isBuiltin } from 'node:module';
import path from 'node:path';
import ts from 'typescript';
import type { WorkspacePackage } from './workspace.ts';

/** Who may import whom. Apps and the bench may import any package; one that is missing here is an error. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  cells: ['core'],
  baselines: ['core'],
  datasets: ['core'],
  trainers: ['core'],
  kernels: ['core'],
  testing: ['core'],
  contract: ['core', 'datasets', 'experiments', 'trainers'],
  backends: ['kernels', 'core'],
  layers: ['cells', 'baselines', 'core'],
  experiments: ['cells', 'baselines', 'datasets', 'trainers', 'core'],
  sweeps: ['experiments', 'trainers', 'core'],
};

/** The packages whose src may use Node's own modules. */
const onNode = [
  'backends',
  'sweeps',
  'trainers',
  'datasets',
  'experiments',
  'testing',
  'fastweights',
  'bench',
];

/** What else may use them: the folder behind an entry of its own. No other file of its package imports it. */
const onNodeIn: Readonly<Record<string, string>> = { core: 'src/node/' };

/** The packages (besides the apps) whose src may name a tfjs backend; testing runs all tests on cpu. */
const onBackends = ['backends', 'testing'];
const backendPackage = /^@tensorflow\/(tfjs$|tfjs-backend-|tfjs-node)/;

/** The bench is nobody's dependency and runs from its sources: nothing of it is built, and it may use the test helpers. */
const isBench = ({ folder }: WorkspacePackage): boolean => folder === 'bench';
const isApp = (pkg: WorkspacePackage): boolean => pkg.folder.startsWith('apps/') || isBench(pkg);

/** What tests of any package may use, and nothing else but the bench. */
const onlyForTests = ['testing', 'contract'];

const commonScripts = ['build', 'typecheck', 'lint', 'test'];

/** A rule answers with one line for each violation, naming the file. */
export type Rule = (pkg: WorkspacePackage) => string[];

/** (a) Every dependency on and import of one of our packages is an arrow of the table. */
export const followsTheArrows: Rule = (pkg) => {
  const own = pkg.manifest.name;
  const allowed = arrows[short(own)];
  if (!isApp(pkg) && !allowed) {
    return [`${pkg.folder}/package.json: ${own} is not in the table of arrows`];
  }

  const check = (where: string, name: string, isDev: boolean): string[] => {
    if (name === own || !isOurs(name)) return [];
    const isAllowed = onlyForTests.includes(short(name))
      ? isDev || isBench(pkg)
      : isApp(pkg) || allowed?.includes(short(name));
    return isAllowed ? [] : [`${where}: ${own} → ${name} is not an allowed arrow`];
  };
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = pkg.manifest;
  return [
    ...Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }).flatMap(
      (name) => check(`${pkg.folder}/package.json`, name, false),
    ),
    ...Object.keys(devDependencies ?? {}).flatMap((name) =>
      check(`${pkg.folder}/package.json (devDependencies)`, name, true),
    ),
    ...packageImports(pkg).flatMap(({ where, name }) => check(where, name, false)),
  ];
};

/** (b) src imports only what package.json promises to install; Node's own modules only on Node. */
export const listsItsImports: Rule = (pkg) => {
  const { name: own, dependencies, peerDependencies, devDependencies } = pkg.manifest;
  const installed = { ...dependencies, ...peerDependencies, ...(isBench(pkg) && devDependencies) };
  const listed = new Set([own, ...Object.keys(installed)]);
  return packageImports(pkg).flatMap(({ where, name }) => {
    if (isBuiltin(name)) {
      const folder = onNodeIn[short(own)];
      const isInside = folder !== undefined && where.startsWith(`${pkg.folder}/${folder}`);
      return isInside || onNode.includes(short(own))
        ? []
        : [`${where}: ${own} may not import ${name}`];
    }
    return listed.has(name)
      ? []
      : [`${where}: ${name} is in neither dependencies nor peerDependencies of ${own}`];
  });
};

/** (c) Only backends and the apps know the packages of tfjs backends. */
export const leavesBackendsAlone: Rule = (pkg) => {
  if (isApp(pkg) || onBackends.includes(short(pkg.manifest.name))) return [];
  return packageImports(pkg)
    .filter(({ name }) => backendPackage.test(name))
    .map(({ where, name }) => `${where}: ${pkg.manifest.name} may not import the backend ${name}`);
};

/** (d) Relative imports stay inside their package, and off its part for Node; an import's name is written out, so that it can be checked. */
export const staysInside: Rule = (pkg) =>
  imports(pkg).flatMap(({ where, file, specifier }) => {
    if (specifier === undefined) return [`${where}: import of a computed name`];
    const target = path.posix.join(path.posix.dirname(file), specifier);
    const node = onNodeIn[short(pkg.manifest.name)];
    if (node && specifier.startsWith('.') && target.startsWith(node) && !file.startsWith(node)) {
      return [`${where}: ${specifier} is for Node alone`];
    }
    // The bench has its Python peers in the cache of the repository.
    if (isBench(pkg) && target === '..') return [];
    return specifier.startsWith('.') && (target === '..' || target.startsWith('../'))
      ? [`${where}: ${specifier} leaves ${pkg.folder}`]
      : [];
  });

/** (e) All packages answer to the same scripts, and public ones carry what npm and its readers need. */
export const isComplete: Rule = (pkg) => {
  const { folder, manifest } = pkg;
  const isPublic = !manifest.private;
  const scripts = isBench(pkg) ? ['lint', 'test'] : commonScripts;
  const missing = [
    ...[...scripts, ...(isPublic ? ['check:packages'] : [])]
      .filter((script) => !manifest.scripts?.[script])
      .map((script) => `the script ${script}`),
    ...(isPublic ? ['license', 'exports', 'publishConfig'] : []).filter(
      (field) => !(field in manifest),
    ),
    ...(isPublic && !manifest.engines?.['node'] ? ['engines.node'] : []),
    ...(isPublic && manifest.type !== 'module' ? ['"type": "module"'] : []),
  ];
  return missing.map((what) => `${folder}/package.json: ${what} is missing`);
};

/** Randomness comes from the seeded generator of core. */
export const drawsSeeded: Rule = (pkg) =>
  nodes(pkg)
    .filter(({ node }) => isMathRandom(node))
    .map((found) => `${whereIs(pkg, found)}: Math.random`);

export const rules: Readonly<Record<string, Rule>> = {
  followsTheArrows,
  listsItsImports,
  leavesBackendsAlone,
  staysInside,
  isComplete,
  drawsSeeded,
};

const isOurs = (name: string): boolean =>
  name.startsWith('@fastweights/') || name === 'fastweights';
const short = (name: string): string => name.replace('@fastweights/', '');

interface Import {
  /** File and line, for people. */
  readonly where: string;
  readonly file: string;
  /** `undefined` where it is computed. */
  readonly specifier: string | undefined;
}

/** All imports of packages and Node modules, by the package's name without a path into it. */
function packageImports(pkg: WorkspacePackage): { where: string; name: string }[] {
  return imports(pkg).flatMap(({ where, specifier }) => {
    if (specifier === undefined || /^[.#]/.test(specifier)) return [];
    const parts = specifier.split('/');
    const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
    return [{ where, name: isBuiltin(specifier) ? specifier : (name ?? specifier) }];
  });
}

function imports(pkg: WorkspacePackage): Import[] {
  const mapped = leaves(pkg.manifest.imports).map((specifier) => ({
    where: `${pkg.folder}/package.json (imports)`,
    file: 'package.json',
    specifier,
  }));
  const written = nodes(pkg).flatMap((found): Import[] => {
    const { file, node } = found;
    const name = importedName(node);
    const beside = fileBesideModule(node);
    if (!name && !beside) return [];
    const literal = name && ts.isStringLiteralLike(name) ? name.text : undefined;
    return [{ where: whereIs(pkg, found), file, specifier: beside ? `./${beside}` : literal }];
  });
  return [...mapped, ...written];
}

/** The expression that names a module, if the node refers to one. */
function importedName(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  }
  const isImport =
    ts.isCallExpression(node) &&
    /^(import|import\.meta\.resolve|require|require\.resolve)$/.test(node.expression.getText());
  return isImport ? node.arguments[0] : undefined;
}

/** './worker.ts' of `new URL('./worker.ts', import.meta.url)`. */
function fileBesideModule(node: ts.Node): string | undefined {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'URL') return undefined;
  const [name, base] = node.arguments ?? [];
  const isFile = name && ts.isStringLiteralLike(name) && base?.getText() === 'import.meta.url';
  return isFile ? name.text : undefined;
}

function isMathRandom(node: ts.Node): boolean {
  const isMath = (object?: ts.Node): boolean => /(^|\.)Math$/.test(object?.getText() ?? '');
  if (ts.isPropertyAccessExpression(node)) {
    return isMath(node.expression) && node.name.text === 'random';
  }
  if (ts.isElementAccessExpression(node)) {
    const key = node.argumentExpression;
    return isMath(node.expression) && ts.isStringLiteralLike(key) && key.text === 'random';
  }
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name)) {
    const names = node.name.elements.map(({ propertyName, name }) =>
      (propertyName ?? name).getText(),
    );
    return isMath(node.initializer) && names.includes('random');
  }
  return false;
}

interface Found {
  readonly file: string;
  readonly node: ts.Node;
}

function nodes(pkg: WorkspacePackage): Found[] {
  return Object.entries(pkg.sources).flatMap(([file, code]) => {
    const found: Found[] = [];
    const visit = (node: ts.Node): void => {
      found.push({ file, node });
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true));
    return found;
  });
}

function whereIs(pkg: WorkspacePackage, { file, node }: Found): string {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return `${pkg.folder}/${file}:${line + 1}`;
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [];
}
