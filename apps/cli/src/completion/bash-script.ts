import type { CompletedCommand, CompletedOption, Values } from './completed-command.ts';

/** For bash 3.2 and later. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ path }) => path).filter((path) => path !== '');
  return `# Completes fastweights in bash.
_fastweights() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local command='' option='' words='' next i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${command:+$command }\${COMP_WORDS[i]}"
    case "\${COMP_WORDS[i]}" in -*) option="\${COMP_WORDS[i]}" ;; esac
    case "$next" in
      ${paths.map(quoted).join(' | ')}) command="$next" ;;
    esac
  done
  [[ "$prev" == = || "$cur" == = ]] && return
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
complete -F _fastweights fastweights
`;
}

const quoted = (text: string): string => `'${text}'`;

function optionCases(
  commands: readonly CompletedCommand[],
  isMeant: (option: CompletedOption) => boolean,
): string {
  const cases = commands.flatMap(({ path, options }) =>
    options.filter(isMeant).flatMap(({ flag, values }) => {
      if (!values) return [];
      return [`      ${quoted(`${path}|${flag}`)}) ${completing(values)}; return ;;`];
    }),
  );
  return cases.join('\n');
}

function completing(values: Values): string {
  switch (values.kind) {
    case 'words':
      return answering(values.words);
    case 'keys':
      return `compopt -o nospace 2>/dev/null; ${answering(values.words.map((key) => `${key}=`))}`;
    case 'text':
      return ':';
    default: {
      const action = values.kind === 'files' ? '-f' : '-d';
      return `compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen ${action} -- "$cur"))`;
    }
  }
}

const answering = (words: readonly string[]): string =>
  `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`;

function commandCase({ path, commands, options, argument }: CompletedCommand): string {
  const flags = options.map(({ flag }) => flag);
  const names = commands.map(({ name }) => name);
  const ownWords = argument?.kind === 'words' ? argument.words : names;
  const others =
    argument?.kind === 'files' || argument?.kind === 'folders'
      ? `if [[ "$cur" == -* ]]; then ${answering(flags)}; else ${completing(argument)}; fi`
      : answering([...ownWords, ...flags]);
  return `    ${quoted(path)}) ${others} ;;`;
}
