import { parseArgs } from 'node:util';

/** What a shop can run on. */
export const surroundings = ['embedded', 'postgres'] as const;

export type Surrounding = (typeof surroundings)[number];

/** What a run of the load on orders shall do. */
export interface OrderOptions {
  readonly on: readonly Surrounding[];
  readonly buyers: readonly number[];
  readonly seconds: number;
  /** Another checkout, which is measured beside this one. */
  readonly before: string | undefined;
  /** Whether the table is written: by a whole run, or when that is asked for. */
  readonly write: boolean;
}

/** What `npm run bench -- orders --help` prints. */
export const usage = `Usage: npm run bench -- orders [options]

Places orders through the gateway of a whole shop, as fast as a number of buyers get answers, and tells
how many there are in a second, how long they take, and what each costs in which process. Writes the
table into docs/orders.md; with an option it prints it only, unless that is --write. Takes about six minutes.

  --on <what>        ${surroundings.join(' or ')}; PostgreSQL is that of TEST_DATABASE_URL, and the
                     broker, if any, that of TEST_AMQP_URL
  --buyers <counts>  how many buy at the same time, separated by commas (default: 1,8,32,64)
  --seconds <n>      how long each measurement takes, from 1 to 60 (default: 8)
  --before <folder>  measures another checkout, with its dependencies installed, in turns with this one
  --write            writes the table in any case
`;

/** Reads a command line; `undefined` when it cannot be understood or asks for help. */
export function readOrderOptions(args: readonly string[]): OrderOptions | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        on: { type: 'string' },
        buyers: { type: 'string', default: '1,8,32,64' },
        seconds: { type: 'string', default: '8' },
        before: { type: 'string' },
        write: { type: 'boolean', default: args.length === 0 },
      },
    });
    const on = surroundings.filter((each) => values.on === undefined || values.on === each);
    const buyers = values.buyers.split(',').map(Number);
    const seconds = Number(values.seconds);
    const isWhole = (number: number, most: number): boolean =>
      Number.isInteger(number) && number >= 1 && number <= most;
    if (on.length === 0 || !buyers.every((each) => isWhole(each, 500))) return undefined;
    if (!isWhole(seconds, 60)) return undefined;
    return { on, buyers, seconds, before: values.before, write: values.write };
  } catch {
    return undefined;
  }
}
