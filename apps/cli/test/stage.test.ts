import { describe, expect, it } from 'vitest';
import { openStage } from '../src/terminal/stage.ts';
import { fakeTerminal } from './fake-terminal.ts';

const FREE = { isRaw: false, isOtherScreen: false, cursorShown: true };
const TAKEN = { isRaw: true, isOtherScreen: true, cursorShown: false };
const EVENTS = ['exit', 'SIGTSTP', 'SIGCONT'] as const;

const listeners = () => EVENTS.map((event) => process.listenerCount(event));

describe('a stage', () => {
  it('has the whole terminal, and gives it back as it was', () => {
    const before = listeners();
    const terminal = fakeTerminal();
    const stage = openStage(terminal);
    stage.draw([['one'], [['strong', 'two']]]);
    expect(terminal.modes()).toEqual(TAKEN);
    expect(terminal.shown().slice(0, 2)).toEqual(['one', 'two']);
    stage.draw([['three']]);
    expect(terminal.shown().join('\n').trim()).toBe('three');
    stage.close();
    expect(terminal.modes()).toEqual(FREE);
    expect(terminal.shown()).toEqual(['$ fastweights']);
    expect(listeners()).toEqual(before);
    expect(terminal.output.listenerCount('resize')).toBe(0);
    stage.close();
    expect(terminal.modes()).toEqual(FREE);
  });

  it('gives it back when the process ends, however it does', () => {
    const known = process.listeners('exit');
    const terminal = fakeTerminal();
    const stage = openStage(terminal);
    for (const listener of process.listeners('exit')) {
      if (!known.includes(listener)) listener.call(process, 1);
    }
    expect(terminal.modes()).toEqual(FREE);
    stage.close();
  });

  it('gives it back when it cannot be opened', () => {
    const before = listeners();
    const terminal = fakeTerminal();
    terminal.output.getColorDepth = () => {
      throw new Error('no colours');
    };
    expect(() => openStage(terminal)).toThrow('no colours');
    expect(terminal.modes()).toEqual(FREE);
    expect(listeners()).toEqual(before);
  });

  it('tells of keys in their order, of another size, and of the time that is up', async () => {
    const terminal = fakeTerminal();
    const stage = openStage(terminal);
    terminal.type('a\x1b[C');
    expect(await stage.next()).toBe('a');
    expect(await stage.next()).toBe('right');
    terminal.resize(40, 12);
    expect(await stage.next()).toBe('resized');
    expect(stage.room()).toEqual({ columns: 39, rows: 11 });
    expect(await stage.next(performance.now() + 5)).toBeUndefined();
    expect(await stage.next(performance.now() - 5)).toBeUndefined();
    const late = stage.next(performance.now() + 60_000);
    terminal.type('x');
    expect(await late).toBe('x');
    stage.close();
  });

  it('ends with a signal, or with its input', async () => {
    const controller = new AbortController();
    const terminal = fakeTerminal();
    const stage = openStage(terminal, controller.signal);
    const next = stage.next();
    controller.abort();
    expect(await next).toBe('stopped');
    terminal.input.emit('end');
    expect(await stage.next()).toBe('stopped');
    stage.close();

    const late = openStage(fakeTerminal(), controller.signal);
    expect(await late.next()).toBe('stopped');
    late.close();
  });

  it('lets go for a shell, and takes the terminal again afterwards', async () => {
    const known = new Set(EVENTS.flatMap((event) => process.listeners(event as NodeJS.Signals)));
    const terminal = fakeTerminal();
    const stage = openStage(terminal);
    const [suspend] = process.listeners('SIGTSTP').filter((listener) => !known.has(listener));
    suspend?.call(process, 'SIGTSTP');
    expect(terminal.modes()).toMatchObject({ isRaw: false, isOtherScreen: false });
    for (const listener of process.listeners('SIGCONT')) {
      if (!known.has(listener)) listener.call(process, 'SIGCONT');
    }
    expect(terminal.modes()).toEqual(TAKEN);
    expect(await stage.next()).toBe('continued');
    stage.close();
  });
});
