import { performance } from 'node:perf_hooks';
import pc from 'picocolors';
import type { Running } from '../common/process.ts';
import { runProgram } from '../common/run-program.ts';
import { processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { banner } from './banner.ts';
import type { Ready } from './ready.ts';

/** Set when `npm run dev` starts this as a child; it prints the messages itself. */
const tellParent = process.send?.bind(process);

const usage = `Starts users, products, orders, their events and the gateway in one process, until Ctrl-C.

Usage: npm start

Everything listens on 127.0.0.1; without DATABASE_URL, an embedded database is created in DATA_DIR (.data).
\`npm run dev\` starts again when a file changes.`;

const start = async (): Promise<Running> => {
  if (!tellParent) {
    process.stdout.write(pc.dim('Starting users, products, orders and the gateway …\n'));
  }
  // Loading the services takes a second: print the line above first.
  const { startStorefront } = await import('./start-storefront.ts');
  const storefront = await startStorefront(processEnvironment, {
    // A person is watching this process: only log warnings unless the settings ask for more.
    logLevel: 'warn',
    // A supergraph composed for the next services is not for these.
    settings: tellParent ? [{ supergraph: { watch: false } }] : [],
    onInitialise: () => {
      process.stdout.write(
        pc.dim('Creating the database: the first start takes a few seconds …\n'),
      );
    },
  });
  const { gatewayUrl, subgraphUrls, grpcAddress, chatAddress, hasDemonstrationData } = storefront;
  if (tellParent) {
    tellParent({
      gatewayUrl,
      subgraphUrls: [...subgraphUrls],
      grpcAddress,
      chatAddress,
      hasDemonstrationData,
    } satisfies Ready);
  } else {
    process.stdout.write(banner(storefront, { seconds: performance.now() / 1000 }));
  }
  return storefront;
};

await runProgram(usage, start);
