import type { CompletedCommand, CompletedOption, Values } from './completed-command.ts';

export function fishScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ path }) => path).filter((path) => path !== '');
  return `# Completes fastweights in fish.
function __fastweights_at
    set -l command ''
    for word in (commandline -opc)[2..]
        set -l next (string trim -- "$command $word")
        if contains -- "$next" ${paths.map(quoted).join(' ')}
            set command "$next"
        end
    end
    test "$command" = "$argv[1]"
end
complete -c fastweights -f
${commands.flatMap(linesOf).join('\n')}
`;
}

const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function linesOf({ path, commands, options, argument }: CompletedCommand): string[] {
  const at = `complete -c fastweights -n ${quoted(`__fastweights_at ${quoted(path)}`)}`;
  return [
    ...commands.map(
      ({ name, description }) => `${at} -a ${quoted(name)} -d ${quoted(description)}`,
    ),
    ...(argument && argument.kind !== 'text' ? [`${at} ${completing(argument)}`] : []),
    ...options.map((option) => `${at} ${optionWords(option)}`),
  ];
}

function optionWords({ flag, description, values }: CompletedOption): string {
  const value = values ? ` -r ${completing(values)}` : '';
  return `-l ${flag.replace(/^--/, '')}${value} -d ${quoted(description)}`;
}

function completing(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-f -a ${quoted(values.words.join(' '))}`;
    case 'keys':
      return `-f -a ${quoted(values.words.map((key) => `${key}=`).join(' '))}`;
    case 'text':
      return '-f';
    default:
      return values.kind === 'files' ? '-F' : `-f -a '(__fish_complete_directories)'`;
  }
}
