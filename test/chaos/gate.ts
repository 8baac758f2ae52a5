import pg from 'pg';
import { eventually } from '../support/eventually.ts';
import type { Point } from './points.ts';

/** Holds processes up at a step, so that one can be killed exactly there. */
export interface Gate {
  /**
   * Does the work while all who come to the step wait before it, and `whenReached` as soon as one does. If that gives true,
   * those who wait have ended, and the server is told: it would go on with their statements. Gives whether one came
   * within the time; else the work has gone on without.
   */
  holding(
    point: Point,
    work: () => Promise<void>,
    whenReached: () => Promise<boolean>,
    withinMs?: number,
  ): Promise<boolean>;
  close(): Promise<void>;
}

/** The lock for which a step waits that is held up. */
const lock = 4_711;

/** Makes a gate in a database of PostgreSQL. */
export async function createGate(databaseUrl: string): Promise<Gate> {
  const outside = new pg.Client({ connectionString: databaseUrl });
  const holder = new pg.Client({ connectionString: databaseUrl });
  await Promise.all([outside.connect(), holder.connect()]);
  await outside.query(
    `create or replace function public.wait_for_test() returns trigger language plpgsql as $$ begin
      perform pg_advisory_xact_lock(${lock}); return new; end $$`,
  );
  const waiting = async (): Promise<readonly number[]> => {
    const { rows } = await outside.query<{ pid: number }>(
      `select pid from pg_locks
        where locktype = 'advisory' and objid = ${lock} and not granted
          and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.map(({ pid }) => pid);
  };
  return {
    async holding({ table, condition }, work, whenReached, withinMs) {
      await outside.query(
        `create trigger held_up before insert or update on ${table} for each row
          when (${condition}) execute function public.wait_for_test()`,
      );
      await holder.query(`select pg_advisory_lock(${lock})`);
      const working = work();
      let isReached = true;
      try {
        await eventually(waiting, (pids) => pids.length > 0, withinMs);
        if (await whenReached()) {
          await outside.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [
            await waiting(),
          ]);
        }
      } catch (error) {
        if (withinMs === undefined) throw error;
        isReached = false;
      } finally {
        await holder.query(`select pg_advisory_unlock(${lock})`);
        await outside.query(`drop trigger held_up on ${table}`);
      }
      await working;
      return isReached;
    },
    async close() {
      await Promise.all([outside.end(), holder.end()]);
    },
  };
}
