import type { Command } from 'commander';
import { bashScript } from '../completion/bash-script.ts';
import { type CompletedCommand, completedCommands } from '../completion/completed-command.ts';
import { fishScript } from '../completion/fish-script.ts';
import { zshScript } from '../completion/zsh-script.ts';
import { exitCodes } from '../exit-codes.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export async function completionCommand(shell: Shell, program: Command): Promise<number> {
  process.stdout.write(scripts[shell](completedCommands(program)));
  return exitCodes.done;
}
