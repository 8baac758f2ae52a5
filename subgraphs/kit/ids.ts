const largest = 2n ** 63n - 1n;

/**
 * The canonical text of a database id (a 64-bit identity), or `undefined` for a value that cannot be one: such an id
 * simply does not exist. The schema does not restrict the ids of references, so they may be any JSON value.
 */
export function readId(id: unknown): string | undefined {
  if (typeof id !== 'string' || !/^[1-9]\d{0,18}$/.test(id)) return undefined;
  return BigInt(id) <= largest ? id : undefined;
}

/** The ids that can exist, without duplicates. */
export function readIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => readId(id) !== undefined);
}
