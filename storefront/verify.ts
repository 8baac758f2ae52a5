import { describeFailure } from '../common/process.ts';
import { subgraphs } from './subgraphs.ts';

/** Fits every subgraph's schema, resolvers and access table together, without a port or a database; exit code 1 if not. */
try {
  for (const { verify } of subgraphs) verify();
} catch (error) {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exitCode = 1;
}
