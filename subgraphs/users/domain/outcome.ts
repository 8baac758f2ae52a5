/** What came of a change: the result, or why it was refused. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** A reason that the person can put right. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** The input value it is about; null when it is about no single one. */
  readonly field: string | null;
}

/** The reasons of this subgraph. A code is forever: clients match on it. */
export type ProblemCode = keyof typeof messages;

const messages = {
  EMAIL_INVALID: 'This is not an e-mail address.',
  EMAIL_TAKEN: 'There is an account with this e-mail address already.',
  NAME_INVALID: 'A name has 1 to 100 characters, a letter or a digit among them, in one line.',
  PASSWORD_INVALID: 'A password has 8 to 128 characters.',
  INVALID_CREDENTIALS: 'E-mail address or password is wrong.',
  INVALID_REFRESH_TOKEN: 'The refresh token does not work. Log in again.',
} as const;

/** A change that was made. */
export function done<T>(value: T): Outcome<T> {
  return { kind: 'done', value };
}

/** A change that was not made. */
export function refused(...problems: readonly Problem[]): {
  readonly kind: 'refused';
  readonly problems: readonly Problem[];
} {
  return { kind: 'refused', problems };
}

/** A reason, and the input value it is about. */
export function problem(code: ProblemCode, field: string | null = null): Problem {
  return { code, message: messages[code], field };
}
