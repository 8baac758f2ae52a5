const largest = 2n ** 63n - 1n;

/**
 * The text of a database id (a 64-bit identity) in its one spelling, or `undefined` for anything that cannot be one:
 * such an id simply does not exist.
 */
export function readId(id: string): string | undefined {
  if (!/^[1-9]\d{0,18}$/.test(id)) return undefined;
  return BigInt(id) <= largest ? id : undefined;
}

/** The ids that can exist, each once. */
export function readIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => readId(id) !== undefined);
}
