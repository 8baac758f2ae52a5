/** A reason for which a change was not made: something the person can put right (`UserError` of the schemas). */
export interface UserError {
  /** What kind of reason, upper case. */
  readonly code: string;
  /** The reason, for people. */
  readonly message: string;
  /** The way to the input value it is about; null when it is about no single one. */
  readonly path: readonly string[] | null;
}

/** A reason about one value of the mutation's `input`. */
export function inputError(code: string, field: string, message: string): UserError {
  return { code, message, path: ['input', field] };
}
