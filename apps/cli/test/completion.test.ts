import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bashScript } from '../src/completion/bash-script.ts';
import { completedCommands } from '../src/completion/completed-command.ts';
import { fishScript } from '../src/completion/fish-script.ts';
import { zshScript } from '../src/completion/zsh-script.ts';
import { createProgram } from '../src/program.ts';

const run = promisify(execFile);
const TIMEOUT = 60_000;
const commands = completedCommands(createProgram());

/** What bash offers for the last of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const line = ['fastweights', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${bashScript(commands)}
    COMP_WORDS=(${line}); COMP_CWORD=${words.length}
    _fastweights
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', script], { cwd: import.meta.dirname });
  return stdout.split('\n').filter((word) => word !== '');
}

const isThere = (shell: string): Promise<boolean> =>
  run(shell, ['--version']).then(
    () => true,
    () => false,
  );

describe('completion', { timeout: TIMEOUT }, () => {
  for (const [shell, script] of [
    ['bash', bashScript(commands)],
    ['zsh', zshScript(commands)],
    ['fish', fishScript(commands)],
  ] as const) {
    it(`is a script that ${shell} can read`, async ({ skip }) => {
      if (!(await isThere(shell))) skip(`${shell} is not installed`);
      const { stderr } = await run(shell, ['-n', '-c', script]);
      expect(stderr).toBe('');
    });
  }

  it('knows every command, and in zsh and fish what it is for', () => {
    const paths = commands.map(({ path }) => path);
    for (const path of [
      'train retrieval',
      'recall',
      'evaluate',
      'export',
      'runs list',
      'data faces',
    ]) {
      expect(paths).toContain(path);
    }
    for (const script of [zshScript(commands), fishScript(commands)]) {
      expect(script).toContain('what can compute here, how fast, and what is missing');
      for (const { options } of commands) {
        for (const { flag } of options) expect(script).toContain(flag.replace('--', ''));
      }
    }
  });

  it('offers in bash what can come next', async () => {
    expect(await offered('')).toEqual(
      expect.arrayContaining(['train', 'recall', 'doctor', '--help']),
    );
    expect(await offered('tr')).toEqual(['train']);
    expect(await offered('train', '')).toEqual(['retrieval', 'mnist', 'faces', 'catch', '--help']);
    expect(await offered('train', 'retrieval', '--u')).toEqual(['--units', '--updates']);
    expect(await offered('train', 'retrieval', '--backend', 'w')).toEqual(['webgpu', 'wasm']);
    expect(await offered('train', 'retrieval', '--model', 'l')).toEqual(['lstm', 'ln-rnn']);
    expect(await offered('train', 'mnist', '--units', '20', '--model', 'conv')).toEqual([
      'conv-net',
    ]);
    expect(await offered('train', 'retrieval', '--units', '')).toEqual([]);
    expect(await offered('reproduce', 'tab')).toEqual(['table1', 'table2', 'table3']);
    expect(await offered('reproduce', 'f')).toEqual(['figure2', 'figure5']);
    expect(await offered('reproduce', 'figure5', '--board', '24')).toEqual(['24,5']);
    expect(await offered('train', 'catch', '--model', 'r')).toEqual(['rnn']);
    expect(await offered('train', 'catch', '--set', 'ent')).toEqual(['entropyBonus=']);
    expect(await offered('evaluate', '--data', 'v')).toEqual(['validation']);
  });

  it('offers in bash the settings of a task, one after the other', async () => {
    const first = await offered('train', 'retrieval', '--set', 'step');
    expect(first).toEqual(['stepSize=']);
    const next = await offered('train', 'retrieval', '--set', 'stepSize', '=', '0.1', 'pa');
    expect(next).toEqual(['pairs=', 'patience=']);
    expect(await offered('train', 'mnist', '--set', 'second')).toEqual(['secondLook=']);
    expect(await offered('train', 'retrieval', '--set', 'second')).toEqual([]);
    expect(await offered('train', 'retrieval', '--set', 'stepSize', '=')).toEqual([]);
    expect(await offered('train', 'retrieval', '--set', 'units=2', '--pl')).toEqual(['--plain']);
  });

  it('offers in bash folders for runs, and files for files', async () => {
    expect(await offered('runs', 'show', '../sr')).toEqual(['../src']);
    expect(await offered('recall', '--run', 'completion.t')).toEqual(['completion.test.ts']);
  });
});
