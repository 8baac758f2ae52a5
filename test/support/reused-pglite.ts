import type { PGlite } from '@electric-sql/pglite';
import type { EmbeddedDatabase } from '../../subgraphs/kit/database/pglite-dialect.ts';

/** Unused, empty databases of this process. */
const free: PGlite[] = [];

/** From here on an object of the catalogue was made by somebody (FirstNormalObjectId of PostgreSQL). */
const firstOfSomebody = 16_384;
const catalogues = ['class', 'proc', 'type', 'namespace', 'extension', 'authid', 'database'];

/**
 * An empty embedded database, for which `open` is asked when none is free: to open one takes longer than most of the
 * tests that use it. After its `close` it is emptied and serves the next, or is closed when something stays in it.
 */
export async function takePGlite(open: () => Promise<PGlite>): Promise<EmbeddedDatabase> {
  const pglite = free.pop() ?? (await open());
  let isClosed = false;
  /** What is still asked after the close is refused, as it would be, and does not come into what the next one does. */
  const mine = (): PGlite => {
    if (isClosed) throw new Error('PGlite is closed');
    return pglite;
  };
  return {
    query: async (...given) => mine().query(...given),
    exec: async (...given) => mine().exec(...given),
    listen: async (...given) => {
      const end = await mine().listen(...given);
      return async () => {
        mine();
        await end();
      };
    },
    waitReady: pglite.waitReady,
    close: async () => {
      isClosed = true;
      if (await becomesEmpty(pglite)) free.push(pglite);
      else await pglite.close();
    },
  };
}

async function becomesEmpty(pglite: PGlite): Promise<boolean> {
  await pglite.exec('discard all');
  const { rows } = await pglite.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace where oid >= ${firstOfSomebody}`,
  );
  for (const { name } of rows) await pglite.exec(`drop schema ${name} cascade`);
  const counts = catalogues.map(
    (name) => `(select count(*) from pg_${name} where oid >= ${firstOfSomebody})`,
  );
  const left = await pglite.query<{ objects: number }>(
    `select (${counts.join(' + ')})::int as objects`,
  );
  await pglite.exec(endTimers);
  return left.rows[0]?.objects === 0;
}

/**
 * What PostgreSQL has yet to count it counts in ten seconds, by a timer of this process, which would live on for it.
 * Here it counts at once, and the timer is reset, to a millisecond.
 */
const endTimers =
  'begin; set local statement_timeout = 1; select pg_stat_force_next_flush(); commit';
