const largest = 2n ** 63n - 1n;

/**
 * The text of a database id (a 64-bit identity) in its one spelling, or `undefined` for anything that cannot be one:
 * such an id simply does not exist. The ids of references are not typed by the schema, so they may be any JSON value.
 */
export function readId(id: unknown): string | undefined {
  if (typeof id !== 'string' || !/^[1-9]\d{0,18}$/.test(id)) return undefined;
  return BigInt(id) <= largest ? id : undefined;
}

/** The ids that can exist, each once. */
export function readIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => readId(id) !== undefined);
}
