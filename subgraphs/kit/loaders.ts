import DataLoader from 'dataloader';

/** The maximum number of keys in one SQL statement. */
const maxBatchSize = 1_000;

/**
 * A loader of rows by one key: the keys requested in one turn become one statement. A key without a row loads null.
 * Created per request, because it caches what it loaded.
 */
export function createRowLoader<TRow extends object>(
  fetchRows: (keys: readonly string[]) => Promise<readonly TRow[]>,
  keyOf: (row: TRow) => string,
): DataLoader<string, TRow | null> {
  return new DataLoader(
    async (keys) => {
      const rows = new Map((await fetchRows(keys)).map((row) => [keyOf(row), row]));
      return keys.map((key) => rows.get(key) ?? null);
    },
    { maxBatchSize },
  );
}

/** A loader of all rows with the same key, in the order of the query; an empty list for a key without rows. */
export function createGroupLoader<TRow extends object>(
  fetchRows: (keys: readonly string[]) => Promise<readonly TRow[]>,
  keyOf: (row: TRow) => string,
): DataLoader<string, readonly TRow[]> {
  return new DataLoader(
    async (keys) => {
      const groups = new Map<string, TRow[]>(keys.map((key) => [key, []]));
      for (const row of await fetchRows(keys)) groups.get(keyOf(row))?.push(row);
      return keys.map((key) => groups.get(key) ?? []);
    },
    { maxBatchSize },
  );
}
