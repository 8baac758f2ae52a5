/** The names under which statements are prepared. */
export interface StatementNames {
  /** The name of a statement; `undefined` when it is to be sent without one. */
  nameOf(sql: string, parameters: readonly unknown[]): string | undefined;
  /** From now on the statement is sent without a name. */
  forget(sql: string): void;
}

/** A statement is prepared when it is sent for this time: most texts of lists with many lengths never are. */
const preparedFrom = 3;

/** Each connection of the server keeps the plans of so many statements. */
const maxNames = 200;

/** So many texts are counted; beyond it, counting begins again. */
const maxCounted = 2_000;

/**
 * Names for the statements that are sent often: the server parses and plans one of these once for each connection, which
 * costs more than to run most of them. A statement without parameters has none: those begin and end transactions.
 */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string | undefined>();
  const counts = new Map<string, number>();
  return {
    nameOf(sql, parameters) {
      if (parameters.length === 0) return undefined;
      if (names.has(sql)) return names.get(sql);
      if (names.size >= maxNames) return undefined;
      const count = (counts.get(sql) ?? 0) + 1;
      if (count < preparedFrom) {
        if (counts.size >= maxCounted) counts.clear();
        counts.set(sql, count);
        return undefined;
      }
      counts.delete(sql);
      const name = `s${names.size + 1}`;
      names.set(sql, name);
      return name;
    },
    forget(sql) {
      if (names.has(sql)) names.set(sql, undefined);
    },
  };
}
