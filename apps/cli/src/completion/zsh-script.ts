import type { CompletedCommand, CompletedOption, Values } from './completed-command.ts';

/** To be sourced, or put into a folder of `fpath` as `_fastweights`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ path }) => path).filter((path) => path !== '');
  return `#compdef fastweights
# Completes fastweights in zsh.
_fastweights() {
  local cur="$words[CURRENT]" prev="$words[CURRENT-1]" command='' option='' next
  local -a items
  integer i
  for ((i = 2; i < CURRENT; i++)); do
    next="\${command:+$command }$words[i]"
    case "$words[i]" in (-*) option="$words[i]" ;; esac
    case "$next" in
      (${paths.map(quoted).join('|')}) command="$next" ;;
    esac
  done
  if [[ "$cur" != -* ]]; then
    case "$command|$option" in
${optionCases(commands, ({ isVariadic }) => isVariadic)}
    esac
    case "$command|$prev" in
${optionCases(commands, ({ isVariadic }) => !isVariadic)}
    esac
  fi
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ "$funcstack[1]" == _fastweights ]]; then
  _fastweights "$@"
else
  compdef _fastweights fastweights
fi
`;
}

/** In single quotes, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const described = (name: string, description: string): string =>
  quoted(`${name.replaceAll(':', '\\:')}:${description}`);

function optionCases(
  commands: readonly CompletedCommand[],
  isMeant: (option: CompletedOption) => boolean,
): string {
  const cases = commands.flatMap(({ path, options }) =>
    options.filter(isMeant).flatMap(({ flag, values }) => {
      if (!values) return [];
      return [`      (${quoted(`${path}|${flag}`)}) ${completing(values)}; return ;;`];
    }),
  );
  return cases.join('\n');
}

function completing(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `compadd -- ${values.words.map(quoted).join(' ')}`;
    case 'keys':
      return `compadd -S '' -- ${values.words.map((key) => quoted(`${key}=`)).join(' ')}`;
    case 'text':
      return ':';
    default:
      return values.kind === 'files' ? '_files' : '_files -/';
  }
}

function commandCase({ path, commands, options, argument }: CompletedCommand): string {
  const flags = options.map(({ flag, description }) => described(flag, description));
  const names = commands.map(({ name, description }) => described(name, description));
  const own =
    names.length > 0
      ? `items=(${names.join(' ')}); _describe command items`
      : argument
        ? completing(argument)
        : ':';
  return `    (${quoted(path)})
      if [[ "$cur" == -* ]]; then items=(${flags.join(' ')}); _describe option items
      else ${own}; fi ;;`;
}
