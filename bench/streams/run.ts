import { parseArgs } from 'node:util';
import { ensureInstalled } from '../install.ts';
import { describeMachine } from '../machine.ts';
import { ensureBuilt, root } from '../peers/build.ts';
import { type Row, table } from '../report/text.ts';
import { writeSection } from '../report/write-section.ts';
import type { StreamingPeer } from './gateways.ts';
import type { TickingSubgraph } from './subgraph.ts';

/** What `npm run bench -- streams --help` prints. */
const usage = `Usage: npm run bench -- streams [options]

Opens many subscriptions at one gateway process, over each protocol, and tells what one costs, how long an event to
all of them blocks the process, and how long other clients wait meanwhile. Then a reader over each protocol stops for a
minute, under a thousand events a second: how much the process grows, and how long others wait. Beside Hive Gateway,
where that can do the same. Writes the tables into docs/streams.md; with an option it prints them only, unless that is
--write. Six minutes.

  --part <name>      open: many subscriptions; stopped: readers that stop (default: both)
  --streams <n>      open streams, from 10 to 15000 (default: 5000)
  --rounds <n>       events to all, from 1 to 100 (default: 20)
  --seconds <n>      how long readers stop, from 1 to 600 (default: 60)
  --only <names>     ours or hive
  --write            writes the tables in any case
  --help             prints this
`;

const document = new URL('../../docs/streams.md', import.meta.url);

/** Measures open streams; the exit code is 0 when all of this gateway's could be measured. */
export async function measureOpenStreams(
  args: readonly string[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    process.stdout.write(usage);
    return args.includes('--help') ? 0 : 1;
  }
  ensureInstalled(say);
  ensureBuilt(root);
  const { part, write } = options;
  const [{ streamingPeers }, { startTickingSubgraph }] = await Promise.all([
    import('./gateways.ts'),
    import('./subgraph.ts'),
  ]);
  const peers = streamingPeers.filter(({ name }) => (options.only ?? name) === name);
  const subgraph = await startTickingSubgraph();
  const run = { ...options, peers, subgraph, signal, say };
  let isSound = true;
  try {
    for (const { name, section, measure } of parts) {
      if (part !== undefined && part !== name) continue;
      const where = surroundings();
      const measured = await measure(run);
      const text = `${measured.head} ${where}\n\n${table(measured.headings, measured.rows)}`;
      process.stdout.write(`${text}\n\n`);
      if (write) {
        writeSection(document, section, text);
        say('wrote the table into docs/streams.md');
      }
      isSound &&= measured.isSound;
    }
  } finally {
    subgraph.stop();
  }
  return isSound ? 0 : 1;
}

