/** A key by its name, such as `left`, `space` or `ctrl-c`, or by its letter in lower case. */
export type Key = string;

const NAMED: Readonly<Record<string, Key>> = {
  '\x03': 'ctrl-c',
  '\x04': 'ctrl-d',
  '\x1a': 'ctrl-z',
  '\r': 'enter',
  '\n': 'enter',
  ' ': 'space',
};

const ARROWS: Readonly<Record<string, Key>> = { A: 'up', B: 'down', C: 'right', D: 'left' };

const ESCAPE = '\x1b';
const SEQUENCE = new RegExp(`^${ESCAPE}[[O][\\d;]*[ -/]*([@-~])`);
const UNFINISHED = new RegExp(`^${ESCAPE}([[O][\\d;]*[ -/]*)?$`);

/**
 * Reads keys out of what a terminal sends. An arrow is several characters, which may come in two pieces; Escape alone
 * cannot be told from the first of them and is no key.
 */
export function keyReader(): (text: string) => Key[] {
  let rest = '';
  return (text) => {
    const keys: Key[] = [];
    rest += text;
    while (rest !== '' && !UNFINISHED.test(rest)) {
      const [sequence, command = ''] = SEQUENCE.exec(rest) ?? [];
      if (sequence !== undefined) {
        const arrow = ARROWS[command];
        if (arrow !== undefined) keys.push(arrow);
        rest = rest.slice(sequence.length);
        continue;
      }
      const [first = ''] = rest;
      if (first !== ESCAPE) keys.push(NAMED[first] ?? first.toLowerCase());
      rest = rest.slice(first.length);
    }
    return keys;
  };
}
