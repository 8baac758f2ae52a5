import { sql } from 'kysely';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import type { OutboxLag } from './commands/commands.ts';
import { producers } from './event-tables.ts';
import type { OutboxBacklog } from './metrics/backlog.ts';
import { countUnpublished } from './outbox/count-unpublished.ts';
import { oldestUnpublishedSeconds } from './outbox/oldest-unpublished.ts';

/** How full each outbox is, and how old its oldest event; `most` events may wait. One that its service has not made yet is empty. */
export async function readOutboxes(
  home: DatabaseHome,
  most: number,
): Promise<readonly (OutboxLag & OutboxBacklog)[]> {
  const lags: (OutboxLag & OutboxBacklog)[] = [];
  for (const service of producers) {
    const database = home.connect(service);
    const { rows } = await sql<{ isThere: boolean }>`
      select to_regclass(${`${service}.outbox`}) is not null as "isThere"`.execute(database);
    const waiting = rows[0]?.isThere === true ? await countUnpublished(database, most) : 0;
    const oldestSeconds = waiting > 0 ? await oldestUnpublishedSeconds(database) : 0;
    lags.push({ service, waiting, most, oldestSeconds });
  }
  return lags;
}
