import { createInterface } from 'node:readline/promises';
import { runCommand } from '../common/command-line.ts';
import { createLogger } from '../common/logger.ts';
import { describeFailure } from '../common/process.ts';
import { runOnDatabase } from '../subgraphs/kit/database/run-on-database.ts';
import { processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { runEventCommand } from './commands/commands.ts';
import { type CommandLine, readRequest } from './commands/read-request.ts';
import { createConsumers } from './create-consumers.ts';
import { bringTablesUpToDate } from './event-tables.ts';
import { loadEventSettings } from './load-settings.ts';
import { openBus } from './open-bus.ts';
import { readOutboxes } from './read-outboxes.ts';

const usage = `Looks after events that were given up, and says how far consumers are behind.

Usage: npm run events -- COMMAND [options]
       node events/cli.js COMMAND [options]   (in the image, which has no npm)

  list-dead [CONSUMER] [--limit N]  the dead letters, the oldest first (50 of each consumer)
  show CONSUMER ID                  one of them, with its event and why it was given up
  replay CONSUMER ID | --all        delivers it again, as if it had never failed
  drop CONSUMER ID | --all [--yes]  removes it for good; asks before, unless --yes says it
  lag                               what waits in the outboxes; what waits, comes again, was given up, by consumer

Examples:
  npm run events -- list-dead notifications-email
  npm run events -- replay notifications-email --all

Works on the bus that AMQP_URL or KAFKA_BROKERS names, else on the database of DATABASE_URL or DATA_DIR; the embedded one
must not be in use by a running service.
Exit code: 0 done, 1 it could not be done, 2 wrong usage.`;

const args = process.argv.slice(2);

process.exitCode = await runCommand(usage, () => readRequest(args, undefined), act);

function act(): Promise<number> {
  return runOnDatabase(processEnvironment, async (home) => {
    const settings = loadEventSettings(processEnvironment);
    const log = createLogger('events', 'error');
    const known = createConsumers({ settings, dataDir: '.data', log });
    const consumers = known.all.map(({ consumer }) => consumer.name);
    await known.close();
    let request: CommandLine;
    try {
      request = readRequest(args, consumers);
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
      return 2;
    }
    await bringTablesUpToDate(home, settings.migrationsAtStart);
    const bus = await openBus(settings.events, home, log);
    try {
      return await runEventCommand(request, {
        ...{ bus, consumers, confirm },
        outboxes: () => readOutboxes(home, settings.events.outboxMax),
        out: (line) => process.stdout.write(`${line}\n`),
        err: (line) => process.stderr.write(`${line}\n`),
      });
    } catch (error) {
      process.stderr.write(`${describeFailure(error)}\n`);
      return 1;
    } finally {
      await bus.close();
    }
  });
}

/** Without a terminal, the answer is no. */
async function confirm(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write(`${question} There is no terminal to answer at: confirm with --yes.\n`);
    return false;
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
