/** The outcome of a change: its result, or why it was refused. */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** A problem that the user can correct. */
export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** The input value it is about; null when it is not about a single one. */
  readonly field: string | null;
}

/** The problem codes of this subgraph. A code never changes: clients match on it. */
export type ProblemCode = keyof typeof messages;

const messages = {
  EMAIL_INVALID: 'This is not an e-mail address.',
  EMAIL_TAKEN: 'There is already an account with this e-mail address.',
  NAME_INVALID: 'A name must have 1 to 100 characters in one line, including a letter or a digit.',
  PASSWORD_INVALID: 'A password must have 8 to 128 characters.',
  INVALID_CREDENTIALS: 'The e-mail address or the password is wrong.',
  INVALID_REFRESH_TOKEN: 'The refresh token is not valid. Log in again.',
} as const;

/** A change that was made. */
export function done<T>(value: T): Outcome<T> {
  return { kind: 'done', value };
}

/** A change that was refused. */
export function refused(...problems: readonly Problem[]): {
  readonly kind: 'refused';
  readonly problems: readonly Problem[];
} {
  return { kind: 'refused', problems };
}

/** A problem, and the input value it is about. */
export function problem(code: ProblemCode, field: string | null = null): Problem {
  return { code, message: messages[code], field };
}
