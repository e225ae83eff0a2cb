import { invocation } from './invocation.ts';

/** What `--help` ends with: commands that can be copied. */
export function examples(lines: readonly (readonly [command: string, comment: string])[]): string {
  const commands = lines.map(([command]) => `${invocation()} ${command}`);
  const width = Math.max(...commands.map((command) => command.length));
  const text = lines.map(([, comment], i) =>
    `  ${commands[i]?.padEnd(width)}  ${comment}`.trimEnd(),
  );
  return ['', 'Examples:', ...text].join('\n');
}
