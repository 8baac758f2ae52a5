import { readdirSync, readFileSync } from 'node:fs';
import type { ShopDatabase } from '../../test/support/shop-database.ts';
import type { ShopProcesses } from '../../test/support/shop-processes.ts';
import { usageOf } from '../measure/process-usage.ts';

/** CPU time in microseconds by what used it, and transactions of the database. */
export type Costs = ReadonlyMap<string, number>;

/** What counts the transactions. */
export const transactions = 'transactions';

/** Reads what everything has cost so far. The broker is that of the machine: what others ask of it counts too. */
export async function costsOf(
  shop: ShopProcesses,
  database: ShopDatabase | undefined,
): Promise<Costs> {
  const { user, system } = process.cpuUsage();
  const costs = new Map([['load', user + system]]);
  for (const name of shop.names) {
    costs.set(name, usageOf(shop.process(name).child.pid ?? 0).cpuUs);
  }
  if (!database) return costs;
  const backends = await database.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database()',
  );
  costs.set('postgres', sumOf(backends.map(({ pid }) => pid)) + endedBackendsUs(backends[0]?.pid));
  costs.set('broker', sumOf(brokers()));
  const [row] = await database.query<{ count: number }>(
    'select xact_commit::int as count from pg_stat_database where datname = current_database()',
  );
  costs.set(transactions, row?.count ?? 0);
  return costs;
}

/** What has been used since. */
export function costsSince(before: Costs, after: Costs): Costs {
  return new Map([...after].map(([name, cost]) => [name, cost - (before.get(name) ?? 0)]));
}

function sumOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
}

/** What backends have used that have ended since PostgreSQL was started. */
function endedBackendsUs(backend: number | undefined): number {
  return backend === undefined ? 0 : usageOf(usageOf(backend).parentPid).endedChildrenUs;
}

/** A process that has ended in between has used nothing. */
function cpuOf(pid: number): number {
  try {
    return usageOf(pid).cpuUs;
  } catch {
    return 0;
  }
}

/** The processes of RabbitMQ on this machine. */
function brokers(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid)) return false;
      try {
        return /beam[.]smp.*-s rabbit/s.test(
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
        );
      } catch {
        return false;
      }
    });
}
