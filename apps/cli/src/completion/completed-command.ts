import type { AnyTaskName } from '@fastweights/experiments';
import { anyTaskNames, configFields, modelNames, sourceNames } from '@fastweights/experiments';
import type { Argument, Command, Option } from 'commander';
import { experimentNames } from '../reproduce/chosen-tables.ts';

/** What can stand at a place of a command line. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  /** Each is followed by a value. */
  | { readonly kind: 'keys'; readonly words: readonly string[] }
  | { readonly kind: 'files' | 'folders' | 'text' };

export interface CompletedOption {
  /** Such as `--units`. */
  readonly flag: string;
  readonly description: string;
  /** Undefined for one that takes no value. */
  readonly values: Values | undefined;
  /** Whether it takes several. */
  readonly isVariadic: boolean;
}

/** A command, as shells complete it. */
export interface CompletedCommand {
  /** Such as `train retrieval`; empty for the program. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  readonly argument: Values | undefined;
}

/** The program and all commands below it. */
export function completedCommands(command: Command, path = ''): CompletedCommand[] {
  const commands = command.commands.map((one) => ({
    name: one.name(),
    description: one.summary() || one.description(),
  }));
  const [argument] = command.registeredArguments;
  const options = command.options.filter(({ hidden, long }) => !hidden && long);
  return [
    {
      path,
      commands,
      options: [...options.map((option) => completedOption(option, path)), HELP],
      argument: argument && valuesOfArgument(argument, path),
    },
    ...command.commands.flatMap((one) =>
      completedCommands(one, path === '' ? one.name() : `${path} ${one.name()}`),
    ),
  ];
}

const HELP: CompletedOption = {
  flag: '--help',
  description: 'print this',
  values: undefined,
  isVariadic: false,
};

function completedOption(option: Option, path: string): CompletedOption {
  const { long = '', description, variadic } = option;
  return {
    flag: long as string,
    description,
    values: option.isBoolean() || !option.flags.includes('<') ? undefined : valuesOf(option, path),
    isVariadic: variadic,
  };
}

function valuesOf({ argChoices, long, flags }: Option, path: string): Values {
  if (argChoices) return { kind: 'words', words: argChoices };
  const task = anyTaskNames.find((name) => path === `train ${name}`);
  if (long === '--model' || long === '--models') return { kind: 'words', words: models(task) };
  const [, name = ''] = /<([^>.]+)/.exec(flags) ?? [];
  return name === 'key=value' ? { kind: 'keys', words: settingKeys(task) } : valuesNamed(name);
}

function valuesOfArgument(argument: Argument, path: string): Values {
  if (argument.argChoices) return { kind: 'words', words: argument.argChoices };
  if (path === 'reproduce') return { kind: 'words', words: experimentNames() };
  return valuesNamed(argument.name());
}

/** By what a value is called in the help. */
function valuesNamed(name: string): Values {
  if (name === 'folder' || name.startsWith('director')) return { kind: 'folders' };
  return { kind: name === 'file' || name === 'run' ? 'files' : 'text' };
}

const models = (task: AnyTaskName | undefined): string[] =>
  distinct((task ? [task] : anyTaskNames).flatMap((one) => modelNames(one)));

/** The shortest way to name every setting, of a task or of all. */
function settingKeys(task: AnyTaskName | undefined): string[] {
  const paths = distinct((task ? [task] : anyTaskNames).flatMap(settingPaths));
  const keys = paths.map((path) => {
    const last = path.split('.').at(-1) as string;
    return paths.filter((other) => other.endsWith(`.${last}`)).length === 1 ? last : path;
  });
  return ['model', 'source', ...keys].sort();
}

const settingPaths = (task: AnyTaskName): string[] =>
  sourceNames(task)
    .flatMap((source) => modelNames(task).flatMap((model) => configFields({ task, source, model })))
    .map(({ path }) => path)
    .filter((path) => !['version', 'task', 'data.source', 'model.kind'].includes(path));

const distinct = (words: readonly string[]): string[] => [...new Set(words)];
