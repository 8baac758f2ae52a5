import { parseArgs } from 'node:util';
import { ensureInstalled } from '../install.ts';
import { describeMachine } from '../machine.ts';
import { ensureBuilt, root } from '../peers/build.ts';
import { type Row, table } from '../report/text.ts';
import { writeSection } from '../report/write-section.ts';

/** What `npm run bench -- streams --help` prints. */
const usage = `Usage: npm run bench -- streams [options]

Opens many subscriptions at one gateway process, over each protocol, and tells what one costs, how long an event to
all of them blocks the process, and how long other clients wait meanwhile; beside Hive Gateway where that can do the
same. Writes the table into docs/streams.md; with an option it prints it only, unless that is --write. Three minutes.

  --streams <n>      open streams, from 10 to 15000 (default: 5000)
  --rounds <n>       events to all, from 1 to 100 (default: 20)
  --only <names>     ours or hive
  --write            writes the table in any case
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
  const [{ streamingPeers }, { measureStreams }, { startTickingSubgraph }] = await Promise.all([
    import('./gateways.ts'),
    import('./measure.ts'),
    import('./subgraph.ts'),
  ]);
  const { streams, rounds, only, write } = options;
  const subgraph = await startTickingSubgraph();
  const rows: Row[] = [];
  let isSound = true;
  try {
    for (const peer of streamingPeers) {
      if (only !== undefined && peer.name !== only) continue;
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
  } finally {
    subgraph.stop();
  }
  const { cores, processor, node, loadBefore } = describeMachine();
  const date = new Date().toISOString().slice(0, 10);
  const head = `${streams.toLocaleString('en')} open subscriptions of a field in \`newestOnly\`, ${rounds} events of 340 bytes to all. Measured on ${date} with Node.js ${node} on ${cores} cores (${processor}), which also run the clients and the subgraph; load before: ${loadBefore.toFixed(1)}.`;
  const text = `${head}\n\n${table(headings, rows)}`;
  process.stdout.write(`${text}\n`);
  if (write) {
    writeSection(document, { maker: 'streams', heading: 'What they cost' }, text);
    say('wrote the table into docs/streams.md');
  }
  return isSound ? 0 : 1;
}

const headings = [
  'gateway',
  'clients',
  'open at the subgraph',
  'resident, KiB per stream',
  'loop blocked by an event, ms: median / most',
  'all have it after, ms',
  'p99 of other clients meanwhile, ms',
  'of them refused',
];

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        streams: { type: 'string', default: '5000' },
        rounds: { type: 'string', default: '20' },
        only: { type: 'string' },
        write: { type: 'boolean', default: args.length === 0 },
      },
    });
    const [streams, rounds] = [Number(values.streams), Number(values.rounds)];
    if (!Number.isInteger(streams) || streams < 10 || streams > 15_000) return undefined;
    if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) return undefined;
    if (values.only !== undefined && !['ours', 'hive'].includes(values.only)) return undefined;
    return { streams, rounds, only: values.only, write: values.write };
  } catch {
    return undefined;
  }
}
