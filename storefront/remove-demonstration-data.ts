import { runCommand } from '../common/command-line.ts';
import { runOnDatabase } from '../subgraphs/kit/database/run-on-database.ts';
import { processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { chooseSubgraphs } from './choose-subgraphs.ts';

const usage = `Removes the demonstration accounts and data from a database, with everything those accounts have created since.

Usage: npm run demo:remove [-- [--yes] [SUBGRAPH ...]]
       node storefront/remove-demonstration-data.js [--yes] [SUBGRAPH ...]   (in the image, which has no npm)

  SUBGRAPH  users, products or orders; all of them without one
  --yes     removes it; without this flag, only says what would be removed

Works on the database in DATABASE_URL or DATA_DIR, even when production refuses to start because of that data.
Exit code: 0 success, 1 failure, 2 wrong usage.`;

process.exitCode = await runCommand(
  usage,
  () => chooseSubgraphs(process.argv.slice(2), 'yes'),
  ({ chosen, flags: { yes } }) =>
    runOnDatabase(processEnvironment, async (home) => {
      let isLeft = false;
      for (const { name, hasDemonstrationData, removeDemonstrationData } of chosen) {
        if (!(await hasDemonstrationData(home))) {
          process.stdout.write(`${name}: has no demonstration data\n`);
          continue;
        }
        isLeft ||= !yes;
        const rows = await removeDemonstrationData(home, { dryRun: !yes });
        const what = Object.entries(rows).map(([table, count]) => `${count} of ${table}`);
        process.stdout.write(
          `${name}: ${yes ? 'removed' : 'would remove'} rows: ${what.join(', ')}\n`,
        );
      }
      if (isLeft) process.stdout.write('Nothing was removed; add --yes to remove it.\n');
      return 0;
    }),
);
