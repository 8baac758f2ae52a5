import { type RawBuilder, sql } from 'kysely';

/** True for rows of `products` whose name has the part, in any case. No character of the part is a wildcard. */
export function hasName(part: string): RawBuilder<boolean> {
  return sql<boolean>`position(lower(${part}::text) in lower(${sql.ref('name')})) > 0`;
}
