/** Every error this project throws on purpose. `code` stays the same from version to version. */
export class FastWeightsError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An argument that cannot be used: which one, what was expected of it, and what came instead. */
export class ArgumentError extends FastWeightsError {
  readonly argument: string;
  readonly expected: string;
  readonly received: string;

  constructor(code: string, argument: string, expected: string, received: string) {
    super(code, `${argument} must be ${expected}, but it is ${received}.`);
    this.argument = argument;
    this.expected = expected;
    this.received = received;
  }
}

/** An option out of range, of the wrong kind, or unknown. */
export class OptionError extends ArgumentError {
  constructor(argument: string, expected: string, received: string) {
    super('option', argument, expected, received);
  }
}

/** A tensor of the wrong rank, size or dtype. */
export class ShapeError extends ArgumentError {
  constructor(argument: string, expected: string, received: string) {
    super('shape', argument, expected, received);
  }
}

/** NaN or an infinity where numbers were expected; found only while checks are on. */
export class NotFiniteError extends ArgumentError {
  constructor(argument: string, received: string) {
    super('not-finite', argument, 'finite everywhere', received);
  }
}

/** Stored weights that do not fit the model, or bytes that are no weights. Nothing was changed. */
export class WeightsError extends FastWeightsError {
  /** The weight it is about, such as `cell.recurrentKernel`; empty when the bytes as a whole are at fault. */
  readonly path: string;

  constructor(path: string, message: string) {
    super('weights', message);
    this.path = path;
  }
}
