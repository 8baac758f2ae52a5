import { StartupError } from '../common/errors.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import { migrate, pendingMigrations } from '../subgraphs/kit/database/migrate.ts';
import { embeddedMigrations, embeddedSchema } from './bus/embedded/embedded-tables.ts';
import { analyticsMigrations, analyticsSchema } from './consumers/analytics/create-analytics.ts';
import { fulfilmentSchema } from './consumers/fulfilment/create-fulfilment.ts';
import { notificationsSchema } from './consumers/notifications/create-notifications.ts';
import { inboxMigrations } from './inbox/inbox-tables.ts';

/** The services whose outboxes are relayed, by their database schemas. */
export const producers = ['orders'] as const;

/** The tables of events, by database schema. Those of an outbox belong to the service that writes it. */
const tables: readonly (readonly [schema: string, migrations: URL | readonly URL[]])[] = [
  [embeddedSchema, embeddedMigrations],
  [notificationsSchema, inboxMigrations],
  [fulfilmentSchema, inboxMigrations],
  [analyticsSchema, [inboxMigrations, analyticsMigrations]],
];

/** Applies pending migrations, or only lists them in a dry run. Returns their names. */
export async function migrateEvents(
  home: DatabaseHome,
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly string[]> {
  const applied: string[] = [];
  for (const [schema, folder] of tables) {
    const run = dryRun ? pendingMigrations : migrate;
    for (const name of await run(home.connect(schema), schema, folder)) {
      applied.push(`${schema}/${name}`);
    }
  }
  return applied;
}

/** Applies migrations at the start. Throws StartupError when some are pending and the settings forbid it. */
export async function bringTablesUpToDate(
  home: DatabaseHome,
  migrationsAtStart: 'run' | 'refuse',
): Promise<void> {
  const dryRun = migrationsAtStart === 'refuse';
  const pending = await migrateEvents(home, { dryRun });
  if (!dryRun || pending.length === 0) return;
  throw new StartupError(
    'MIGRATIONS_PENDING',
    `The database lacks migrations of events: ${pending.join(', ')}.`,
    'Apply them with npm run migrate (in the image: node storefront/migrate.js), or set MIGRATIONS_AT_START=run.',
  );
}
