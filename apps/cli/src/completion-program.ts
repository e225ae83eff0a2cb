import { Argument, type Command } from 'commander';

const HOW = `
Keep it where your shell looks, and open a new one:
  bash  fastweights completion bash > \
          ~/.local/share/bash-completion/completions/fastweights
  zsh   fastweights completion zsh > "\${fpath[1]}/_fastweights"
  fish  fastweights completion fish > ~/.config/fish/completions/fastweights.fish`;

/** Prints what a shell needs to complete this command line. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .summary('a script that completes commands in your shell')
    .description(
      'Prints a script for a shell, which then completes commands, options and their values.',
    )
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', HOW)
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completionCommand } = await import('./commands/completion.ts');
      process.exitCode = await completionCommand(shell, program);
    });
}
