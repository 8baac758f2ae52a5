import { runCommand } from '../common/command-line.ts';
import { migrateEvents } from '../events/event-tables.ts';
import { runOnDatabase } from '../subgraphs/kit/database/run-on-database.ts';
import { processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { chooseSubgraphs } from './choose-subgraphs.ts';
import { subgraphs } from './subgraphs.ts';

const usage = `Applies the migrations that a database lacks.

Usage: npm run migrate [-- [--dry-run] [SUBGRAPH ...]]
       node storefront/migrate.js [--dry-run] [SUBGRAPH ...]   (in the image, which has no npm)

  SUBGRAPH   users, products or orders; all of them, and events, without one
  --dry-run  only says what it would apply

Works on the database in DATABASE_URL or DATA_DIR, with the role in the URL. It must be allowed to create schemas and
tables; the services themselves need no such right with MIGRATIONS_AT_START=refuse.
Exit code: 0 success, 1 failure, 2 wrong usage.`;

process.exitCode = await runCommand(
  usage,
  () => chooseSubgraphs(process.argv.slice(2), 'dry-run'),
  ({ chosen, flags: { 'dry-run': dryRun } }) =>
    runOnDatabase(processEnvironment, async (home) => {
      for (const { name, migrate } of chosen) {
        const migrations = await migrate(home, { dryRun });
        const done = dryRun ? 'would apply' : 'applied';
        for (const migration of migrations) process.stdout.write(`${name}: ${done} ${migration}\n`);
        if (migrations.length === 0) process.stdout.write(`${name}: nothing to apply\n`);
      }
      if (chosen.length < subgraphs.length) return 0;
      const ofEvents = await migrateEvents(home, { dryRun });
      for (const migration of ofEvents) {
        process.stdout.write(`events: ${dryRun ? 'would apply' : 'applied'} ${migration}\n`);
      }
      return 0;
    }),
);
