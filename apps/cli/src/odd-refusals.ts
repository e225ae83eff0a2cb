/** Not worth a word where nobody asked: `doctor` has them all. */
const USUAL = ['not-installed', 'no-adapter', 'software-adapter'];

/** What is not there, and should be known of. */
export const oddRefusals = (
  refused: readonly { readonly code: string; readonly message: string }[],
): string[] =>
  refused.filter(({ code }) => !USUAL.includes(code)).map(({ message }) => `not on ${message}`);
