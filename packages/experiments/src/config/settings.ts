import {
  type AnyConfig,
  configFields,
  kindOf,
  modelNames,
  parseAnyConfig,
  sourceNames,
  unknownKey,
} from './config.ts';
import { ConfigError, show } from './config-error.ts';
import type { Field } from './fields.ts';
import { nearest } from './nearest.ts';

type Parts = Readonly<Record<string, unknown>>;

/**
 * A config with some settings changed: `units=100`, `training.stepSize=0.01`, `model=lstm`. The last part of a path will
 * do where no other path ends in it. Another model keeps its units and has its own defaults for the rest.
 *
 * @throws ConfigError
 */
export function applySettings<Config extends AnyConfig>(
  config: Config,
  settings: readonly string[],
): Config {
  const pairs = settings.map(pairOf);
  // What there is to set depends on these two.
  const isKind = ([key]: readonly [string, string]): boolean => Object.hasOwn(kinds, key);
  let parts: Parts = config as unknown as Parts;
  for (const [key, text] of pairs.filter(isKind)) parts = kinds[key]?.(parts, text) ?? parts;
  for (const [key, text] of pairs.filter((pair) => !isKind(pair))) {
    const field = find(configFields(kindOf(parts)), key);
    parts = put(parts, field.path.split('.'), parseValue(field, text));
  }
  return parseAnyConfig(parts) as Config;
}

function pairOf(setting: string): readonly [key: string, text: string] {
  const at = setting.indexOf('=');
  if (at > 0) return [setting.slice(0, at).trim(), setting.slice(at + 1).trim()];
  const expected = 'like units=100';
  throw new ConfigError('setting', { path: 'A setting', expected, found: show(setting) });
}

const changeModel = (parts: Parts, kind: string): Parts => {
  const { task } = kindOf(parts);
  checkedWord('model.kind', kind, modelNames(task));
  const { kind: before, units } = parts['model'] as Parts;
  return before === kind ? parts : { ...parts, model: { kind, units } };
};

const changeSource = (parts: Parts, source: string): Parts => {
  const { task } = kindOf(parts);
  checkedWord('data.source', source, sourceNames(task));
  const { source: before } = parts['data'] as Parts;
  return before === source ? parts : { ...parts, data: { source } };
};

/** Another task is another config. */
const sameTask = (parts: Parts, word: string): Parts => {
  checkedWord('task', word, [kindOf(parts).task]);
  return parts;
};

const kinds: Readonly<Record<string, (parts: Parts, word: string) => Parts>> = {
  task: sameTask,
  model: changeModel,
  'model.kind': changeModel,
  kind: changeModel,
  data: changeSource,
  'data.source': changeSource,
  source: changeSource,
};

function checkedWord(path: string, word: string, choices: readonly string[]): void {
  if (choices.includes(word)) return;
  throw wrong(path, `one of ${choices.join(', ')}`, word, choices);
}

function find(fields: readonly Field[], key: string): Field {
  const exact = fields.find(({ path }) => path === key);
  if (exact) return exact;
  const ending = fields.filter(({ path }) => path.endsWith(`.${key}`));
  if (ending.length === 1) return ending[0] as Field;
  const paths = ending.map(({ path }) => path);
  if (ending.length > 1) {
    throw new ConfigError('setting', {
      path: key,
      expected: `one of ${paths.join(', ')}`,
      found: 'any of them',
    });
  }
  if (key.includes('.')) throw unknownKey(fields, key);
  const all = fields.flatMap(({ path }) => [path, path.split('.').at(-1) as string]);
  throw new ConfigError('unknown', {
    path: key,
    expected: `among ${fields.map(({ path }) => path).join(', ')}`,
    found: 'unknown',
    nearest: nearest(key, all),
  });
}

function parseValue({ path, type, expected, choices }: Field, text: string): unknown {
  if (type === 'number') {
    const value = text === '' ? Number.NaN : Number(text);
    if (!Number.isFinite(value)) throw wrong(path, expected, text, choices);
    return value;
  }
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw wrong(path, expected, text, ['true', 'false']);
    return text === 'true';
  }
  if (type === 'list') return text === '' ? [] : text.split(',').map((word) => word.trim());
  return text;
}

function wrong(
  path: string,
  expected: string,
  text: string,
  choices: readonly string[],
): ConfigError {
  const found = show(text);
  return new ConfigError('value', { path, expected, found, nearest: nearest(text, choices) });
}

function put(parts: Parts, [key = '', ...rest]: readonly string[], value: unknown): Parts {
  const inner = rest.length === 0 ? value : put((parts[key] ?? {}) as Parts, rest, value);
  return { ...parts, [key]: inner };
}
