/** A reason for which an order was not placed or not changed: something the person can put right. */
export interface Fault {
  /** What kind of reason, upper case. */
  readonly code: string;
  /** The reason, for people. */
  readonly message: string;
  /** The way to the input value it is about; null when it is about no single one. */
  readonly path: readonly string[] | null;
}
