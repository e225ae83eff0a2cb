/** What came from elsewhere, safe to print: a path or a file may hold what drives a terminal. */
export const printable = (text: string): string => text.replace(/\p{C}/gu, '�');

/** The same for a text of several lines. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** JSON that means the same, and is safe to print. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(/\p{C}/gu, (character) =>
    character.split('').map(escapeOf).join(''),
  );

const escapeOf = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
