/** What the commands end with. Nothing that could not be looked at ends with `fine`. */
export const exitCodes = {
  fine: 0,
  /** What was looked at is not as it should be. */
  findings: 1,
  notComposed: 2,
  /** Wrong options or settings, or something to look at is not there. */
  usage: 3,
} as const;

/** One of them. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
