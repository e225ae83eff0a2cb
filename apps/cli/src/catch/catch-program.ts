import { Argument, type Command } from 'commander';
import { examples } from '../help-examples.ts';
import { wholeNumber } from '../option-values.ts';
import { FASTEST } from './pace.ts';

// Only what --help needs is imported here: the game and its agents come when they are asked for.

const MOST_SIZE = 100;

export function addPlay(program: Command): void {
  const play = program
    .command('play')
    .summary('play a game of the paper yourself')
    .description('Plays a game that the agents of the paper learn, with you in their place.')
    .usage('<game> [options]')
    .configureOutput({
      outputError: (text, write) => write(text.replace('unknown command', 'unknown game')),
    });
  play
    .command('catch')
    .summary('the game whose screen goes blank')
    .description(
      'A ball falls, and the paddle is to be under it in the last frame. After the first frames the screen goes blank: ' +
        'you play on from memory. With --against, an agent plays the same balls beside you.',
    )
    .option('--size <n>', 'rows and columns of the screen (default: 16)', wholeNumber(2, MOST_SIZE))
    .option('--visible <n>', 'frames that are seen (default: 3)', wholeNumber(1))
    .option('--seed <n>', 'same seed, same balls (default: others each time)', wholeNumber(0))
    .option(
      '--speed <n>',
      'frames a second; 0: one for each key, without a clock',
      wholeNumber(0, FASTEST),
      4,
    )
    .option('--against <run>', 'a run, or an exported file; says size and frames')
    .addHelpText('after', () =>
      [
        '',
        'Keys: ← and → move (also h l, a d): a stroke is a pixel, and the paddle moves',
        'one pixel per frame. ↓ stops, space pauses, + and − set the pace, r starts anew,',
        'q quits.',
        '',
        'It needs a terminal. Exit codes: 0 done, 1 failure, 2 bad usage, 130 Ctrl-C.',
        examples([
          ['play catch', ''],
          ['play catch --size 24 --visible 5 --speed 8', 'a larger board, and faster'],
          ['play catch --speed 0', 'without a clock'],
          ['play catch --against agent.safetensors', 'a race'],
        ]),
      ].join('\n'),
    )
    .action(async (options) => {
      const { playCommand } = await import('../commands/play.ts');
      process.exitCode = await playCommand(options);
    });
}

export function addWatch(program: Command): void {
  program
    .command('watch')
    .summary('look at a trained agent as it plays')
    .description(
      'Shows an agent that plays Catch: the board as it sees it, with blank frames as fog; how likely each move is to it, ' +
        'what it expects to win, and how much of each earlier frame it reads from its fast weights.',
    )
    .addArgument(new Argument('<run>', 'a run directory, or an exported file'))
    .option('--reveal', 'ball and paddle in the fog too')
    .option('--speed <n>', 'frames a second, on a terminal', wholeNumber(1, FASTEST), 4)
    .option('--seed <n>', 'same seed, same balls', wholeNumber(0), 1)
    .option('--episodes <n>', 'of --plain and --json: how many', wholeNumber(1), 1)
    .option('--plain', 'each frame as text, as in a pipe')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', () =>
      [
        '',
        'It makes the likeliest move each time. A run that is not finished plays with',
        'its weights so far.',
        '',
        'Keys: space pauses, ← and → go back and forth, f looks through the fog, + and −',
        'set the pace, r starts anew, q quits.',
        '',
        'Exit codes: 0 done, 1 failure, 2 bad usage, 130 Ctrl-C.',
        examples([
          ['watch runs/catch-0123abcd', ''],
          ['watch agent.safetensors --reveal', 'see what it has to remember'],
          ['watch agent.safetensors --json --episodes 100', 'for machines'],
        ]),
      ].join('\n'),
    )
    .action(async (run: string, options) => {
      const { watchCommand } = await import('../commands/watch.ts');
      process.exitCode = await watchCommand(run, options);
    });
}
