import { performance } from 'node:perf_hooks';
import pc from 'picocolors';
import { runProcess } from '../common/process.ts';
import { processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { banner } from './banner.ts';
import type { Ready } from './ready.ts';

/** `npm run dev` starts this as a child, and talks to the person itself. */
const tellParent = process.send?.bind(process);

await runProcess(async () => {
  if (!tellParent) {
    process.stdout.write(pc.dim('Starting users, products, orders and the gateway …\n'));
  }
  // Loading the services takes a second: the line above comes first.
  const { startStorefront } = await import('./start-storefront.ts');
  const storefront = await startStorefront(processEnvironment, {
    // A person watches this process: its log keeps to warnings unless the settings ask for more.
    logLevel: 'warn',
    // What is composed for the next services is not for those that run.
    settings: tellParent ? [{ supergraph: { watch: false } }] : [],
    onInitialise: () => {
      process.stdout.write(pc.dim('Making the database: the first start takes a few seconds …\n'));
    },
  });
  const { gatewayUrl, subgraphUrls, grpcAddress, hasDemonstrationData } = storefront;
  if (tellParent) {
    tellParent({
      gatewayUrl,
      subgraphUrls: [...subgraphUrls],
      grpcAddress,
      hasDemonstrationData,
    } satisfies Ready);
  } else {
    process.stdout.write(banner(storefront, { seconds: performance.now() / 1000 }));
  }
  return storefront;
});
