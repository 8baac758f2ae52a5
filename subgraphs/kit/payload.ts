/** Why a change was not made: something the user can correct (`UserError` in the schemas). */
export interface UserError {
  /** The kind of reason, in upper case. */
  readonly code: string;
  /** The reason, for people. */
  readonly message: string;
  /** The path to the input value it is about; null when it is not about a single one. */
  readonly path: readonly string[] | null;
}

/** A reason about one value of the mutation's `input`. */
export function inputError(code: string, field: string, message: string): UserError {
  return { code, message, path: ['input', field] };
}
