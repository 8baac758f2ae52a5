import { performance } from 'node:perf_hooks';
import pc from 'picocolors';
import { runProcess } from '../common/process.ts';
import { processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { banner } from './banner.ts';
import type { Ready } from './ready.ts';

/** Set when `npm run dev` starts this as a child; it prints the messages itself. */
const tellParent = process.send?.bind(process);

await runProcess(async () => {
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
});
