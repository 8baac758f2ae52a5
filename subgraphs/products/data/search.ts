import { type RawBuilder, sql } from 'kysely';

/** True for rows of `products` whose name contains the text, in any case. No character of it is a wildcard. */
export function hasName(part: string): RawBuilder<boolean> {
  return sql<boolean>`position(lower(${part}::text) in lower(${sql.ref('name')})) > 0`;
}
