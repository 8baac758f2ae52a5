import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { surviveLostOutput } from '../../common/survive-lost-output.ts';
import buildPrograms from '../support/build-programs.js';
import { type ChaosShop, startChaosShop } from './chaos-shop.ts';
import { type ChaosReport, runChaos } from './chaos.ts';

/**
 * `npm run chaos`: kills the processes of a shop, takes its broker away and poisons its messages while orders are in
 * flight, and tells what was lost.
 */
const usage = `Usage: npm run chaos -- [options]

Runs on the PostgreSQL of TEST_DATABASE_URL, which is needed, and the RabbitMQ of TEST_AMQP_URL if it is set, in a database
and with queues of its own.

  --minutes <n>          how long, from 1 to 1440 (default: 5)
  --seed <n>             what is drawn, in which order (default: another one each time)
  --in-flight <n>        orders at the same time, from 1 to 500 (default: 200)
  --outage-seconds <n>   how long the broker is away, from 1 to 120 (default: 10)
  --help                 prints this
`;

// Without it, a reader that leaves would end this process, and not those of the shop.
surviveLostOutput(1, () => true);

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const options = read(args);
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  if (!options) {
    process.stderr.write(usage);
    return 2;
  }
  const say = (line: string): void => {
    process.stderr.write(`chaos: ${line}\n`);
  };
  const aborted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      aborted.abort();
    });
  }
  const { TEST_DATABASE_URL: databaseServer, TEST_AMQP_URL: amqpUrl } = process.env;
  if (databaseServer === undefined) {
    process.stderr.write('TEST_DATABASE_URL is not set: chaos needs a PostgreSQL server.\n');
    return 2;
  }
  await buildPrograms({});
  const shop = await startChaosShop({
    programs: process.env.BUILT_PROGRAMS ?? '',
    customers: options.inFlight,
    ...{ databaseServer, amqpUrl },
  });
  const where = `PostgreSQL${shop.broker ? ' + RabbitMQ' : ''}`;
  say(`seed ${options.seed}, ${options.minutes} minutes, ${where}`);
  try {
    const report = await runChaos(shop, options, aborted.signal, say);
    for (const what of report.wrong) say(`WRONG: ${what}`);
    if (report.wrong.length > 0) say(`what the processes said is in ${keepOutputs(shop)}`);
    process.stdout.write(`${tableOf(report)}\n`);
    const counts = Object.entries(shop.deliveries.counts());
    say(`delivered: ${counts.map(([channel, count]) => `${count} by ${channel}`).join(', ')}`);
    say(`${report.orders} orders, ${report.wrong.length} wrong; seed ${options.seed}, ${where}`);
    return report.wrong.length === 0 ? 0 : 1;
  } finally {
    await shop.stop();
  }
}

function read(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '5' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        'in-flight': { type: 'string', default: '200' },
        'outage-seconds': { type: 'string', default: '10' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help' as const;
    const whole = (text: string, least: number, most: number): number => {
      const number = Number(text);
      if (Number.isInteger(number) && number >= least && number <= most) return number;
      throw new RangeError(`Expected a whole number from ${least} to ${most}; got ${text}.`);
    };
    return {
      minutes: whole(values.minutes, 1, 1_440),
      seed: whole(values.seed, 0, 2 ** 32 - 1),
      inFlight: whole(values['in-flight'], 1, 500),
      outageMs: whole(values['outage-seconds'], 1, 120) * 1_000,
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n`);
    return undefined;
  }
}

/** Writes what the processes have printed into a folder, and gives its name. */
function keepOutputs({ processes }: ChaosShop): string {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-'));
  for (const name of processes.names) {
    writeFileSync(join(folder, `${name}.log`), processes.process(name).output());
  }
  return folder;
}

function tableOf({ records }: ChaosReport): string {
  const rows = [...records].sort((one, other) => (one.fault < other.fault ? -1 : 1));
  return [
    '| fault | runs | orders | lost | twice | otherwise wrong | longest until at rest |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      ({ fault, runs, struck, orders, lost, duplicated, otherwise, restMs }) =>
        `| ${fault} | ${struck === runs ? runs : `${struck} of ${runs}`} | ${orders} | ${lost} | ${duplicated} | ${otherwise} | ${(restMs / 1_000).toFixed(0)} s |`,
    ),
  ].join('\n');
}
