/** A page keeps what it hears of errors to itself. */
export function tidyProcess(): void {}