interface Run {
  readonly streams: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly peers: readonly StreamingPeer[];
  readonly subgraph: TickingSubgraph;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** A table, the sentence before it, and whether this gateway could be measured. */
interface Measured {
  readonly head: string;
  readonly headings: Row;
  readonly rows: readonly Row[];
  readonly isSound: boolean;
}

const parts = [
  {
    name: 'open',
    section: { maker: 'streams', heading: 'What they cost' },
    measure: measureMany,
  },
  {
    name: 'stopped',
    section: { maker: 'streams --part stopped --write', heading: 'Readers that stop' },
    measure: measureThoseThatStop,
  },
] as const;

async function measureMany({
  streams,
  rounds,
  peers,
  subgraph,
  signal,
  say,
}: Run): Promise<Measured> {
  const { measureStreams } = await import('./measure.ts');
  const rows: Row[] = [];
  let isSound = true;
  for (const peer of peers) {
    for (const transport of peer.transports) {
      signal.throwIfAborted();
      say(`${peer.title}: ${streams} streams over ${transport}`);
      const asked = { streams, rounds, transport };
      try {
        const costs = await measureStreams(peer, subgraph, asked, signal);
        rows.push([
          peer.title,
          transport,
          String(costs.upstream),
          (costs.bytesPerStream / 1024).toFixed(1),
          costs.blockedMs.map((ms) => ms.toFixed(0)).join(' / '),
          costs.deliveredMs.toFixed(0),
          costs.otherP99Ms.toFixed(0),
          String(costs.othersRefused),
        ]);
      } catch (error) {
        signal.throwIfAborted();
        say(`${peer.title} could not be measured: ${String(error)}`);
        rows.push([peer.title, transport, ...Array.from({ length: 6 }, () => '–')]);
        isSound &&= peer.name !== 'ours';
      }
    }
  }
  const head = `${streams.toLocaleString('en')} open subscriptions of a field in \`newestOnly\`, ${rounds} events of 340 bytes to all.`;
  return { head, headings, rows, isSound };
}

async function measureThoseThatStop({
  seconds,
  peers,
  subgraph,
  signal,
  say,
}: Run): Promise<Measured> {
  const { eventsPerSecond, measureStopped } = await import('./stopped.ts');
  const rows: Row[] = [];
  let isSound = true;
  for (const peer of peers) {
    signal.throwIfAborted();
    const transports = peer.transports.join(', ');
    say(`${peer.title}: readers over ${transports} stop for ${seconds} s`);
    try {
      const costs = await measureStopped(peer, subgraph, seconds, signal);
      const grown = [costs.grownBytes, costs.residentGrownBytes];
      rows.push([
        peer.title,
        transports,
        grown.map((bytes) => (bytes / 1e6).toFixed(1)).join(' / '),
        `${costs.newestAt} of ${peer.transports.length}`,
        costs.eventP99Ms.toFixed(0),
        costs.queryP99Ms.toFixed(0),
        String(costs.refused),
      ]);
    } catch (error) {
      signal.throwIfAborted();
      say(`${peer.title} could not be measured: ${String(error)}`);
      rows.push([peer.title, transports, ...Array.from({ length: 5 }, () => '–')]);
      isSound &&= peer.name !== 'ours';
    }
  }
  const head = `A reader over each protocol stops for ${seconds} s, under ${eventsPerSecond.toLocaleString('en')} events of a kilobyte a second of a field in \`newestOnly\`; another one reads on, and other clients send 50 queries a second. The targets: the process grows by less than 5 MB, each reader has the newest event afterwards, and p99 of others is below 100 ms.`;
  return { head, headings: stoppedHeadings, rows, isSound };
}

function surroundings(): string {
  const { cores, processor, node, loadBefore } = describeMachine();
  const date = new Date().toISOString().slice(0, 10);
  return `Measured on ${date} with Node.js ${node} on ${cores} cores (${processor}), which also run the clients and the subgraph; load before: ${loadBefore.toFixed(1)}.`;
}

const headings: Row = [
  'gateway',
  'clients',
  'open at the subgraph',
  'resident, KiB per stream',
  'loop blocked by an event, ms: median / most',
  'all have it after, ms',
  'p99 of other clients meanwhile, ms',
  'of them refused',
];

const stoppedHeadings: Row = [
  'gateway',
  'readers that stop',
  'grown, MB: in use / resident',
  'had the newest within 20 s',
  'p99 of events to the one that reads, ms',
  'p99 of queries, ms',
  'of them refused',
];

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        streams: { type: 'string', default: '5000' },
        rounds: { type: 'string', default: '20' },
        seconds: { type: 'string', default: '60' },
        part: { type: 'string' },
        only: { type: 'string' },
        write: { type: 'boolean', default: args.length === 0 },
      },
    });
    const { part, only, write } = values;
    const [streams, rounds] = [Number(values.streams), Number(values.rounds)];
    const seconds = Number(values.seconds);
    if (!Number.isInteger(streams) || streams < 10 || streams > 15_000) return undefined;
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) return undefined;
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600) return undefined;
    if (part !== undefined && !parts.some(({ name }) => name === part)) return undefined;
    if (only !== undefined && !['ours', 'hive'].includes(only)) return undefined;
    return { streams, rounds, seconds, part, only, write };
  } catch {
    return undefined;
  }
}
