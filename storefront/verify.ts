import { describeFailure } from '../common/process.ts';
import { subgraphs } from './subgraphs.ts';

/**
 * Checks that every subgraph's schema, resolvers and access table match, and loads the rest, without a port or a
 * database; exits with code 1 if something fails.
 */
try {
  await import('./start-storefront.ts');
  for (const { verify } of subgraphs) verify();
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
