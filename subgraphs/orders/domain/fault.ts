/** A reason why an order was not placed or changed, which the user can correct. */
export interface Fault {
  /** An upper-case code. */
  readonly code: string;
  /** A message for people. */
  readonly message: string;
  /** The path of the invalid input value; null if it is not about a single one. */
  readonly path: readonly string[] | null;
}
