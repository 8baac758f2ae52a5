import { describeFailure } from '../common/process.ts';
import { subgraphs } from './subgraphs.ts';

/**
 * Fits every subgraph's schema, resolvers and access table together and loads the rest, without a port or a database; exit
 * code 1 if something does not.
 */
try {
  await import('./start-storefront.ts');
  for (const { verify } of subgraphs) verify();
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
